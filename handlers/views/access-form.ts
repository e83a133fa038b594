import type { InputBlock, KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import { beneficiariesFor } from '../../src/access/beneficiaries.js';
import { accessFacts } from '../../src/access/facts.js';
import { maskedAsset } from '../../src/access/masked.js';
import { adminNames, requireAskable } from '../../src/access/request-access.js';
import type { AccessLevel } from '../../src/access/tables.js';
import { levelsOf, requireWarehouse } from '../../src/access/warehouses.js';
import type { PlanPreview } from '../../src/approvals/approvals.js';
import { spokenDuration } from '../../src/approvals/plan/match-rule.js';
import type { Asset } from '../../src/catalog/asset.js';
import { StewardError } from '../../src/errors.js';
import { accountsOf, type ServiceAccount } from '../../src/people/service-accounts.js';
import type { Services } from '../../src/services.js';
import { context, divider, plain, section } from '../../src/slack/blocks.js';
import { listNames, usualSentence } from '../../src/slack/cards/approval-parts.js';
import { escapeMrkdwn } from '../../src/slack/mrkdwn.js';
import type { Caller } from '../../src/slack/surface.js';
import {
  type AccessFormState,
  beneficiaryOf,
  defaultDurationMs,
  shortDuration,
} from './access-form-state.js';

export const accessFormId = 'access:request';

const levelWords: Record<AccessLevel, { text: string; description: string }> = {
  masked: { text: 'Read, masked', description: 'Personal data is hidden. Asked for first.' },
  read: { text: 'Read', description: 'Query it as it is.' },
  write: { text: 'Read and write', description: 'Insert, update and delete rows.' },
};
const usualDurations = [1, 7, 30, 90].map((days) => days * 86_400_000);

/** The form, drawn for what is chosen so far: only what may be asked, and who will have to approve it. */
export async function accessForm(
  services: Services,
  caller: Caller,
  state: AccessFormState,
  more: boolean,
): Promise<ModalView> {
  const asset = askable(services, caller, state.datasetId);
  const blocks: KnownBlock[] = [datasetInput(asset)];
  if (asset === null) {
    blocks.push(
      context('Choose a dataset by its name, then this form shows what you can ask for and who decides.'),
    );
    return modal(blocks, more);
  }
  blocks.push(section(describe(asset)));
  try {
    const admins = await adminNames(services, services.db);
    const { provisioner } = requireWarehouse(services.warehouses, asset, admins);
    const levels = await askableLevels(services, caller, asset, state, levelsOf(asset, provisioner));
    const level = state.level !== null && levels.includes(state.level) ? state.level : levels[0];
    if (level === undefined) return modal(blocks, more);
    blocks.push(levelInput(levels, level));
    if (
      provisioner.columns &&
      level !== 'masked' &&
      asset.columns.length > 0 &&
      asset.columns.length <= 100
    ) {
      blocks.push(columnsInput(asset));
    }
    const columns = level === 'masked' ? [] : state.columns;
    const preview = await previewOf(services, caller, asset, { ...state, columns }, level);
    const durations = durationsOf(preview);
    const wanted =
      state.durationMs ?? Math.min(defaultDurationMs, preview.rule?.limits.maxDuration ?? defaultDurationMs);
    blocks.push(durationInput(durations, wanted), reasonInput(preview));
    blocks.push(...purposeInputs(preview));
    if (preview.rule?.ticket) blocks.push(ticketInput(preview.rule.ticket));
    if (more) blocks.push(...moreInputs(await accountsOf(services.db, caller.person.id)));
    else
      blocks.push({
        type: 'actions',
        block_id: 'options',
        elements: [
          {
            type: 'button',
            action_id: 'access:more-options',
            text: plain('More options'),
            value: 'more',
            accessibility_label: 'More options: for somebody else, start later, several datasets',
          },
        ],
      });
    blocks.push(divider, section(planWords(preview)));
  } catch (error) {
    if (!(error instanceof StewardError)) throw error;
    blocks.push(section(`:warning: ${escapeMrkdwn(error.message)}`));
  }
  return modal(blocks, more);
}

function askable(services: Services, caller: Caller, datasetId: string | null): Asset | null {
  if (datasetId === null) return null;
  try {
    return requireAskable(services, caller.person, services.catalog.current().view.get(datasetId));
  } catch {
    return null;
  }
}

function modal(blocks: KnownBlock[], more: boolean): ModalView {
  return {
    type: 'modal',
    callback_id: accessFormId,
    title: plain('Request access', 24),
    submit: plain('Request', 24),
    close: plain('Cancel', 24),
    private_metadata: more ? 'more' : '',
    blocks,
  };
}

export function datasetOption(asset: Asset): PlainTextOption {
  return { text: plain(asset.name), value: asset.id, description: plain(asset.relation ?? asset.source) };
}

function datasetInput(asset: Asset | null): InputBlock {
  return {
    type: 'input',
    block_id: 'dataset',
    dispatch_action: true,
    label: plain('Dataset'),
    element: {
      type: 'external_select',
      action_id: 'access:dataset',
      min_query_length: 0,
      placeholder: plain('Search by name'),
      ...(asset ? { initial_option: datasetOption(asset) } : {}),
    },
  };
}

/** Purpose, owner, labels and tier: what anybody who may ask may know. */
function describe(asset: Asset): string {
  const labels = [
    ...new Set([...asset.classification, ...asset.columns.flatMap((column) => column.classification)]),
  ];
  const owners = asset.owners
    .map((owner) => owner.name ?? owner.team ?? owner.email ?? '')
    .filter((owner) => owner !== '');
  const facts = [
    `*Owner:* ${escapeMrkdwn(owners.join(', ') || 'nobody is named')}`,
    `*Classification:* ${escapeMrkdwn(labels.join(', ') || 'none')}`,
    `*Tier:* ${asset.tier ?? 'not set'}`,
  ];
  const words = asset.description.split('\n')[0]?.slice(0, 300) ?? '';
  return `${words === '' ? '' : `${escapeMrkdwn(words)}\n`}${facts.join('   ')}`;
}

function levelInput(levels: readonly AccessLevel[], chosen: AccessLevel): InputBlock {
  const option = (level: AccessLevel): PlainTextOption => ({
    text: plain(levelWords[level].text),
    value: level,
    description: plain(levelWords[level].description),
  });
  return {
    type: 'input',
    block_id: 'level',
    dispatch_action: true,
    label: plain('What do you need?'),
    element: {
      type: 'static_select',
      action_id: 'access:level',
      options: levels.map(option),
      initial_option: option(chosen),
    },
  };
}

function columnsInput(asset: Asset): InputBlock {
  return {
    type: 'input',
    block_id: 'columns',
    dispatch_action: true,
    optional: true,
    label: plain('Only these columns'),
    hint: plain('Leave empty for the whole dataset. Fewer columns often need fewer approvals.', 150),
    element: {
      type: 'multi_static_select',
      action_id: 'access:columns',
      options: asset.columns.map((column) => ({
        text: plain(column.name),
        value: column.name.slice(0, 75),
        ...(column.classification.length > 0 ? { description: plain(column.classification.join(', ')) } : {}),
      })),
    },
  };
}

function durationsOf(preview: PlanPreview): number[] {
  const limits = preview.rule?.limits;
  const most = limits?.maxDuration ?? Number.POSITIVE_INFINITY;
  const offered = limits?.durations.length ? limits.durations : usualDurations;
  const fitting = offered.filter((ms) => ms <= most);
  return fitting.length > 0 ? fitting : [Math.min(most, defaultDurationMs)];
}

function durationInput(durations: readonly number[], wanted: number): InputBlock {
  const option = (ms: number): PlainTextOption => ({
    text: plain(spokenDuration(ms)),
    value: shortDuration(ms),
  });
  const chosen = durations.includes(wanted) ? wanted : durations.filter((ms) => ms <= wanted).at(-1);
  return {
    type: 'input',
    block_id: 'duration',
    dispatch_action: true,
    label: plain('For how long?'),
    hint: plain('The clock starts when it is approved.', 150),
    element: {
      type: 'static_select',
      action_id: 'access:duration',
      options: durations.map(option),
      initial_option: option(chosen ?? durations[0] ?? defaultDurationMs),
    },
  };
}

function reasonInput(preview: PlanPreview): InputBlock {
  const rule = preview.rule?.reason;
  return {
    type: 'input',
    block_id: 'reason',
    optional: rule?.required === false,
    label: plain(rule?.prompt ?? 'What do you need it for?', 150),
    element: { type: 'plain_text_input', action_id: 'access:reason', multiline: true, max_length: 2000 },
  };
}

function purposeInputs(preview: PlanPreview): KnownBlock[] {
  const ids = preview.rule?.purposes ?? [];
  const purposes = preview.policy.purposes.filter((purpose) => ids.includes(purpose.id));
  if (purposes.length === 0) return [];
  return [
    {
      type: 'input',
      block_id: 'purpose',
      label: plain('Purpose'),
      element: {
        type: 'static_select',
        action_id: 'access:purpose',
        options: purposes.map((purpose) => ({ text: plain(purpose.title), value: purpose.id })),
      },
    },
    section(
      purposes
        .map((purpose) => `*${escapeMrkdwn(purpose.title)}:* ${escapeMrkdwn(purpose.terms)}`)
        .join('\n'),
    ),
    {
      type: 'input',
      block_id: 'terms',
      label: plain('Terms of use'),
      element: {
        type: 'checkboxes',
        action_id: 'access:terms',
        options: [{ text: plain('I accept the terms of the purpose I chose'), value: 'accepted' }],
      },
    },
  ];
}

function ticketInput(ticket: { example: string; required: boolean }): InputBlock {
  return {
    type: 'input',
    block_id: 'ticket',
    optional: !ticket.required,
    label: plain('Ticket'),
    element: {
      type: 'plain_text_input',
      action_id: 'access:ticket',
      placeholder: plain(ticket.example),
      max_length: 100,
    },
  };
}

function moreInputs(accounts: readonly ServiceAccount[]): KnownBlock[] {
  return [
    ...(accounts.length === 0 ? [] : [accountInput(accounts)]),
    {
      type: 'input',
      block_id: 'for',
      optional: true,
      label: plain('For somebody else'),
      element: { type: 'users_select', action_id: 'access:for' },
    },
    {
      type: 'input',
      block_id: 'start',
      optional: true,
      label: plain('Start later'),
      element: { type: 'datetimepicker', action_id: 'access:start' },
    },
    {
      type: 'input',
      block_id: 'end',
      optional: true,
      label: plain('End at a moment, instead of after a time'),
      element: { type: 'datetimepicker', action_id: 'access:end' },
    },
    {
      type: 'input',
      block_id: 'more-datasets',
      optional: true,
      label: plain('More datasets, each decided on its own'),
      element: {
        type: 'multi_external_select',
        action_id: 'access:more-datasets',
        min_query_length: 0,
        max_selected_items: 9,
      },
    },
  ];
}

/** Slack knows no service accounts, so those the asker runs are offered beside its list of people. */
function accountInput(accounts: readonly ServiceAccount[]): KnownBlock {
  return {
    type: 'input',
    block_id: 'for-service',
    optional: true,
    dispatch_action: true,
    label: plain('For a service account you run'),
    hint: plain('Nobody who runs it can approve: all of you could use it.', 150),
    element: {
      type: 'static_select',
      action_id: 'access:for-service',
      options: accounts
        .slice(0, 100)
        .map((account) => ({ text: plain(account.name), value: account.personId })),
    },
  };
}

async function previewOf(
  services: Services,
  caller: Caller,
  asset: Asset,
  state: AccessFormState,
  level: AccessLevel,
): Promise<PlanPreview> {
  const forPerson = await beneficiaryOf(services, state);
  const wish = {
    level,
    columns: state.columns,
    durationMs: state.durationMs ?? defaultDurationMs,
    extension: false,
  };
  return services.approvals.preview(services.db, {
    facts: accessFacts(asset, wish, maskedAsset(services, asset)),
    beneficiaries: await beneficiariesFor(services.db, forPerson ?? caller.person, caller.person.id),
    requesterId: caller.person.id,
    now: caller.now,
  });
}

/** Levels that policy has a way for; all of them where it has none for any, so that the form says why. */
async function askableLevels(
  services: Services,
  caller: Caller,
  asset: Asset,
  state: AccessFormState,
  levels: readonly AccessLevel[],
): Promise<readonly AccessLevel[]> {
  const open: AccessLevel[] = [];
  for (const level of levels) {
    const columns = level === 'masked' ? [] : state.columns;
    const { plan } = await previewOf(services, caller, asset, { ...state, columns }, level);
    if (plan.outcome !== 'denied' && plan.outcome !== 'no-rule') open.push(level);
  }
  return open.length > 0 ? open : levels;
}

/** Who must approve and how long that usually takes, before anything is sent. */
function planWords(preview: PlanPreview): string {
  const { plan } = preview;
  switch (plan.outcome) {
    case 'denied':
    case 'no-rule':
    case 'nobody-can':
      return `:no_entry_sign: ${escapeMrkdwn(plan.sentence)}`;
    case 'auto-approved':
      return `:white_check_mark: *You get it at once.* ${escapeMrkdwn(plan.sentence)}`;
    case 'stages': {
      const lines = plan.stages.map((stage, index) => {
        const names = [
          ...new Set(stage.seats.flatMap((seat) => seat.candidates.map((person) => person.name))),
        ];
        const count = stage.seats.length > 1 ? `${stage.seats.length} of ` : '';
        return `${index + 1}. *${escapeMrkdwn(stage.name)}:* ${count}${escapeMrkdwn(listNames(names))}`;
      });
      const twice =
        preview.rule?.secondConfirmation === undefined
          ? ''
          : ' Each of them confirms it with a fresh sign-in to the company account.';
      return `*Who has to approve*\n${lines.join('\n')}\n${usualSentence(preview.usualMs)}${twice}`;
    }
  }
}

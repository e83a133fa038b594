import type { KnownBlock, ModalView } from '@slack/types';
import { beneficiariesFor } from '../../src/access/beneficiaries.js';
import { accessFacts } from '../../src/access/facts.js';
import { maskedAsset } from '../../src/access/masked.js';
import { adminNames, loginMissing, requireAskable } from '../../src/access/request-access.js';
import type { AccessLevel } from '../../src/access/tables.js';
import { levelsOf, requireWarehouse } from '../../src/access/warehouses.js';
import { namesOfOwners } from '../../src/answers/person-names.js';
import type { PlanPreview } from '../../src/approvals/approvals.js';
import { purposesOf } from '../../src/approvals/policy/purposes-of.js';
import type { Asset } from '../../src/catalog/asset.js';
import { ownerNames, type PersonName } from '../../src/catalog/owner-names.js';
import { StewardError } from '../../src/errors.js';
import { accountsOf } from '../../src/people/service-accounts.js';
import type { Services } from '../../src/services.js';
import { context, divider, plain, section } from '../../src/slack/blocks.js';
import { purposeInputs } from '../../src/slack/cards/purpose-inputs.js';
import { escapeMrkdwn } from '../../src/slack/mrkdwn.js';
import type { Caller } from '../../src/slack/surface.js';
import { type AccessFormState, beneficiaryOf, defaultDurationMs } from './access-form-state.js';
import {
  columnsInput,
  datasetInput,
  durationInput,
  durationsOf,
  levelInput,
  moreInputs,
  reasonInput,
  ticketInput,
} from './access-inputs.js';
import { planWords } from './access-plan-words.js';

export const accessFormId = 'access:request';

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
  blocks.push(section(describe(asset, await namesOfOwners(services.db, [asset]))));
  try {
    const admins = await adminNames(services, services.db);
    const { name: warehouse, provisioner } = requireWarehouse(services.warehouses, asset, admins);
    const beneficiary = (await beneficiaryOf(services, state)) ?? caller.person;
    if (services.warehouses.identityOf(warehouse, beneficiary) === null) {
      const missing = loginMissing({ warehouse, beneficiary, person: caller.person });
      blocks.push(section(`:warning: ${escapeMrkdwn(`${missing}. Ask ${admins} to add it first.`)}`));
    }
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
    blocks.push(durationInput(durations, wanted), reasonInput(preview, state.reason));
    blocks.push(...purposeInputs('access', purposesOf(preview)));
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

/** Purpose, owner, labels and tier: what anybody who may ask may know. */
function describe(asset: Asset, personName: PersonName): string {
  const labels = [
    ...new Set([...asset.classification, ...asset.columns.flatMap((column) => column.classification)]),
  ];
  const owners = ownerNames(asset, personName);
  const facts = [
    `*Owner:* ${escapeMrkdwn(owners.join(', ') || 'nobody is named')}`,
    `*Classification:* ${escapeMrkdwn(labels.join(', ') || 'none')}`,
    `*Tier:* ${asset.tier ?? 'not set'}`,
  ];
  const words = asset.description.split('\n')[0]?.slice(0, 300) ?? '';
  return `${words === '' ? '' : `${escapeMrkdwn(words)}\n`}${facts.join('   ')}`;
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

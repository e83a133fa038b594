import type { InputBlock, KnownBlock, PlainTextOption } from '@slack/types';
import type { AccessLevel } from '../../src/access/tables.js';
import type { PlanPreview } from '../../src/approvals/approvals.js';
import { spokenDuration } from '../../src/approvals/plan/match-rule.js';
import type { Asset } from '../../src/catalog/asset.js';
import type { ServiceAccount } from '../../src/people/service-accounts.js';
import { plain } from '../../src/slack/blocks.js';
import { defaultDurationMs, shortDuration } from './access-form-state.js';

const levelWords: Record<AccessLevel, { text: string; description: string }> = {
  masked: { text: 'Read, masked', description: 'Personal data is hidden. Asked for first.' },
  read: { text: 'Read', description: 'Query it as it is.' },
  write: { text: 'Read and write', description: 'Insert, update and delete rows.' },
};
const usualDurations = [1, 7, 30, 90].map((days) => days * 86_400_000);

export function datasetOption(asset: Asset): PlainTextOption {
  return { text: plain(asset.name), value: asset.id, description: plain(asset.relation ?? asset.source) };
}

export function datasetInput(asset: Asset | null): InputBlock {
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

export function levelInput(levels: readonly AccessLevel[], chosen: AccessLevel): InputBlock {
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

export function columnsInput(asset: Asset): InputBlock {
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

export function durationsOf(preview: PlanPreview): number[] {
  const limits = preview.rule?.limits;
  const most = limits?.maxDuration ?? Number.POSITIVE_INFINITY;
  const offered = limits?.durations.length ? limits.durations : usualDurations;
  const fitting = offered.filter((ms) => ms <= most);
  return fitting.length > 0 ? fitting : [Math.min(most, defaultDurationMs)];
}

export function durationInput(durations: readonly number[], wanted: number): InputBlock {
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

/** `said`: what somebody said already, to be gone on with. */
export function reasonInput(preview: PlanPreview, said: string): InputBlock {
  const rule = preview.rule?.reason;
  return {
    type: 'input',
    block_id: 'reason',
    optional: rule?.required === false,
    label: plain(rule?.prompt ?? 'What do you need it for?', 150),
    element: {
      type: 'plain_text_input',
      action_id: 'access:reason',
      multiline: true,
      max_length: 2000,
      ...(said === '' ? {} : { initial_value: said.slice(0, 2000) }),
    },
  };
}

export function ticketInput(ticket: { example: string; required: boolean }): InputBlock {
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

export function moreInputs(accounts: readonly ServiceAccount[]): KnownBlock[] {
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

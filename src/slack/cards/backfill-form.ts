import type { KnownBlock, ModalView } from '@slack/types';
import type { Purpose } from '../../approvals/policy/schema.js';
import { divider, plain, section } from '../blocks.js';
import { purposeInputs } from './purpose-inputs.js';

export const backfillFormId = 'backfill-request';

export interface BackfillFormValues {
  pipeline: { id: string; name: string } | null;
  window: string;
  reprocess: 'all' | 'missing' | 'failed';
  direction: 'forward' | 'backward';
  concurrency: string;
  stopAfter: string;
  reason: string;
  /** `INC-12`, or nothing. */
  incident: string;
  ticket: string;
  /** Id of a purpose of the policy. */
  purposeId: string | null;
  terms: boolean;
}

export const emptyForm: BackfillFormValues = {
  pipeline: null,
  window: '',
  reprocess: 'all',
  direction: 'forward',
  concurrency: '2',
  stopAfter: '3',
  reason: '',
  incident: '',
  ticket: '',
  purposeId: null,
  terms: false,
};

const reprocessWords = {
  all: 'All of them',
  missing: 'Only those without rows',
  failed: 'Only those whose last run failed',
} as const;
const directionWords = { forward: 'Oldest first', backward: 'Newest first' } as const;

/** The form, filled with what is known, and below it what it would do once that was asked for. */
export function backfillForm(
  values: BackfillFormValues,
  params: {
    privateMetadata: string;
    hint: string;
    /** Null where policy asks for a ticket for no backfill. */
    ticket: { example: string; required: boolean } | null;
    /** None where policy asks for a purpose for no backfill, or not for this one. */
    purposes: { choices: readonly Purpose[]; required: boolean };
    preview: readonly string[] | null;
  },
): ModalView {
  const blocks: KnownBlock[] = [
    {
      type: 'input',
      block_id: 'pipeline',
      dispatch_action: true,
      label: plain('Pipeline or model'),
      element: {
        type: 'external_select',
        action_id: 'backfill-pipeline',
        min_query_length: 0,
        placeholder: plain('Type a name'),
        ...(values.pipeline === null
          ? {}
          : { initial_option: { text: plain(values.pipeline.name), value: values.pipeline.id } }),
      },
    },
    onEnter(
      text(
        'window',
        'Window',
        values.window,
        'last 3 days · 2026-10 · 2026-10-01 to 2026-10-05',
        params.hint,
      ),
      'backfill:window',
    ),
    select('reprocess', 'Which partitions of it', reprocessWords, values.reprocess),
    select('direction', 'Order', directionWords, values.direction),
    text(
      'concurrency',
      'How many at once',
      values.concurrency,
      '2',
      'Less where the executor or the pipeline allows less.',
    ),
    text(
      'stop-after',
      'Stop after this many failures',
      values.stopAfter,
      '3',
      'It then stops by itself and asks.',
    ),
    text('reason', 'Why', values.reason, 'Late orders came in on Monday', 'Whoever approves reads it.', true),
    optional(
      text(
        'incident',
        'Incident it serves',
        values.incident,
        'INC-12',
        'Its timeline is told, and its backfill task is ticked when this is verified.',
      ),
    ),
    ...(params.ticket === null ? [] : [ticketInput(values.ticket, params.ticket)]),
    ...purposeInputs('backfill', params.purposes.choices, {
      chosen: values.purposeId,
      accepted: values.terms,
      optional: !params.purposes.required,
    }),
    {
      type: 'actions',
      block_id: 'preview-button',
      elements: [
        {
          type: 'button',
          action_id: 'backfill:preview',
          value: 'preview',
          text: plain('Show what it would do'),
        },
      ],
    },
  ];
  if (params.preview !== null) blocks.push(divider, section(params.preview.join('\n')));
  return {
    type: 'modal',
    callback_id: backfillFormId,
    private_metadata: params.privateMetadata,
    title: plain('Request a backfill', 24),
    submit: plain('Request', 24),
    close: plain('Close', 24),
    blocks,
  };
}

/** Slack sends a text that somebody typed before the form is submitted only where it is asked to. */
function onEnter(block: KnownBlock, actionId: string): KnownBlock {
  if (block.type !== 'input' || block.element.type !== 'plain_text_input') return block;
  return {
    ...block,
    dispatch_action: true,
    element: {
      ...block.element,
      action_id: actionId,
      dispatch_action_config: { trigger_actions_on: ['on_enter_pressed'] },
    },
  };
}

function ticketInput(value: string, wanted: { example: string; required: boolean }): KnownBlock {
  const hint = wanted.required ? 'Policy asks for one here.' : 'Where policy asks for one.';
  const input = text('ticket', 'Ticket', value, wanted.example, hint);
  return wanted.required ? input : optional(input);
}

function optional(block: KnownBlock): KnownBlock {
  return block.type === 'input' ? { ...block, optional: true } : block;
}

function text(
  id: string,
  label: string,
  value: string,
  placeholder: string,
  hint: string,
  multiline = false,
): KnownBlock {
  return {
    type: 'input',
    block_id: id,
    label: plain(label),
    hint: plain(hint, 2_000),
    element: {
      type: 'plain_text_input',
      action_id: 'value',
      max_length: multiline ? 2_000 : 300,
      ...(multiline ? { multiline: true } : {}),
      ...(value === '' ? {} : { initial_value: value }),
      placeholder: plain(placeholder, 150),
    },
  };
}

function select(
  id: string,
  label: string,
  words: Readonly<Record<string, string>>,
  chosen: string,
): KnownBlock {
  const options = Object.entries(words).map(([value, name]) => ({ text: plain(name), value }));
  const initial = options.find(({ value }) => value === chosen);
  return {
    type: 'input',
    block_id: id,
    dispatch_action: true,
    label: plain(label),
    element: {
      type: 'static_select',
      action_id: `backfill:${id}`,
      options,
      ...(initial === undefined ? {} : { initial_option: initial }),
    },
  };
}

import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import { NoIncidentError } from '../../../src/incidents/errors.js';
import { canSee, type Incident, loadIncident } from '../../../src/incidents/incident.js';
import type { Services } from '../../../src/services.js';
import { plain } from '../../../src/slack/blocks.js';
import type { Caller, Submission, ViewState } from '../../../src/slack/surface.js';

export function textInput(
  blockId: string,
  label: string,
  options: { value?: string; multiline?: boolean; hint?: string; optional?: boolean; max?: number } = {},
): InputBlock {
  return {
    type: 'input',
    block_id: blockId,
    label: plain(label, 2000),
    optional: options.optional ?? true,
    ...(options.hint ? { hint: plain(options.hint, 2000) } : {}),
    element: {
      type: 'plain_text_input',
      action_id: 'value',
      multiline: options.multiline ?? false,
      max_length: options.max ?? (options.multiline ? 2_900 : 200),
      ...(options.value
        ? { initial_value: options.value.slice(0, options.max ?? (options.multiline ? 2_900 : 200)) }
        : {}),
    },
  };
}

export function timeInput(blockId: string, label: string, value?: Date): InputBlock {
  return {
    type: 'input',
    block_id: blockId,
    label: plain(label, 2000),
    optional: true,
    element: {
      type: 'datetimepicker',
      action_id: 'value',
      ...(value ? { initial_date_time: Math.floor(value.getTime() / 1000) } : {}),
    },
  };
}

export const textOf = (state: ViewState, block: string): string => state[block]?.value?.value ?? '';
export const timeOf = (state: ViewState, block: string): Date | null => {
  const seconds = state[block]?.value?.selected_date_time;
  return typeof seconds === 'number' ? new Date(seconds * 1000) : null;
};

/** Whether a picker still holds the time it was given, which lost its parts of a second there. */
export const sameSecond = (one: Date, other: Date): boolean =>
  Math.floor(one.getTime() / 1_000) === Math.floor(other.getTime() / 1_000);

export async function incidentOf(services: Services, caller: Caller, id: string): Promise<Incident> {
  const incident = /^[0-9a-f-]{36}$/.test(id) ? await loadIncident(services.db, id) : null;
  if (incident === null || !(await canSee(services, services.db, incident, caller.person)))
    throw new NoIncidentError();
  return incident;
}

export function modal(
  callbackId: string,
  title: string,
  submit: string,
  blocks: KnownBlock[],
  metadata: Record<string, string>,
): ModalView {
  return {
    type: 'modal',
    callback_id: callbackId,
    title: plain(title, 24),
    submit: plain(submit, 24),
    close: plain('Cancel', 24),
    private_metadata: JSON.stringify(metadata).slice(0, 3_000),
    blocks,
  };
}

export function metadataOf(submission: Pick<Submission, 'privateMetadata'>): Record<string, string> {
  try {
    const parsed: unknown = JSON.parse(submission.privateMetadata);
    return typeof parsed === 'object' && parsed !== null
      ? Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, String(value)]))
      : {};
  } catch {
    return {};
  }
}

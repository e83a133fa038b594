import { elementsOf, type FoundElement } from './block-kit/walk.js';
import { isObject } from './mrkdwn.js';
import type { JsonObject } from './protocol.js';
import type { ViewRecord } from './state/records.js';

/** What stands in the inputs of a view or message, in the shape of `state.values`, and how a person's value becomes that. */

export type StateValues = ViewRecord['values'];

/** Field of the state that holds an element's value, and the field it starts from. */
const kinds: { [type: string]: { field: string; initial: string; many?: boolean } } = {
  plain_text_input: { field: 'value', initial: 'initial_value' },
  email_text_input: { field: 'value', initial: 'initial_value' },
  url_text_input: { field: 'value', initial: 'initial_value' },
  number_input: { field: 'value', initial: 'initial_value' },
  rich_text_input: { field: 'rich_text_value', initial: 'initial_value' },
  file_input: { field: 'files', initial: 'initial_files', many: true },
  static_select: { field: 'selected_option', initial: 'initial_option' },
  external_select: { field: 'selected_option', initial: 'initial_option' },
  users_select: { field: 'selected_user', initial: 'initial_user' },
  conversations_select: { field: 'selected_conversation', initial: 'initial_conversation' },
  channels_select: { field: 'selected_channel', initial: 'initial_channel' },
  multi_static_select: { field: 'selected_options', initial: 'initial_options', many: true },
  multi_external_select: { field: 'selected_options', initial: 'initial_options', many: true },
  multi_users_select: { field: 'selected_users', initial: 'initial_users', many: true },
  multi_conversations_select: {
    field: 'selected_conversations',
    initial: 'initial_conversations',
    many: true,
  },
  multi_channels_select: { field: 'selected_channels', initial: 'initial_channels', many: true },
  checkboxes: { field: 'selected_options', initial: 'initial_options', many: true },
  radio_buttons: { field: 'selected_option', initial: 'initial_option' },
  datepicker: { field: 'selected_date', initial: 'initial_date' },
  timepicker: { field: 'selected_time', initial: 'initial_time' },
  datetimepicker: { field: 'selected_date_time', initial: 'initial_date_time' },
};

/** Buttons and overflow menus keep no state. */
export function stateKind(
  element: JsonObject,
): { field: string; initial: string; many?: boolean } | undefined {
  return kinds[String(element.type)];
}

export function initialState(element: JsonObject): JsonObject | undefined {
  const kind = stateKind(element);
  if (kind === undefined) return undefined;
  const empty = kind.many === true ? [] : null;
  return { type: element.type, [kind.field]: element[kind.initial] ?? empty };
}

export function initialValues(blocks: readonly JsonObject[]): StateValues {
  const values: StateValues = {};
  for (const { block, element } of elementsOf(blocks)) {
    const state = initialState(element);
    if (state !== undefined) setState(values, String(block.block_id), String(element.action_id), state);
  }
  return values;
}

export function setState(values: StateValues, blockId: string, actionId: string, state: JsonObject): void {
  values[blockId] = { ...values[blockId], [actionId]: state };
}

/** Values that were typed before a view changed stay where block and action are the same and of the same type. */
export function keepValues(fresh: StateValues, old: StateValues, blocks: readonly JsonObject[]): StateValues {
  const kept = structuredClone(fresh);
  for (const { block, element } of elementsOf(blocks)) {
    const before = old[String(block.block_id)]?.[String(element.action_id)];
    if (before?.type === element.type)
      setState(kept, String(block.block_id), String(element.action_id), { ...before });
  }
  return kept;
}

/** Is anything filled in? */
export function isEmptyState(element: JsonObject, state: JsonObject | undefined): boolean {
  const kind = stateKind(element);
  if (kind === undefined || state === undefined) return true;
  const value = state[kind.field];
  return (
    value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

/** Looks up what a value may refer to. */
export interface ValueContext {
  userId(ref: string): string | undefined;
  channelId(ref: string): string | undefined;
  /** Option of an external select with this value, among what the app offered. */
  externalOption(found: FoundElement, value: string): Promise<JsonObject | undefined>;
  fileId(ref: string): string | undefined;
}

/** A person's value that the element cannot hold. The message names element and value. */
export class WrongValue extends Error {
  readonly code = 'wrong_value';
}

function optionsOf(element: JsonObject): JsonObject[] {
  const groups = Array.isArray(element.option_groups) ? element.option_groups.filter(isObject) : [];
  const lists = [element.options, ...groups.map((group) => group.options)];
  return lists.flatMap((list) => (Array.isArray(list) ? list.filter(isObject) : []));
}

/** By value, else by the text shown. */
export function findOption(options: readonly JsonObject[], wanted: string): JsonObject | undefined {
  return (
    options.find((option) => option.value === wanted) ??
    options.find((option) => isObject(option.text) && option.text.text === wanted)
  );
}

/** The element's state after a person chose `value`. */
export async function stateOf(
  found: FoundElement,
  value: unknown,
  context: ValueContext,
): Promise<JsonObject> {
  const { element } = found;
  const kind = stateKind(element);
  const type = String(element.type);
  const name = `${type} "${String(element.action_id)}"`;
  if (kind === undefined) throw new WrongValue(`${name} holds no value`);
  if (value === null || value === undefined) return { type, [kind.field]: kind.many === true ? [] : null };
  const given = Array.isArray(value) ? value.map(String) : [String(value)];
  const [one = ''] = given;
  const resolved = async (wanted: string): Promise<unknown> => {
    if (type.includes('external_select')) return context.externalOption(found, wanted);
    if (type.includes('users_select')) return context.userId(wanted);
    if (type.includes('conversations_select')) return context.channelId(wanted) ?? context.userId(wanted);
    if (type.includes('channels_select')) return context.channelId(wanted);
    if (type === 'file_input') return context.fileId(wanted);
    return findOption(optionsOf(element), wanted);
  };
  if (kind.many === true) {
    const chosen: unknown[] = [];
    for (const wanted of given) {
      const choice = await resolved(wanted);
      if (choice === undefined) throw new WrongValue(`${name} has no choice "${wanted}"`);
      chosen.push(choice);
    }
    const max = element.max_selected_items ?? element.max_files;
    if (typeof max === 'number' && chosen.length > max) throw new WrongValue(`${name} takes at most ${max}`);
    return { type, [kind.field]: chosen };
  }
  if (type.endsWith('_select') || type === 'radio_buttons') {
    const choice = await resolved(one);
    if (choice === undefined) throw new WrongValue(`${name} has no choice "${one}"`);
    return { type, [kind.field]: choice };
  }
  if (type === 'rich_text_input') return { type, [kind.field]: richTextOf(value) };
  if (type === 'datetimepicker') {
    if (!Number.isInteger(Number(one)))
      throw new WrongValue(`${name} takes seconds since the epoch, not "${one}"`);
    return { type, [kind.field]: Number(one) };
  }
  if (type === 'datepicker' && !/^\d{4}-\d{2}-\d{2}$/.test(one))
    throw new WrongValue(`${name} takes YYYY-MM-DD, not "${one}"`);
  if (type === 'timepicker' && !/^([01]\d|2[0-3]):[0-5]\d$/.test(one))
    throw new WrongValue(`${name} takes HH:MM, not "${one}"`);
  return { type, [kind.field]: one === '' ? null : one };
}

function richTextOf(value: unknown): unknown {
  if (isObject(value)) return value;
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: String(value) }] }],
  };
}

/** What Slack's client tells the person before it sends anything; by block_id, empty when all is well. */
export function clientErrors(
  blocks: readonly JsonObject[],
  values: StateValues,
): { [blockId: string]: string } {
  const errors: { [blockId: string]: string } = {};
  for (const { block, element, input } of elementsOf(blocks)) {
    if (!input) continue;
    const state = values[String(block.block_id)]?.[String(element.action_id)];
    const problem = isEmptyState(element, state)
      ? block.optional === true
        ? undefined
        : 'Please complete this required field.'
      : fieldProblem(element, state);
    if (problem !== undefined) errors[String(block.block_id)] = problem;
  }
  return errors;
}

function fieldProblem(element: JsonObject, state: JsonObject | undefined): string | undefined {
  const value = state?.value;
  if (typeof value !== 'string') return undefined;
  const { min_length: min, max_length: max } = element;
  if (typeof min === 'number' && value.length < min) return `Please enter at least ${min} characters.`;
  const most = typeof max === 'number' ? max : 3000;
  if (value.length > most) return `Please enter at most ${most} characters.`;
  if (element.type === 'email_text_input' && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value))
    return 'Please enter a valid e-mail address.';
  if (element.type === 'url_text_input' && !/^https?:\/\/\S+$/.test(value))
    return 'Please enter a valid URL.';
  if (element.type === 'number_input') {
    if (!/^-?\d+(\.\d+)?$/.test(value)) return 'Please enter a number.';
    if (element.is_decimal_allowed === false && value.includes('.')) return 'Please enter a whole number.';
    if (element.min_value !== undefined && Number(value) < Number(element.min_value))
      return `Please enter at least ${String(element.min_value)}.`;
    if (element.max_value !== undefined && Number(value) > Number(element.max_value))
      return `Please enter at most ${String(element.max_value)}.`;
  }
  return undefined;
}

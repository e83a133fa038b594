import type { ElementValue, RichTextValue, ShownElement } from './types.js';

/** What an element holds before anybody touched it, from its own `initial_*`. */
export function initialValue(element: ShownElement): ElementValue | undefined {
  switch (element.type) {
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
      return element.initial_value;
    case 'rich_text_input':
      return element.initial_value === undefined
        ? undefined
        : { type: 'rich_text', elements: element.initial_value.elements };
    case 'checkboxes':
    case 'multi_static_select':
    case 'multi_external_select':
      return element.initial_options?.map((option) => option.value ?? '');
    case 'radio_buttons':
    case 'static_select':
    case 'external_select':
      return element.initial_option?.value;
    case 'users_select':
      return element.initial_user;
    case 'channels_select':
      return element.initial_channel;
    case 'conversations_select':
      return element.initial_conversation;
    case 'multi_users_select':
      return element.initial_users;
    case 'multi_channels_select':
      return element.initial_channels;
    case 'multi_conversations_select':
      return element.initial_conversations;
    case 'datepicker':
      return element.initial_date;
    case 'timepicker':
      return element.initial_time;
    case 'datetimepicker':
      return element.initial_date_time;
    default:
      return undefined;
  }
}

type StateEntry = { type?: string; [key: string]: unknown };

/** What an element holds by the server's word: one entry of `view.state.values[block_id][action_id]`. */
export function valueFromState(entry: unknown): ElementValue | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const state = entry as StateEntry;
  const single = [
    'value',
    'selected_date',
    'selected_time',
    'selected_date_time',
    'selected_user',
    'selected_channel',
    'selected_conversation',
  ];
  for (const key of single) {
    const value = state[key];
    if (typeof value === 'string' || typeof value === 'number') return value;
    if (value === null) return null;
  }
  for (const key of ['selected_users', 'selected_channels', 'selected_conversations']) {
    const value = state[key];
    if (Array.isArray(value)) return value.filter((item) => typeof item === 'string');
  }
  if ('selected_option' in state) return optionValue(state.selected_option) ?? null;
  if (Array.isArray(state.selected_options)) {
    return state.selected_options.map(optionValue).filter((value) => value !== undefined);
  }
  if (Array.isArray(state.files)) {
    return state.files.flatMap((file: unknown) =>
      typeof file === 'object' && file !== null && 'id' in file && typeof file.id === 'string'
        ? [file.id]
        : [],
    );
  }
  const rich = state.rich_text_value;
  if (typeof rich === 'object' && rich !== null && 'elements' in rich && Array.isArray(rich.elements)) {
    return { type: 'rich_text', elements: rich.elements } satisfies RichTextValue;
  }
  return undefined;
}

/** Labels of options the server knows as chosen: an external select's value alone has no text. */
export function optionsInState(entry: unknown): { value: string; label: string }[] {
  if (typeof entry !== 'object' || entry === null) return [];
  const state = entry as StateEntry;
  const chosen = Array.isArray(state.selected_options) ? state.selected_options : [state.selected_option];
  return chosen.flatMap((option: unknown) => {
    const value = optionValue(option);
    if (value === undefined || typeof option !== 'object' || option === null || !('text' in option))
      return [];
    const text = option.text;
    const label =
      typeof text === 'object' && text !== null && 'text' in text && typeof text.text === 'string'
        ? text.text
        : value;
    return [{ value, label }];
  });
}

function optionValue(option: unknown): string | undefined {
  if (typeof option !== 'object' || option === null || !('value' in option)) return undefined;
  return typeof option.value === 'string' ? option.value : undefined;
}

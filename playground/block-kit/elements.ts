import {
  bool,
  type Check,
  eitherOf,
  integer,
  list,
  oneOf,
  type Shape,
  shape,
  text,
  typed,
  url,
} from './checks.js';
import {
  actionId,
  channelId,
  confirm,
  conversationFilter,
  dispatchConfig,
  option,
  optionGroup,
  overflowOption,
  placeholder,
  plainText,
  richOption,
  slackFile,
  userId,
} from './composition.js';
import { richTextBlock } from './rich-text.js';

/** Every block element (docs.slack.dev/reference/block-kit/block-elements), each with exactly the fields it may have. */

const style = oneOf('primary', 'danger');
const label = text(75);
const buttonValue = text(2000);
const decimal = text(40, { pattern: /^-?[0-9]+(\.[0-9]+)?$/ });
const selectFields = { action_id: actionId, confirm, focus_on_load: bool, placeholder };
const inputFields = {
  action_id: actionId,
  dispatch_action_config: dispatchConfig,
  focus_on_load: bool,
  placeholder,
};
const manyFields = { ...selectFields, max_selected_items: integer(1) };

function element(type: string, fields: Shape): Check {
  return shape({ ...fields, required: { ...typed(type), ...fields.required } });
}

/** The chosen ones must be among those offered, exactly, or Slack refuses the block. */
function offered(initial: string): NonNullable<Shape['also']> {
  return (value, pointer, report) => {
    const groups = Array.isArray(value.option_groups) ? value.option_groups : [];
    const options = [
      ...(Array.isArray(value.options) ? value.options : []),
      ...groups.flatMap((group: { options?: unknown }) =>
        Array.isArray(group?.options) ? group.options : [],
      ),
    ].map((one: unknown) => JSON.stringify(one));
    const chosen = value[initial];
    const list = Array.isArray(chosen) ? chosen : chosen === undefined ? [] : [chosen];
    for (const one of list) {
      if (!options.includes(JSON.stringify(one))) report(`${initial} must be one of the options`, pointer);
    }
  };
}
function both(...rules: NonNullable<Shape['also']>[]): NonNullable<Shape['also']> {
  return (value, pointer, report) => {
    for (const rule of rules) rule(value, pointer, report);
  };
}

const feedbackButton = shape({
  required: { text: plainText(75), value: buttonValue },
  optional: { accessibility_label: label },
});

export const elementRules: { [type: string]: Check } = {
  button: element('button', {
    required: { text: plainText(75) },
    optional: {
      action_id: actionId,
      url: url(3000),
      value: buttonValue,
      style,
      confirm,
      accessibility_label: label,
    },
  }),
  icon_button: element('icon_button', {
    required: { icon: oneOf('trash'), text: plainText(75) },
    optional: {
      action_id: actionId,
      value: buttonValue,
      confirm,
      accessibility_label: label,
      visible_to_user_ids: list(userId, 0, 100),
    },
  }),
  feedback_buttons: element('feedback_buttons', {
    required: { positive_button: feedbackButton, negative_button: feedbackButton },
    optional: { action_id: actionId },
  }),
  workflow_button: element('workflow_button', {
    required: {
      text: plainText(75),
      action_id: actionId,
      workflow: shape({
        required: {
          trigger: shape({
            required: { url: url(3000) },
            optional: {
              customizable_input_parameters: list(
                shape({ required: { name: text(255), value: () => undefined } }),
                0,
                50,
              ),
            },
          }),
        },
      }),
    },
    optional: { style, accessibility_label: label },
  }),
  checkboxes: element('checkboxes', {
    required: { options: list(richOption, 1, 10) },
    optional: { action_id: actionId, initial_options: list(richOption, 1, 10), confirm, focus_on_load: bool },
    also: offered('initial_options'),
  }),
  radio_buttons: element('radio_buttons', {
    required: { options: list(richOption, 1, 10) },
    optional: { action_id: actionId, initial_option: richOption, confirm, focus_on_load: bool },
    also: offered('initial_option'),
  }),
  overflow: element('overflow', {
    required: { options: list(overflowOption, 1, 5) },
    optional: { action_id: actionId, confirm },
  }),
  datepicker: element('datepicker', {
    optional: {
      ...selectFields,
      initial_date: text(10, { pattern: /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/ }),
    },
  }),
  timepicker: element('timepicker', {
    optional: {
      ...selectFields,
      initial_time: text(5, { pattern: /^([01][0-9]|2[0-3]):[0-5][0-9]$/ }),
      timezone: text(100),
    },
  }),
  datetimepicker: element('datetimepicker', {
    optional: {
      action_id: actionId,
      confirm,
      focus_on_load: bool,
      initial_date_time: integer(1_000_000_000, 9_999_999_999),
    },
  }),
  static_select: element('static_select', {
    optional: {
      ...selectFields,
      options: list(option, 1, 100),
      option_groups: list(optionGroup, 1, 100),
      initial_option: option,
    },
    also: both(eitherOf('options', 'option_groups'), offered('initial_option')),
  }),
  multi_static_select: element('multi_static_select', {
    optional: {
      ...manyFields,
      options: list(option, 1, 100),
      option_groups: list(optionGroup, 1, 100),
      initial_options: list(option, 1, 100),
    },
    also: both(eitherOf('options', 'option_groups'), offered('initial_options')),
  }),
  external_select: element('external_select', {
    optional: { ...selectFields, min_query_length: integer(0), initial_option: option },
  }),
  multi_external_select: element('multi_external_select', {
    optional: { ...manyFields, min_query_length: integer(0), initial_options: list(option, 1, 100) },
  }),
  users_select: element('users_select', { optional: { ...selectFields, initial_user: userId } }),
  multi_users_select: element('multi_users_select', {
    optional: { ...manyFields, initial_users: list(userId, 1, 100) },
  }),
  conversations_select: element('conversations_select', {
    optional: {
      ...selectFields,
      initial_conversation: text(100),
      default_to_current_conversation: bool,
      response_url_enabled: bool,
      filter: conversationFilter,
    },
  }),
  multi_conversations_select: element('multi_conversations_select', {
    optional: {
      ...manyFields,
      initial_conversations: list(text(100), 1, 100),
      default_to_current_conversation: bool,
      filter: conversationFilter,
    },
  }),
  channels_select: element('channels_select', {
    optional: { ...selectFields, initial_channel: channelId, response_url_enabled: bool },
  }),
  multi_channels_select: element('multi_channels_select', {
    optional: { ...manyFields, initial_channels: list(channelId, 1, 100) },
  }),
  plain_text_input: element('plain_text_input', {
    optional: {
      ...inputFields,
      initial_value: text(3000, { min: 0 }),
      multiline: bool,
      min_length: integer(0, 3000),
      max_length: integer(1, 3000),
    },
    also: (value, pointer, report) => {
      const { min_length: min, max_length: max } = value;
      if (typeof min === 'number' && typeof max === 'number' && min > max) {
        report('min_length must not exceed max_length', pointer);
      }
    },
  }),
  email_text_input: element('email_text_input', {
    optional: { ...inputFields, initial_value: text(3000, { min: 0 }) },
  }),
  url_text_input: element('url_text_input', {
    optional: { ...inputFields, initial_value: text(3000, { min: 0 }) },
  }),
  number_input: element('number_input', {
    required: { is_decimal_allowed: bool },
    optional: { ...inputFields, initial_value: decimal, min_value: decimal, max_value: decimal },
    also: (value, pointer, report) => {
      if (Number(value.min_value) > Number(value.max_value))
        report('min_value must not exceed max_value', pointer);
    },
  }),
  rich_text_input: element('rich_text_input', {
    required: { action_id: actionId },
    optional: {
      initial_value: richTextBlock,
      dispatch_action_config: dispatchConfig,
      focus_on_load: bool,
      placeholder,
    },
  }),
  file_input: element('file_input', {
    optional: { action_id: actionId, filetypes: list(text(50), 1, 100), max_files: integer(1, 10) },
  }),
};

export const imageElement = shape({
  required: { ...typed('image'), alt_text: text(2000) },
  optional: { image_url: url(3000), slack_file: slackFile },
  also: eitherOf('image_url', 'slack_file'),
});

function pick(...types: string[]): { [type: string]: Check } {
  return Object.fromEntries(types.flatMap((type) => Object.entries({ [type]: elementRules[type] }))) as {
    [type: string]: Check;
  };
}
const selects = [
  'static_select',
  'external_select',
  'users_select',
  'conversations_select',
  'channels_select',
  'multi_static_select',
  'multi_external_select',
  'multi_users_select',
  'multi_conversations_select',
  'multi_channels_select',
];
export const actionsElements = pick(
  'button',
  'checkboxes',
  'datepicker',
  'datetimepicker',
  'timepicker',
  'overflow',
  'radio_buttons',
  'workflow_button',
  ...selects,
);
export const accessoryElements = {
  ...pick(
    'button',
    'checkboxes',
    'datepicker',
    'timepicker',
    'overflow',
    'radio_buttons',
    'workflow_button',
    ...selects,
  ),
  image: imageElement,
};
export const inputElements = pick(
  'plain_text_input',
  'email_text_input',
  'url_text_input',
  'number_input',
  'checkboxes',
  'radio_buttons',
  'datepicker',
  'datetimepicker',
  'timepicker',
  'rich_text_input',
  'file_input',
  ...selects,
);
export const contextActionsElements = pick('feedback_buttons', 'icon_button');

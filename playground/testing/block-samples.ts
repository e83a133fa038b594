import type { JsonObject } from '../protocol.js';

/** One full, valid example of every block and element, with every field that it may have. */

const plain = (text = 'text'): JsonObject => ({ type: 'plain_text', text, emoji: true });
const mrkdwn = (text = '*text*'): JsonObject => ({ type: 'mrkdwn', text, verbatim: false });
const option = { text: plain('One'), value: 'one', description: plain('first') };
const other = { text: plain('Two'), value: 'two' };
const richOption = { text: mrkdwn('One'), value: 'one', description: mrkdwn('first') };
const confirm = { title: plain(), text: mrkdwn(), confirm: plain('Yes'), deny: plain('No'), style: 'danger' };
const image = { type: 'image', alt_text: 'a chart', image_url: 'https://example.com/a.png' };
const placeholder = plain('choose');
const dispatch = { trigger_actions_on: ['on_enter_pressed', 'on_character_entered'] };
export const richText: JsonObject = {
  type: 'rich_text',
  block_id: 'rich',
  elements: [
    {
      type: 'rich_text_section',
      elements: [
        { type: 'text', text: 'plain', style: { bold: true, italic: true } },
        { type: 'link', url: 'https://example.com/', text: 'link', unsafe: false },
        { type: 'user', user_id: 'U0MAYA' },
        { type: 'usergroup', usergroup_id: 'S0DATA' },
        { type: 'channel', channel_id: 'C0GENERAL' },
        { type: 'emoji', name: 'tada' },
        { type: 'broadcast', range: 'here' },
        { type: 'color', value: '#ff0000' },
        { type: 'date', timestamp: 1_720_710_212, format: '{date_num}', fallback: 'then' },
      ],
    },
    { type: 'rich_text_list', style: 'bullet', indent: 1, border: 1, elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'item' }] }] },
    { type: 'rich_text_preformatted', border: 0, elements: [{ type: 'text', text: 'select 1' }] },
    { type: 'rich_text_quote', elements: [{ type: 'text', text: 'quoted' }] },
  ],
};

export const actionElements: { [type: string]: JsonObject } = {
  button: { type: 'button', text: plain('Go'), action_id: 'button', url: 'https://example.com/', value: 'v', style: 'primary', confirm, accessibility_label: 'Go there' },
  checkboxes: { type: 'checkboxes', action_id: 'checkboxes', options: [richOption, other], initial_options: [richOption], confirm, focus_on_load: false },
  datepicker: { type: 'datepicker', action_id: 'datepicker', initial_date: '2026-11-21', confirm, focus_on_load: false, placeholder },
  datetimepicker: { type: 'datetimepicker', action_id: 'datetimepicker', initial_date_time: 1_628_633_820, confirm, focus_on_load: false },
  timepicker: { type: 'timepicker', action_id: 'timepicker', initial_time: '13:37', confirm, focus_on_load: false, placeholder, timezone: 'Europe/Stockholm' },
  overflow: { type: 'overflow', action_id: 'overflow', options: [{ ...option, url: 'https://example.com/' }, other], confirm },
  radio_buttons: { type: 'radio_buttons', action_id: 'radio_buttons', options: [richOption, other], initial_option: richOption, confirm, focus_on_load: false },
  workflow_button: { type: 'workflow_button', action_id: 'workflow_button', text: plain('Run'), workflow: { trigger: { url: 'https://example.com/trigger', customizable_input_parameters: [{ name: 'a', value: 'b' }] } }, style: 'primary', accessibility_label: 'Run it' },
  static_select: { type: 'static_select', action_id: 'static_select', options: [option, other], initial_option: option, confirm, focus_on_load: false, placeholder },
  external_select: { type: 'external_select', action_id: 'external_select', initial_option: option, min_query_length: 1, confirm, focus_on_load: false, placeholder },
  users_select: { type: 'users_select', action_id: 'users_select', initial_user: 'U0MAYA', confirm, focus_on_load: false, placeholder },
  conversations_select: { type: 'conversations_select', action_id: 'conversations_select', initial_conversation: 'C0GENERAL', default_to_current_conversation: false, confirm, filter: { include: ['public'], exclude_bot_users: true, exclude_external_shared_channels: true }, focus_on_load: false, placeholder },
  channels_select: { type: 'channels_select', action_id: 'channels_select', initial_channel: 'C0GENERAL', confirm, focus_on_load: false, placeholder },
  multi_static_select: { type: 'multi_static_select', action_id: 'multi_static_select', option_groups: [{ label: plain('Group'), options: [option, other] }], initial_options: [option], confirm, max_selected_items: 2, focus_on_load: false, placeholder },
  multi_external_select: { type: 'multi_external_select', action_id: 'multi_external_select', min_query_length: 0, initial_options: [option], confirm, max_selected_items: 2, focus_on_load: false, placeholder },
  multi_users_select: { type: 'multi_users_select', action_id: 'multi_users_select', initial_users: ['U0MAYA'], confirm, max_selected_items: 2, focus_on_load: false, placeholder },
  multi_conversations_select: { type: 'multi_conversations_select', action_id: 'multi_conversations_select', initial_conversations: ['C0GENERAL'], default_to_current_conversation: false, confirm, max_selected_items: 2, filter: { include: ['im', 'private'] }, focus_on_load: false, placeholder },
  multi_channels_select: { type: 'multi_channels_select', action_id: 'multi_channels_select', initial_channels: ['C0GENERAL'], confirm, max_selected_items: 2, focus_on_load: false, placeholder },
};
export const inputElements: { [type: string]: JsonObject } = {
  plain_text_input: { type: 'plain_text_input', action_id: 'plain_text_input', initial_value: 'x', multiline: true, min_length: 1, max_length: 100, dispatch_action_config: dispatch, focus_on_load: false, placeholder },
  email_text_input: { type: 'email_text_input', action_id: 'email_text_input', initial_value: 'a@example.com', dispatch_action_config: dispatch, focus_on_load: false, placeholder },
  url_text_input: { type: 'url_text_input', action_id: 'url_text_input', initial_value: 'https://example.com/', dispatch_action_config: dispatch, focus_on_load: false, placeholder },
  number_input: { type: 'number_input', action_id: 'number_input', is_decimal_allowed: true, initial_value: '1.5', min_value: '0', max_value: '10', dispatch_action_config: dispatch, focus_on_load: false, placeholder },
  rich_text_input: { type: 'rich_text_input', action_id: 'rich_text_input', initial_value: richText, dispatch_action_config: dispatch, focus_on_load: false, placeholder },
};
export const fileInput: JsonObject = { type: 'file_input', action_id: 'file_input', filetypes: ['csv'], max_files: 2 };

/** Blocks by name; `message` ones first, then those for modals only. */
export const messageBlocks: { [type: string]: JsonObject } = {
  ...Object.fromEntries(Object.entries(actionElements).map(([type, element]) => [`actions with ${type}`, { type: 'actions', block_id: `a_${type}`, elements: [element] }])),
  ...Object.fromEntries(Object.entries(inputElements).map(([type, element]) => [`input with ${type}`, { type: 'input', block_id: `i_${type}`, label: plain('Label'), element, dispatch_action: false, hint: plain('Hint'), optional: true }])),
  section: { type: 'section', block_id: 'section', text: mrkdwn(), fields: [mrkdwn(), plain()], accessory: { ...actionElements.button }, expand: true },
  'section with image': { type: 'section', text: plain(), accessory: image },
  context: { type: 'context', block_id: 'context', elements: [image, mrkdwn(), plain()] },
  context_actions: {
    type: 'context_actions',
    block_id: 'ca',
    elements: [
      { type: 'feedback_buttons', action_id: 'fb', positive_button: { text: plain('Good'), value: 'good', accessibility_label: 'Good' }, negative_button: { text: plain('Bad'), value: 'bad', accessibility_label: 'Bad' } },
      { type: 'icon_button', action_id: 'ib', icon: 'trash', text: plain('Delete'), value: 'v', confirm, accessibility_label: 'Delete', visible_to_user_ids: ['U0MAYA'] },
    ],
  },
  divider: { type: 'divider', block_id: 'divider' },
  header: { type: 'header', block_id: 'header', text: plain('Title'), level: 2 },
  image: { type: 'image', block_id: 'image', alt_text: 'a chart', image_url: 'https://example.com/a.png', title: plain('Chart') },
  'image of a file': { type: 'image', alt_text: 'a chart', slack_file: { id: 'F0CHART' } },
  rich_text: richText,
  markdown: { type: 'markdown', text: '# Title' },
  table: { type: 'table', block_id: 'table', column_settings: [{ align: 'right', is_wrapped: true }, null], rows: [[{ type: 'raw_text', text: 'a' }, { type: 'raw_text', text: 'b' }], [{ type: 'rich_text', elements: [] }, { type: 'raw_text', text: '' }]] },
  data_table: { type: 'data_table', block_id: 'dt', caption: 'Rows', page_size: 10, row_header_column_index: 0, rows: [[{ type: 'raw_text', text: 'Name' }, { type: 'raw_text', text: 'N' }], [{ type: 'raw_text', text: 'a' }, { type: 'raw_number', value: 1, text: '1' }]] },
  data_visualization: { type: 'data_visualization', block_id: 'dv', title: 'MRR', chart: { type: 'line', series: [{ name: 'MRR', data: [{ label: 'Oct', value: 1 }, { label: 'Nov', value: 2 }] }], axis_config: { categories: ['Oct', 'Nov'], x_label: 'month', y_label: 'EUR' } } },
  'data_visualization as a pie': { type: 'data_visualization', title: 'Share', chart: { type: 'pie', segments: [{ label: 'a', value: 1 }] } },
  card: { type: 'card', block_id: 'card', hero_image: image, icon: image, title: mrkdwn('Title'), subtitle: mrkdwn('Sub'), body: mrkdwn('Body'), actions: [{ ...actionElements.button }] },
  carousel: { type: 'carousel', block_id: 'carousel', elements: [{ type: 'card', body: mrkdwn('Body') }] },
  container: { type: 'container', block_id: 'container', title: plain('Title'), rich_text_title: { ...richText, block_id: 'rt2' }, subtitle: mrkdwn('Sub'), icon: image, width: 'wide', is_collapsible: true, default_collapsed: true, has_header_divider: true, child_blocks: [{ type: 'divider', block_id: 'inner' }] },
  task_card: { type: 'task_card', block_id: 'tc', task_id: 't1', title: 'Task', details: { ...richText, block_id: 'rt3' }, output: { ...richText, block_id: 'rt4' }, sources: [{ type: 'url', url: 'https://example.com/', text: 'source' }], status: 'complete' },
  plan: { type: 'plan', block_id: 'plan', title: 'Plan', tasks: [{ type: 'task_card', task_id: 't1', title: 'Task', status: 'pending' }] },
  video: { type: 'video', block_id: 'video', alt_text: 'a video', title: plain('V'), thumbnail_url: 'https://example.com/t.png', video_url: 'https://example.com/v', author_name: 'a', description: plain('d'), provider_icon_url: 'https://example.com/i.png', provider_name: 'p', title_url: 'https://example.com/' },
};
export const modalBlocks: { [type: string]: JsonObject } = {
  alert: { type: 'alert', block_id: 'alert', text: mrkdwn(), level: 'warning' },
  'input with file_input': { type: 'input', block_id: 'file', label: plain('Label'), element: fileInput, dispatch_action: false, hint: plain('Hint'), optional: true },
};

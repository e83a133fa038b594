import type { JsonObject } from '../../playground/protocol.js';

/** Block Kit in all its kinds, with one element of every sort. */

export const plain = (text: string): JsonObject => ({ type: 'plain_text', text });
export const mrkdwn = (text: string): JsonObject => ({ type: 'mrkdwn', text });
const option = (value: string, text = `Option ${value}`): JsonObject => ({ text: plain(text), value });
const options = ['a', 'b', 'c'].map((value) => option(value));
const rich = (text: string): JsonObject => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
});

export const shownBlocks: JsonObject[] = [
  { type: 'header', text: plain('A header :tada:') },
  {
    type: 'section',
    text: mrkdwn(
      '*Bold* _italic_ ~gone~ `code` <https://example.com/x|a link> <@U0BEN> <#C0RANDOM> <!subteam^S0DATA> <!here> :warning: <!date^1772400000^{date_short} {time}|then>',
    ),
  },
  { type: 'section', text: plain('Plain *stays* plain'), fields: [mrkdwn('*Owner*\nAna'), plain('Tier 1')] },
  {
    type: 'section',
    text: mrkdwn('> quoted\n```pre <b>formatted</b>```\nafter'),
    accessory: { type: 'image', image_url: '/nothing.png', alt_text: 'a chart' },
  },
  {
    type: 'context',
    elements: [{ type: 'image', image_url: '/nothing.png', alt_text: 'icon' }, mrkdwn('Updated *today*')],
  },
  { type: 'divider' },
  { type: 'image', image_url: '/favicon.svg', alt_text: 'the sign', title: plain('Sign') },
  {
    type: 'markdown',
    text: '# Title\n\n**strong** and <b>html</b>\n\n1. one\n2. two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[bad](javascript:alert(1)) [good](https://example.com)',
  },
  {
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_section',
        elements: [
          { type: 'text', text: 'bold words', style: { bold: true } },
          { type: 'user', user_id: 'U0BEN' },
          { type: 'emoji', name: 'fire' },
          { type: 'link', url: 'javascript:alert(1)', text: 'evil' },
        ],
      },
      {
        type: 'rich_text_list',
        style: 'ordered',
        elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'first' }] }],
      },
      {
        type: 'rich_text_list',
        style: 'bullet',
        indent: 1,
        elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'inner' }] }],
      },
      { type: 'rich_text_quote', elements: [{ type: 'text', text: 'a quote' }] },
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'select 1' }] },
    ],
  },
  {
    type: 'table',
    column_settings: [{ is_wrapped: true }, { align: 'right' }],
    rows: [
      [
        { type: 'raw_text', text: 'Metric' },
        { type: 'raw_text', text: 'Value' },
      ],
      [rich('MRR'), { type: 'raw_number', value: 12, text: '12 k' }],
    ],
  },
  {
    type: 'data_table',
    caption: 'GPU hours',
    page_size: 2,
    row_header_column_index: 0,
    rows: [
      [
        { type: 'raw_text', text: 'Region' },
        { type: 'raw_text', text: 'Hours' },
      ],
      ...[
        ['eu', 30],
        ['us', 4],
        ['ap', 200],
      ].map(([region, hours]) => [
        { type: 'raw_text', text: region },
        { type: 'raw_number', value: hours, text: `${hours} h` },
      ]),
    ],
  },
  {
    type: 'data_visualization',
    title: 'Tokens served',
    chart: {
      type: 'bar',
      series: [
        {
          name: 'tokens',
          data: [
            { label: 'Mon', value: 3 },
            { label: 'Tue', value: -1 },
          ],
        },
      ],
      axis_config: { categories: ['Mon', 'Tue'] },
    },
  },
  {
    type: 'data_visualization',
    title: 'Share',
    chart: {
      type: 'pie',
      segments: [
        { label: 'eu', value: 3 },
        { label: 'us', value: 1 },
      ],
    },
  },
  {
    type: 'plan',
    title: 'Answering',
    tasks: [
      { task_id: 't1', title: 'Look it up', status: 'complete', details: rich('in the catalog') },
      { task_id: 't2', title: 'Check freshness', status: 'in_progress' },
    ],
  },
  {
    type: 'task_card',
    task_id: 't3',
    title: 'Probe the warehouse',
    status: 'error',
    output: rich('permission denied'),
    sources: [{ type: 'url', url: 'https://example.com/log', text: 'log' }],
  },
  { type: 'alert', level: 'warning', text: mrkdwn('The source is *late*') },
  {
    type: 'card',
    title: mrkdwn('A card'),
    subtitle: mrkdwn('with a subtitle'),
    body: mrkdwn('and a body'),
    actions: [{ type: 'button', action_id: 'card_button', text: plain('Open') }],
  },
  {
    type: 'carousel',
    elements: [
      { type: 'card', title: mrkdwn('First of two') },
      { type: 'card', title: mrkdwn('Second of two') },
    ],
  },
  {
    type: 'container',
    title: plain('A container'),
    is_collapsible: true,
    default_collapsed: true,
    child_blocks: [{ type: 'section', text: plain('inside the container') }],
  },
  {
    type: 'video',
    title: plain('A video'),
    video_url: 'https://example.com/v',
    thumbnail_url: '/nothing.png',
    alt_text: 'film',
    title_url: 'https://example.com/watch',
  },
  { type: 'something_new', text: 'x' },
  { type: 'section' },
  { type: 'rich_text' },
];

/** Elements that speak at once, each in a block of its own. */
export const actionElements: JsonObject[] = [
  { type: 'button', action_id: 'button', text: plain('Press me'), value: 'v1', style: 'primary' },
  {
    type: 'button',
    action_id: 'careful',
    text: plain('Careful'),
    style: 'danger',
    confirm: {
      title: plain('Really?'),
      text: mrkdwn('It *cannot* be undone'),
      confirm: plain('Do it'),
      deny: plain('No'),
    },
  },
  { type: 'overflow', action_id: 'overflow', options },
  { type: 'static_select', action_id: 'static_select', placeholder: plain('Pick one'), options },
  {
    type: 'multi_static_select',
    action_id: 'multi_static_select',
    placeholder: plain('Pick some'),
    option_groups: [{ label: plain('Group'), options }],
    max_selected_items: 2,
  },
  {
    type: 'external_select',
    action_id: 'external_select',
    placeholder: plain('Find one'),
    min_query_length: 2,
  },
  {
    type: 'multi_external_select',
    action_id: 'multi_external_select',
    placeholder: plain('Find some'),
    min_query_length: 1,
  },
  { type: 'users_select', action_id: 'users_select', placeholder: plain('A person') },
  { type: 'multi_users_select', action_id: 'multi_users_select', placeholder: plain('Some people') },
  { type: 'conversations_select', action_id: 'conversations_select', placeholder: plain('A conversation') },
  {
    type: 'multi_conversations_select',
    action_id: 'multi_conversations_select',
    placeholder: plain('Some conversations'),
  },
  { type: 'channels_select', action_id: 'channels_select', placeholder: plain('A channel') },
  { type: 'multi_channels_select', action_id: 'multi_channels_select', placeholder: plain('Some channels') },
  { type: 'checkboxes', action_id: 'checkboxes', options, initial_options: [options[0]] },
  { type: 'radio_buttons', action_id: 'radio_buttons', options },
  { type: 'datepicker', action_id: 'datepicker', initial_date: '2026-03-01' },
  { type: 'timepicker', action_id: 'timepicker' },
  { type: 'datetimepicker', action_id: 'datetimepicker' },
];

/** Fields of a form, by action_id. */
export const inputElements: JsonObject[] = [
  { type: 'plain_text_input', action_id: 'line' },
  { type: 'plain_text_input', action_id: 'lines', multiline: true },
  { type: 'email_text_input', action_id: 'email' },
  { type: 'url_text_input', action_id: 'url' },
  { type: 'number_input', action_id: 'number', is_decimal_allowed: true },
  { type: 'rich_text_input', action_id: 'rich' },
  { type: 'static_select', action_id: 'select', options, placeholder: plain('Pick') },
  { type: 'multi_users_select', action_id: 'people', placeholder: plain('People') },
  { type: 'checkboxes', action_id: 'checks', options },
  { type: 'radio_buttons', action_id: 'radios', options, initial_option: options[1] },
  { type: 'datepicker', action_id: 'date' },
  { type: 'timepicker', action_id: 'time' },
  { type: 'datetimepicker', action_id: 'moment' },
  { type: 'file_input', action_id: 'files' },
];

export function inputBlock(element: JsonObject, more: JsonObject = {}): JsonObject {
  const name = String(element.action_id);
  return {
    type: 'input',
    block_id: `b_${name}`,
    label: plain(`Field ${name}`),
    element,
    optional: true,
    ...more,
  };
}

import { bool, byType, integer, list, oneOf, type Shape, shape, text, typed, url } from './checks.js';
import { blockId, channelId, userId } from './composition.js';

/** The rich_text block: containers of literal leaves (docs.slack.dev/reference/block-kit/blocks/rich-text-block). */

const anyLength = 40_000;
const style = shape({
  optional: {
    bold: bool,
    italic: bool,
    strike: bool,
    underline: bool,
    code: bool,
    highlight: bool,
    client_highlight: bool,
    unlink: bool,
  },
  also: (value, pointer, report) => {
    if (Object.keys(value).length === 0) report('must provide at least one property', pointer);
  },
});

function leaf(type: string, fields: Shape): ReturnType<typeof shape> {
  return shape({ required: { ...typed(type), ...fields.required }, optional: { style, ...fields.optional } });
}
const leaves = byType(
  {
    text: leaf('text', { required: { text: text(anyLength, { min: 0 }) } }),
    link: leaf('link', {
      required: { url: url(3000) },
      optional: { text: text(anyLength, { min: 0 }), unsafe: bool },
    }),
    user: leaf('user', { required: { user_id: userId } }),
    usergroup: leaf('usergroup', { required: { usergroup_id: text(100, { pattern: /^S[A-Z0-9]+$/ }) } }),
    team: leaf('team', { required: { team_id: text(100, { pattern: /^T[A-Z0-9]+$/ }) } }),
    channel: leaf('channel', { required: { channel_id: channelId } }),
    emoji: leaf('emoji', {
      required: { name: text(255) },
      optional: { skin_tone: integer(1, 6), unicode: text(100) },
    }),
    broadcast: leaf('broadcast', { required: { range: oneOf('here', 'channel', 'everyone') } }),
    color: leaf('color', { required: { value: text(7, { pattern: /^#?[0-9a-fA-F]{6}$/ }) } }),
    date: leaf('date', {
      required: { timestamp: integer(0), format: text(255) },
      optional: { url: url(3000), fallback: text(anyLength, { min: 0 }) },
    }),
  },
  'a rich text element',
);

const inline = list(leaves, 0, 5000);
const border = oneOf(0, 1);
const section = shape({ required: { ...typed('rich_text_section'), elements: inline } });

const containers = byType(
  {
    rich_text_section: section,
    rich_text_list: shape({
      required: {
        ...typed('rich_text_list'),
        style: oneOf('bullet', 'ordered'),
        elements: list(section, 1, 1000),
      },
      optional: { indent: integer(0, 8), offset: integer(0), border },
    }),
    rich_text_preformatted: shape({
      required: { ...typed('rich_text_preformatted'), elements: inline },
      optional: { border, language: text(100) },
    }),
    rich_text_quote: shape({
      required: { ...typed('rich_text_quote'), elements: inline },
      optional: { border },
    }),
  },
  'a rich_text block',
);
export const richTextElements = list(containers, 0, 1000);

export const richTextBlock = shape({
  required: { ...typed('rich_text'), elements: richTextElements },
  optional: { block_id: blockId },
});

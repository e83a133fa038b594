import { bool, byType, type Check, eitherOf, list, oneOf, shape, text, typed, url } from './checks.js';

/** Composition objects and their limits (docs.slack.dev/reference/block-kit/composition-objects). */

export const actionId = text(255);
export const blockId = text(255);
export const userId = text(100, { pattern: /^[UW][A-Z0-9]+$/ });
export const channelId = text(100, { pattern: /^[CG][A-Z0-9]+$/ });

export function plainText(max: number): Check {
  return shape({ required: { ...typed('plain_text'), text: text(max) }, optional: { emoji: bool } });
}
export function mrkdwnText(max: number): Check {
  return shape({ required: { ...typed('mrkdwn'), text: text(max) }, optional: { verbatim: bool } });
}
export function anyText(max: number): Check {
  return byType({ plain_text: plainText(max), mrkdwn: mrkdwnText(max) }, 'a text object');
}
export const placeholder = plainText(150);

export const confirm = shape({
  required: { title: plainText(100), text: anyText(300), confirm: plainText(30), deny: plainText(30) },
  optional: { style: oneOf('primary', 'danger') },
});

/** `value`: 75 in the SDK's types, 150 in newer pages; the smaller holds everywhere. */
const optionValue = text(75);
export const option = shape({
  required: { text: plainText(75), value: optionValue },
  optional: { description: plainText(75) },
});
export const overflowOption = shape({
  required: { text: plainText(75), value: optionValue },
  optional: { description: plainText(75), url: url(3000) },
});
export const richOption = shape({
  required: { text: anyText(75), value: optionValue },
  optional: { description: anyText(75) },
});
export const optionGroup = shape({ required: { label: plainText(75), options: list(option, 1, 100) } });

export const slackFile = shape({ optional: { id: text(100), url: url(3000) }, also: eitherOf('id', 'url') });
export const dispatchConfig = shape({
  required: {
    trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), 1, 2, { unique: true }),
  },
});
export const conversationFilter = shape({
  optional: {
    include: list(oneOf('im', 'mpim', 'private', 'public'), 1, 4, { unique: true }),
    exclude_external_shared_channels: bool,
    exclude_bot_users: bool,
  },
  also: (value, pointer, report) => {
    if (Object.keys(value).length === 0) report('must provide at least one property', pointer);
  },
});

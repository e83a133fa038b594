import type {
  ActionsBlock,
  Button,
  ContextBlock,
  HeaderBlock,
  KnownBlock,
  Overflow,
  PlainTextElement,
  SectionBlock,
} from '@slack/types';
import { truncate } from './mrkdwn.js';

/** Slack's limits (docs.slack.dev, reference/block-kit); built blocks never exceed them. */
export const limits = {
  sectionText: 3000,
  fieldText: 2000,
  header: 150,
  contextText: 2000,
  buttonText: 75,
  blocksPerMessage: 50,
} as const;

export function plain(text: string, max = 75): PlainTextElement {
  return { type: 'plain_text', text: truncate(text, max) || ' ', emoji: true };
}

/** mrkdwn must already be escaped where people or catalogs wrote it. */
export function section(mrkdwn: string, accessory?: Button | Overflow): SectionBlock {
  return {
    type: 'section',
    text: { type: 'mrkdwn', text: truncate(mrkdwn, limits.sectionText) || ' ' },
    ...(accessory ? { accessory } : {}),
  };
}

export function fields(items: readonly string[]): SectionBlock {
  return {
    type: 'section',
    fields: items
      .slice(0, 10)
      .map((text) => ({ type: 'mrkdwn', text: truncate(text, limits.fieldText) || ' ' })),
  };
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plain(text, limits.header) };
}

export function context(...mrkdwn: string[]): ContextBlock {
  return {
    type: 'context',
    elements: mrkdwn
      .slice(0, 10)
      .map((text) => ({ type: 'mrkdwn', text: truncate(text, limits.contextText) || ' ' })),
  };
}

export const divider: KnownBlock = { type: 'divider' };

export interface ButtonParams {
  text: string;
  actionId: string;
  /** Ids only: what a button carries is read by nobody and trusted by nobody. */
  value: string;
  style?: 'primary' | 'danger';
  /** For screen readers, where the text alone does not say it. */
  label?: string;
  confirm?: { title: string; text: string; confirm: string; deny?: string };
  url?: string;
}

export function button(params: ButtonParams): Button {
  return {
    type: 'button',
    text: plain(params.text, limits.buttonText),
    action_id: params.actionId,
    value: params.value,
    ...(params.style ? { style: params.style } : {}),
    ...(params.label ? { accessibility_label: truncate(params.label, 75) } : {}),
    ...(params.url ? { url: params.url } : {}),
    ...(params.confirm
      ? {
          confirm: {
            title: plain(params.confirm.title, 100),
            text: plain(params.confirm.text, 300),
            confirm: plain(params.confirm.confirm, 30),
            deny: plain(params.confirm.deny ?? 'Cancel', 30),
          },
        }
      : {}),
  };
}

/** At most three buttons; what is left goes into the overflow, whose options carry `actionId|value`. */
export function actions(
  buttons: readonly ButtonParams[],
  rest: readonly { text: string; value: string }[] = [],
  restActionId = 'more',
): ActionsBlock {
  // Slack refuses a block in which an action_id stands twice: a second button of one id goes behind the menu.
  const shown: ButtonParams[] = [];
  const behind: ButtonParams[] = [];
  for (const item of buttons) {
    const fits = shown.length < 3 && shown.every((other) => other.actionId !== item.actionId);
    (fits ? shown : behind).push(item);
  }
  const hidden = [
    ...behind.map((item) => ({ text: item.text, value: `${item.actionId}|${item.value}` })),
    ...rest,
  ].slice(0, 5);
  return {
    type: 'actions',
    elements: [...shown.map(button), ...(hidden.length > 0 ? [overflow(hidden, restActionId)] : [])],
  };
}

/** A menu of at most five entries, which is what Slack takes; each value is `actionId|value`. */
export function overflow(entries: readonly { text: string; value: string }[], actionId = 'more'): Overflow {
  return {
    type: 'overflow',
    action_id: actionId,
    options: entries.slice(0, 5).map((item) => ({ text: plain(item.text), value: truncate(item.value, 75) })),
  };
}

import type { ModalView } from '@slack/types';
import type { z } from 'zod';
import { escapeMrkdwn } from '../mrkdwn.js';
import type { blockAction } from '../payloads.js';
import type { ChannelRef } from '../surface.js';

/** Slack's ids say what a channel is; a private channel's may begin with C too, so its name or type decides. */
export function channelRef(id: string, nameOrType: string | undefined): ChannelRef {
  if (id.startsWith('D') || nameOrType === 'directmessage' || nameOrType === 'im') return { id, kind: 'im' };
  if (id.startsWith('G') || nameOrType === 'privategroup' || nameOrType === 'group' || nameOrType === 'mpim')
    return { id, kind: 'private' };
  return { id, kind: 'public' };
}

/** An overflow's option carries `actionId|value`. */
export function overflowTarget(action: z.infer<typeof blockAction>): z.infer<typeof blockAction> {
  const value = action.action_id === 'more' ? action.selected_option?.value : undefined;
  const cut = value?.indexOf('|') ?? -1;
  if (value === undefined || cut < 0) return action;
  return { ...action, action_id: value.slice(0, cut), value: value.slice(cut + 1) };
}

export function wordsView(text: string): ModalView {
  return {
    type: 'modal',
    title: { type: 'plain_text', text: 'Not possible' },
    close: { type: 'plain_text', text: 'Close' },
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: escapeMrkdwn(text) } }],
  };
}

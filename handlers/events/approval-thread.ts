import { z } from 'zod';
import type { EventHandler } from '../../src/slack/surface.js';

const threadMessage = z.object({
  channel: z.string(),
  ts: z.string(),
  thread_ts: z.string(),
  user: z.string(),
  subtype: z.string().optional(),
  bot_id: z.string().optional(),
});

const approvalCards = ['access-request', 'access-extension', 'backfill', 'definition'];

/**
 * What people say in the thread of a request's card belongs to the request: kept by reference (channel and ts), never the
 * words. Needs `message.*` in the channels where approvals are posted; without it the thread is only in Slack.
 */
export const approvalThread: EventHandler = {
  event: 'message',
  run: async (services, event, { now }) => {
    const parsed = threadMessage.safeParse(event);
    if (!parsed.success || parsed.data.bot_id || parsed.data.thread_ts === parsed.data.ts) return;
    const { channel, ts, thread_ts, user } = parsed.data;
    const card = await services.db
      .selectFrom('slack_message')
      .select(['card_kind', 'card_id'])
      .where('channel_id', '=', channel)
      .where('ts', '=', thread_ts)
      .where('card_kind', 'in', approvalCards)
      .executeTakeFirst();
    const person = card ? await services.directory.bySlackId(services.db, user) : null;
    if (!card || !person) return;
    await services.approvals.comment({
      cardKind: card.card_kind,
      subjectId: card.card_id,
      channelId: channel,
      ts,
      personId: person.id,
      now,
    });
  },
};

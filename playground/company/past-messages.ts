import { z } from 'zod';
import { messageKey, renderMessage } from '../../src/effects/slack-send.js';
import type { Services } from '../../src/services.js';
import { contentHash } from '../../src/slack/content-hash.js';
import { spokenText } from '../../src/slack/mrkdwn.js';
import type { SaidInput } from '../seed-history.js';

/** Puts what Steward said before the first day into a channel of the stand-in for Slack. */
export type SayThen = (said: SaidInput) => { channel: string; ts: string; permalink: string };

/** Blocks go over the wire as JSON. */
const BlocksAsSent = z.array(z.record(z.string(), z.unknown()));

/** Decision logs and release notes, each as the message of its day, with what it came to say in the end. */
export async function sayInChannels(services: Services, say: SayThen): Promise<void> {
  const rows = await services.db
    .selectFrom('slack_message')
    .selectAll()
    .where('channel_id', 'is not', null)
    .orderBy('created_at')
    .execute();
  for (const row of rows) {
    const card = await renderMessage(services, row, row.created_at);
    if (card === null || row.channel_id === null) continue;
    const { channel, ts, permalink } = say({
      channel: row.channel_id,
      at: row.created_at,
      text: spokenText(card.text),
      blocks: BlocksAsSent.parse(card.blocks),
      metadata: messageKey(row.key),
    });
    await services.db
      .updateTable('slack_message')
      .set({
        state: 'sent',
        channel_id: channel,
        ts,
        content_hash: contentHash(card),
        permalink: card.linked ? permalink : null,
      })
      .where('id', '=', row.id)
      .execute();
  }
}

/** What Steward would have said to one person alone, or would still do, is over: none of it is posted today. */
export async function forgetTheRest({ db }: Services): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx.deleteFrom('outbox').execute();
    await trx.deleteFrom('slack_message').where('state', '<>', 'sent').execute();
    await trx.deleteFrom('notice_waiting').execute();
  });
}

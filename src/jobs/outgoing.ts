import type { Trx } from '../db/database.js';
import { enqueue } from './outbox.js';

/**
 * How the domain tells Slack something. It names a card (kind and id) and a place; what the card says is rendered when it
 * is sent, from the state that is true then (src/slack/cards/<kind>.ts).
 */
export interface CardRef {
  /** Name of the renderer: `answer`, `access-request`, `incident` … */
  kind: string;
  /** Id the renderer loads its subject by. */
  id: string;
  /** The same subject told differently: `approver`, `requester`, `line`, `consumer` … */
  variant?: string;
}

export type Place = { channelId: string } | { personId: string };

export interface PostCard {
  /** Unique for ever; the message's idempotency key and its name for later updates and threads. */
  key: string;
  to: Place;
  card: CardRef;
  /** Key of the message in whose thread this one is posted. */
  inThreadOf?: string;
  /** A notice's topic: the message gets "Stop these". Notices go through `postNotice` (src/notices/), which sets it. */
  topic?: string;
  now: Date;
  runAt?: Date;
}

/** Posts a card once. The same key again does nothing. */
export async function postCard(trx: Trx, post: PostCard): Promise<void> {
  const row = await trx
    .insertInto('slack_message')
    .values({
      key: post.key,
      card_kind: post.card.kind,
      card_id: post.card.id,
      variant: post.card.variant ?? '',
      channel_id: 'channelId' in post.to ? post.to.channelId : null,
      person_id: 'personId' in post.to ? post.to.personId : null,
      thread_key: post.inThreadOf ?? null,
      topic: post.topic ?? null,
      created_at: post.now,
      updated_at: post.now,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!row) return;
  await enqueue(trx, {
    kind: 'slack.send',
    queue: 'slack',
    key: `slack.send:${post.key}`,
    lane: laneOf(post.to),
    payload: { messageId: row.id },
    now: post.now,
    ...(post.runAt === undefined ? {} : { runAt: post.runAt }),
  });
}

/**
 * Brings every message that shows this card up to date. An update that is still waiting is enough: the newest state is
 * rendered when it is sent.
 */
export async function refreshCards(
  trx: Trx,
  card: { kind: string; id: string; variant?: string },
  now: Date,
): Promise<void> {
  const messages = await trx
    .selectFrom('slack_message')
    .select(['id', 'channel_id', 'person_id'])
    .where('card_kind', '=', card.kind)
    .where('card_id', '=', card.id)
    .where('state', '<>', 'gone')
    .$if(card.variant !== undefined, (query) => query.where('variant', '=', card.variant ?? ''))
    .execute();
  for (const message of messages) {
    const waiting = await trx
      .selectFrom('outbox')
      .select('id')
      .where('kind', '=', 'slack.update')
      .where('lane', '=', laneOfRow(message))
      .where('state', '=', 'pending')
      .where('payload', '@>', JSON.stringify({ messageId: message.id }) as never)
      .executeTakeFirst();
    if (waiting) continue;
    await enqueue(trx, {
      kind: 'slack.update',
      queue: 'slack',
      key: `slack.update:${message.id}:${now.getTime()}:${process.hrtime.bigint()}`,
      lane: laneOfRow(message),
      payload: { messageId: message.id },
      now,
    });
  }
}

export function laneOf(place: Place): string {
  return 'channelId' in place ? `slack:${place.channelId}` : `slack:person:${place.personId}`;
}

function laneOfRow(row: { channel_id: string | null; person_id: string | null }): string {
  return row.person_id === null ? `slack:${row.channel_id}` : `slack:person:${row.person_id}`;
}

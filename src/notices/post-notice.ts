import type { Trx } from '../db/database.js';
import { type CardRef, postCard } from '../jobs/outgoing.js';
import { calendarOfReader, nextWorkdayStart } from '../people/calendar.js';
import type { Services } from '../services.js';
import { type TopicId, topicOf } from './topics.js';

export interface Notice {
  topic: TopicId;
  personId: string;
  /** Unique for ever, as for `postCard`. */
  key: string;
  card: CardRef;
  /** Key of the message in whose thread it stands; a notice that waits for the morning leaves its thread. */
  inThreadOf?: string;
  now: Date;
}

/** Name of the card that holds what waited for one morning. */
export const digestKind = 'notice-digest';

/**
 * Tells one person something they do not have to act on. Every domain uses this in place of `postCard` for such messages:
 *
 *     await postNotice(services, trx, { topic: 'access-drift', personId, key, card, now });
 *
 * The message carries "Stop these"; whoever pressed it for this topic is not told. Topics that can wait (src/notices/topics.ts)
 * come as one message at the start of the reader's next working day, on their own clock; the digest shows each card's `text`, as it reads
 * then, so a card of a daily topic must need no button. A new kind of notice is a line in `topics` and a call of this.
 */
export async function postNotice(
  services: Pick<Services, 'config' | 'directory'>,
  trx: Trx,
  notice: Notice,
): Promise<'sent' | 'waits' | 'stopped'> {
  const { topic, personId, key, card, now } = notice;
  if (await isStopped(trx, { personId, topic })) return 'stopped';
  const person = await services.directory.byId(trx, personId);
  if (person?.status !== 'active') return 'stopped';
  if (topicOf(topic)?.when === 'now') {
    const thread = notice.inThreadOf === undefined ? {} : { inThreadOf: notice.inThreadOf };
    await postCard(trx, { key, to: { personId }, card, topic, now, ...thread });
    return 'sent';
  }
  const dueAt = nextWorkdayStart(calendarOfReader(services.config, person), now);
  await trx
    .insertInto('notice_waiting')
    .values({
      key,
      person_id: personId,
      topic,
      card_kind: card.kind,
      card_id: card.id,
      variant: card.variant ?? '',
      due_at: dueAt,
      created_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await postCard(trx, {
    key: `notices:${personId}:${dueAt.getTime()}`,
    to: { personId },
    card: { kind: digestKind, id: digestId(personId, dueAt) },
    now,
    runAt: dueAt,
  });
  return 'waits';
}

export async function isStopped(trx: Trx, params: { personId: string; topic: string }): Promise<boolean> {
  const row = await trx
    .selectFrom('notice_stop')
    .select('topic')
    .where('person_id', '=', params.personId)
    .where('topic', '=', params.topic)
    .executeTakeFirst();
  return row !== undefined;
}

/** One digest per person and morning. */
function digestId(personId: string, dueAt: Date): string {
  return `${personId}@${dueAt.toISOString()}`;
}

/** What a digest's card carries as its id; null for anything else. */
export function digestOf(id: string): { personId: string; dueAt: Date } | null {
  const [personId = '', at = ''] = id.split('@');
  const dueAt = new Date(at);
  return personId === '' || Number.isNaN(dueAt.getTime()) ? null : { personId, dueAt };
}

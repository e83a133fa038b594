import type { Selectable } from 'kysely';
import type { Trx } from '../db/database.js';
import { postCard } from '../jobs/outgoing.js';
import type { BackfillTable } from './tables.js';

export type BackfillRow = Selectable<BackfillTable>;

export const cardKind = 'backfill';
export const eventCardKind = 'backfill-event';

/** Key of the one message that shows a backfill in the backfills channel. */
export function channelCardKey(backfillId: string): string {
  return `backfill:${backfillId}:channel`;
}

/** A line of history: kept with the backfill and posted into the thread of every message that shows it. */
export async function recordEvent(
  trx: Trx,
  event: {
    backfillId: string;
    kind: string;
    text: string;
    now: Date;
    /** Whoever asked is told by another message. */
    channelOnly?: true;
  },
): Promise<void> {
  const { id } = await trx
    .insertInto('backfill_event')
    .values({ backfill_id: event.backfillId, kind: event.kind, text: event.text, at: event.now })
    .returning('id')
    .executeTakeFirstOrThrow();
  const shown = await trx
    .selectFrom('slack_message')
    .select(['key', 'channel_id', 'person_id'])
    .where('card_kind', '=', cardKind)
    .where('card_id', '=', event.backfillId)
    .where('variant', 'in', ['channel', 'requester'])
    .where('state', '<>', 'gone')
    .execute();
  // The history stands once: in the channel where there is one, else with whoever asked.
  const inChannel = shown.find((message) => message.key === channelCardKey(event.backfillId));
  const home = inChannel ?? (event.channelOnly ? undefined : shown[0]);
  if (home === undefined) return;
  const to =
    home.person_id !== null
      ? { personId: home.person_id }
      : home.channel_id !== null
        ? { channelId: home.channel_id }
        : null;
  if (to === null) return;
  await postCard(trx, {
    key: `backfill-event:${id}`,
    to,
    card: { kind: eventCardKind, id },
    inThreadOf: home.key,
    now: event.now,
  });
}

/** A direct message to people who asked or must act. One per `about` and person. */
export async function tellPeople(
  trx: Trx,
  params: { backfillId: string; personIds: readonly string[]; variant: string; about: string; now: Date },
): Promise<void> {
  for (const personId of new Set(params.personIds)) {
    await postCard(trx, {
      key: `backfill:${params.backfillId}:${params.about}:${personId}`,
      to: { personId },
      card: { kind: cardKind, id: params.backfillId, variant: params.variant },
      now: params.now,
    });
  }
}

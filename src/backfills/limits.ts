import { sql } from 'kysely';
import type { Db, Trx } from '../db/database.js';
import type { Services } from '../services.js';
import { LimitReachedError } from './errors.js';
import { liveStates } from './state.js';

const dayMs = 86_400_000;

/**
 * Refuses what one person, or everybody together, may not have rebuilt in a day. Holds a lock to the end of the transaction, so
 * that of two requests the second sees the first.
 */
export async function checkLimits(
  services: Services,
  trx: Trx,
  personId: string,
  partitions: number,
  now: Date,
): Promise<void> {
  const { backfills: limits } = services.config;
  // Everybody's requests of a day are counted together, so they are counted one after the other.
  await sql`select pg_advisory_xact_lock(hashtextextended('backfill.limits', 0))`.execute(trx);
  const used = await usedToday(trx, personId, now);
  if (used.person + partitions > limits.partitionsPerPersonPerDay) {
    throw new LimitReachedError(
      `You asked for ${used.person} partitions in the last 24 hours; with these ${partitions} it would be more than the ${limits.partitionsPerPersonPerDay} one person may have rebuilt. Nothing was requested. Ask for fewer, or tomorrow.`,
    );
  }
  if (used.everybody + partitions > limits.partitionsPerDay) {
    throw new LimitReachedError(
      `${used.everybody} partitions were asked for in the last 24 hours by everybody together; with these ${partitions} it would be more than ${limits.partitionsPerDay}. Nothing was requested. Talk to the data team.`,
    );
  }
  if (used.live >= limits.livePerPerson) {
    throw new LimitReachedError(
      `You have ${used.live} ${used.live === 1 ? 'backfill' : 'backfills'} under way, which is as many as one person may have. Nothing was requested. Wait for one to end, or cancel one.`,
    );
  }
}

/** What was asked for in the last 24 hours and not refused; also facts that policies may look at. */
export async function usedToday(db: Db | Trx, personId: string | null, now: Date, exceptId?: string) {
  const row = await db
    .selectFrom('backfill')
    .select((select) => [
      select.fn.coalesce(select.fn.sum<string>('partitions'), sql<string>`0`).as('everybody'),
      sql<string>`coalesce(sum(partitions) filter (where requested_by = ${personId}), 0)`.as('person'),
      sql<string>`count(*) filter (where requested_by = ${personId})`.as('requests'),
    ])
    .where('created_at', '>', new Date(now.getTime() - dayMs))
    .where('state', 'not in', ['declined', 'withdrawn', 'expired', 'joined'])
    .$if(exceptId !== undefined, (query) => query.where('id', '<>', exceptId ?? ''))
    .executeTakeFirstOrThrow();
  const live = await db
    .selectFrom('backfill')
    .select((select) => select.fn.countAll<string>().as('n'))
    .where('requested_by', '=', personId)
    .where('state', 'in', [...liveStates])
    .$if(exceptId !== undefined, (query) => query.where('id', '<>', exceptId ?? ''))
    .executeTakeFirstOrThrow();
  return {
    everybody: Number(row.everybody),
    person: Number(row.person),
    requests: Number(row.requests),
    live: Number(live.n),
  };
}

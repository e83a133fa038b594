import { sql } from 'kysely';
import type { Db } from '../db/database.js';

/** A lane held by one worker. The fence grows with every taking, so that a holder who lost it can tell. */
export interface HeldLane {
  key: string;
  fence: string;
}

/** How long a lane is held without a sign of life; machine time, since a moved clock must not free a lane. */
const holdSeconds = 30;

/**
 * Takes the lane, or answers null when somebody else holds it or it must wait. One statement: a lane that is made and then taken could be
 * swept away in between.
 */
export async function takeLane(db: Db, key: string, now: Date): Promise<HeldLane | null> {
  const until = sql<Date>`clock_timestamp() + make_interval(secs => ${holdSeconds})`;
  const row = await db
    .insertInto('lane')
    .values({ key, locked_until: until, fence: 1 })
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet({ locked_until: until, fence: sql`lane.fence + 1` })
        .where((where) =>
          where.or([
            where('lane.locked_until', 'is', null),
            where('lane.locked_until', '<', sql<Date>`clock_timestamp()`),
          ]),
        )
        .where((where) =>
          where.or([where('lane.not_before', 'is', null), where('lane.not_before', '<=', now)]),
        ),
    )
    .returning('fence')
    .executeTakeFirst();
  return row ? { key, fence: row.fence } : null;
}

/** Holds on for another while. False when the lane was lost: the caller stops at once. */
export async function keepLane(db: Db, lane: HeldLane): Promise<boolean> {
  const result = await db
    .updateTable('lane')
    .set({ locked_until: sql`clock_timestamp() + make_interval(secs => ${holdSeconds})` })
    .where('key', '=', lane.key)
    .where('fence', '=', lane.fence)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Lets go, optionally closing the lane until `notBefore` (the other side asked for patience). */
export async function releaseLane(db: Db, lane: HeldLane, notBefore: Date | null = null): Promise<void> {
  await db
    .updateTable('lane')
    .set({ locked_until: null, not_before: notBefore })
    .where('key', '=', lane.key)
    .where('fence', '=', lane.fence)
    .execute();
}

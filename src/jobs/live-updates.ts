import { sql } from 'kysely';
import type { Db } from '../db/database.js';

/** A place that was taken is free again after this. */
const windowMs = 60_000;

/**
 * Takes one of the 30 places that all moving bars of all processes share in any minute. Null: taken, the update may be sent. A
 * date: all are in use, and then the first is free again. Counting messages that changed would not do: one message that moves
 * often would count once.
 */
export async function takeLiveUpdate(db: Db, now: Date): Promise<Date | null> {
  const free = new Date(now.getTime() - windowMs);
  const taken = await sql<{ place: number }>`
    update live_update set used_at = ${now}
    where place = (
      select place from live_update where used_at <= ${free} order by used_at limit 1 for update skip locked
    )
    returning place`.execute(db);
  if (taken.rows.length > 0) return null;
  const oldest = await sql<{ at: Date | null }>`
    select min(used_at) filter (where used_at > ${free}) as at from live_update`.execute(db);
  const at = oldest.rows[0]?.at ?? now;
  return new Date(Math.max(at.getTime() + windowMs, now.getTime() + 1_000));
}

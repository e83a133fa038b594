import type { Db } from '../db/database.js';

/**
 * Outbox rows whose job was lost (a flushed Redis, a killed worker) become due again. Called at start for all of them and every
 * minute for those queued longer than `olderThanMs` ago. A row that is being worked on right now is safe: its worker holds the
 * lane or the row's advisory lock, and the second job finds it taken.
 */
export async function requeueDue(db: Db, now: Date, olderThanMs = 0): Promise<number> {
  const result = await db
    .updateTable('outbox')
    .set({ state: 'pending', queued_at: null })
    .where('state', '=', 'queued')
    .where('queued_at', '<=', new Date(now.getTime() - olderThanMs))
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

import { sql } from 'kysely';
import type { Db, Trx } from '../../src/db/database.js';

/**
 * Holds a lock, starts the acts one after the other, each once the one before waits for a lock, then lets go: every time the same meeting of
 * transactions that otherwise comes once in a thousand. Gives what became of each.
 */
export async function queueUp<Result>(
  db: Db,
  hold: (trx: Trx) => Promise<unknown>,
  acts: readonly (() => Promise<Result>)[],
): Promise<PromiseSettledResult<Result>[]> {
  const begun: Promise<Result>[] = [];
  await db.transaction().execute(async (trx) => {
    await hold(trx);
    for (const act of acts) {
      const running = act();
      running.catch(() => undefined);
      begun.push(running);
      await untilWaiting(db, begun.length);
    }
  });
  return Promise.allSettled(begun);
}

async function untilWaiting(db: Db, wanted: number): Promise<void> {
  for (let turn = 0; turn < 500; turn += 1) {
    const { rows } = await sql<{ waiting: number }>`
      select count(*)::int as waiting from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
    if ((rows[0]?.waiting ?? 0) >= wanted) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`fewer than ${wanted} wait for a lock`);
}

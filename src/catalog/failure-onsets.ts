import { sql } from 'kysely';
import type { Db } from '../db/database.js';
import type { Signal } from './asset.js';
import { grouped } from './grouped.js';
import { type SignalRow, toSignal } from './signal-rows.js';

/** Whether a measurement says that something is wrong: it failed, or what should be there is getting late. */
export function isTrouble({ type, status }: Pick<Signal, 'type' | 'status'>): boolean {
  return status === 'fail' || status === 'error' || (type === 'freshness' && status === 'warn');
}

/** The first bad result of each row of bad ones, of every check among these measurements of one asset. Newest first. */
export function onsetsAmong(signals: readonly Signal[]): Signal[] {
  const wasBad = new Map<string, boolean>();
  const oldestFirst = [...signals].sort((a, b) => a.observedAt.localeCompare(b.observedAt));
  const onsets = oldestFirst.filter((signal) => {
    const check = `${signal.type}|${signal.name}|${signal.columnName ?? ''}`;
    const bad = isTrouble(signal);
    const began = bad && wasBad.get(check) !== true;
    wasBad.set(check, bad);
    return began;
  });
  return onsets.reverse();
}

/**
 * When checks of these assets began to fail in a window, newest first, however many measurements lie in it: the database walks each check along its unique key and
 * hands out only where good turned into bad. What failed before the window already is no onset. Null where that takes longer than `withinMs`.
 */
export async function failureOnsets(
  db: Db,
  assetIds: readonly string[],
  { from, to, withinMs }: { from: Date; to: Date; withinMs: number },
): Promise<Map<string, Signal[]> | null> {
  try {
    const { rows } = await db.transaction().execute(async (trx) => {
      await sql`select set_config('statement_timeout', ${String(Math.ceil(withinMs))}, true)`.execute(trx);
      return sql<SignalRow>`
        with seen as (
          select asset_id, type, name, column_name, observed_at, status,
            (${troubleSql}) as bad,
            lag(${troubleSql}) over (partition by asset_id, type, name, column_name order by observed_at, status) as bad_before
          from signal
          where asset_id = any(${[...assetIds]}::uuid[]) and observed_at >= ${from} and observed_at <= ${to}
        )
        select found.*
        from seen
        join signal found on found.asset_id = seen.asset_id and found.type = seen.type and found.name = seen.name
          and found.column_name is not distinct from seen.column_name and found.observed_at = seen.observed_at
          and found.status = seen.status
        where seen.bad and not coalesce(seen.bad_before, (
          select ${troubleSql} from signal
          where asset_id = seen.asset_id and observed_at < ${from} and type = seen.type and name = seen.name
            and column_name is not distinct from seen.column_name
          order by observed_at desc limit 1
        ), false)
        order by found.observed_at desc, found.id desc`.execute(trx);
    });
    return grouped(rows, (row) => row.asset_id, toSignal);
  } catch (error) {
    if (isTimeout(error)) return null;
    throw error;
  }
}

/** `isTrouble`, as the database says it. */
const troubleSql = sql<boolean>`status in ('fail', 'error') or (type = 'freshness' and status = 'warn')`;

/** query_canceled: postgresql.org/docs/current/errcodes-appendix.html */
function isTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '57014';
}

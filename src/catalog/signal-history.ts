import { sql } from 'kysely';
import type { Db } from '../db/database.js';
import type { Signal } from './asset.js';
import { grouped } from './grouped.js';
import { type SignalRow, toSignal } from './signal-rows.js';

/** Everything measured about one asset in a window, newest first: for "why did it change" and for the usual time a source is there. */
export async function signalHistory(
  db: Db,
  assetId: string,
  window: { from: Date; to: Date; limit?: number },
): Promise<Signal[]> {
  return (await signalHistories(db, [assetId], window)).get(assetId) ?? [];
}

/** The same of many assets in one query: the newest `limit` of each (500), newest first. Assets without any are not in it. */
export async function signalHistories(
  db: Db,
  assetIds: readonly string[],
  window: { from: Date; to: Date; limit?: number },
): Promise<Map<string, Signal[]>> {
  const { rows } = await sql<SignalRow>`
    select found.* from unnest(${[...assetIds]}::uuid[]) as wanted (id)
    cross join lateral (
      select asset_id, type, name, column_name, status, observed_at, loaded_at, value, unit, message, id
      from signal
      where asset_id = wanted.id and observed_at >= ${window.from} and observed_at <= ${window.to}
      order by observed_at desc, id desc
      limit ${window.limit ?? 500}
    ) found
    order by found.observed_at desc, found.id desc`.execute(db);
  return grouped(rows, (row) => row.asset_id, toSignal);
}

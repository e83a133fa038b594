import type { Db, Trx } from '../db/database.js';
import { quantile } from './estimate.js';

export interface BackfillStatistics {
  ended: number;
  succeeded: number;
  /** Ended well without a failed chunk or a retry. */
  withoutRework: number;
  shareWithoutRework: number | null;
  /** Seconds from asking to the end. */
  leadMedianSeconds: number | null;
  leadP90Seconds: number | null;
  partitions: number;
}

/** How well backfills go: share completed without rework, and lead time from asking to verified. */
export async function backfillStatistics(
  db: Db | Trx,
  params: { from: Date; to: Date },
): Promise<BackfillStatistics> {
  const rows = await db
    .selectFrom('backfill')
    .select(['state', 'reworked', 'created_at', 'finished_at', 'partitions'])
    .where('state', 'in', ['succeeded', 'failed', 'cancelled'])
    .where('finished_at', '>=', params.from)
    .where('finished_at', '<', params.to)
    .execute();
  const succeeded = rows.filter(({ state }) => state === 'succeeded');
  const clean = succeeded.filter(({ reworked }) => !reworked);
  const leads = succeeded
    .map((row) => ((row.finished_at ?? row.created_at).getTime() - row.created_at.getTime()) / 1000)
    .sort((a, b) => a - b);
  return {
    ended: rows.length,
    succeeded: succeeded.length,
    withoutRework: clean.length,
    shareWithoutRework: rows.length === 0 ? null : clean.length / rows.length,
    leadMedianSeconds: quantile(leads, 0.5),
    leadP90Seconds: quantile(leads, 0.9),
    partitions: succeeded.reduce((sum, row) => sum + row.partitions, 0),
  };
}

import type { CatalogView } from '../../catalog/view.js';
import type { Db, Trx } from '../../db/database.js';
import type { PastRun } from '../estimate.js';

/** The last runs of this pipeline that succeeded: our own chunks, and what the catalog's sources reported. */
export async function pastRuns(
  db: Db | Trx,
  view: CatalogView,
  assetId: string,
  limit = 50,
): Promise<PastRun[]> {
  const own = await db
    .selectFrom('backfill_run')
    .select(['seconds', 'partitions'])
    .where('asset_id', '=', assetId)
    .where('outcome', '=', 'succeeded')
    .orderBy('finished_at', 'desc')
    .limit(limit)
    .execute();
  const reported = view
    .signals(assetId)
    .filter((signal) => signal.type === 'run' && signal.status === 'pass' && signal.value !== undefined)
    .filter((signal) => signal.unit === undefined || /^s(ec(onds?)?)?$/.test(signal.unit))
    .slice(0, limit - own.length)
    .map((signal) => ({ seconds: signal.value ?? 0, partitions: 1 }));
  return [...own, ...reported].slice(0, limit);
}

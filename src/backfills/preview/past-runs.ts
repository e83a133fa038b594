import type { Signal } from '../../catalog/asset.js';
import { signalHistory } from '../../catalog/signal-history.js';
import type { CatalogView } from '../../catalog/view.js';
import type { Db } from '../../db/database.js';
import type { PastRun } from '../estimate.js';

/** What is older says little of how the pipeline runs now. */
const lookBackMs = 180 * 86_400_000;
/** Tests of an asset are measured with its runs: so many measurements hold a few weeks of both. */
const measurementsAtMost = 2_000;

/** What past runs of a pipeline took and wrote. Each list is of its own: not every source says everything of a run. */
export interface Past {
  /** How long they took. */
  times: PastRun[];
  /** Rows that one partition's run wrote, newest first. */
  rows: number[];
  /** Bytes that one partition's run read, newest first. */
  bytes: number[];
}

/** The last runs of this pipeline that succeeded: our own chunks, and what the catalog's sources reported. */
export async function pastRuns(
  db: Db,
  view: CatalogView,
  params: { assetId: string; now: Date; limit?: number },
): Promise<Past> {
  const { assetId, now, limit = 50 } = params;
  const own = await db
    .selectFrom('backfill_run')
    .select(['seconds', 'partitions', 'rows'])
    .where('asset_id', '=', assetId)
    .where('outcome', '=', 'succeeded')
    .orderBy('finished_at', 'desc')
    .limit(limit)
    .execute();
  const stored = await signalHistory(db, assetId, {
    from: new Date(now.getTime() - lookBackMs),
    to: now,
    limit: measurementsAtMost,
  });
  // A catalog read from files alone has its measurements in memory only.
  const measured = (stored.length > 0 ? stored : view.signals(assetId)).filter(
    ({ status }) => status === 'pass',
  );
  const valuesOf = (which: (signal: Signal) => boolean): number[] =>
    measured.filter(which).flatMap(({ value }) => (value === undefined || value < 0 ? [] : [value]));
  const seconds = valuesOf(({ type, unit }) => type === 'run' && isSeconds(unit));
  const ownRows = own.flatMap(({ rows, partitions }) =>
    rows === null || partitions === 0 ? [] : [Number(rows) / partitions],
  );
  return {
    times: [...own, ...seconds.map((one) => ({ seconds: one, partitions: 1 }))].slice(0, limit),
    rows: [...ownRows, ...valuesOf(({ type, name }) => type === 'volume' && name === 'rows written')].slice(
      0,
      limit,
    ),
    bytes: valuesOf(({ type, name }) => type === 'volume' && name === 'bytes processed').slice(0, limit),
  };
}

function isSeconds(unit: string | undefined): boolean {
  return unit === undefined || /^s(ec(onds?)?)?$/.test(unit);
}

import type { BackfillRow } from './events.js';
import type { PartitionSlice } from './partition.js';
import { slicesBetween } from './partition.js';

/**
 * The partitions that were asked for, as far as they are stored: the previewed ones, and for rules that choose (`missing`,
 * `failed`) all of the window again, so that what has changed since shows.
 */
export function windowSlices(backfill: BackfillRow): PartitionSlice[] {
  const previewed = backfill.preview.partitions.map(({ key, start, end }) => ({
    key,
    start: new Date(start),
    end: new Date(end),
  }));
  if (backfill.reprocess === 'all' || backfill.preview.skipped === 0) return previewed;
  return slicesBetween(
    { grain: backfill.grain, timeZone: backfill.time_zone },
    backfill.window_from,
    backfill.window_to,
  );
}

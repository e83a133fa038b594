import { DateTime } from 'luxon';
import type { Partition } from '../catalog/asset.js';

export type Grain = Partition['grain'];

/** One slice of a pipeline's data: half-open instants, cut at local midnight, hour or month of the pipeline's own zone. */
export interface PartitionSlice {
  /** What people call it: `2026-10-05`, `2026-10`, `2026-10-25T02:00+02:00` (an hour names its offset: one is doubled each autumn). */
  key: string;
  start: Date;
  end: Date;
}

/** The slice that contains this instant. */
export function sliceAt(spec: Pick<Partition, 'grain' | 'timeZone'>, at: Date): PartitionSlice {
  return sliceFrom(spec, DateTime.fromJSDate(at, { zone: spec.timeZone }).startOf(spec.grain));
}

/**
 * Every slice that starts in `[from, to)`. Days are walked by the calendar and hours by the clock on the wall's own offset,
 * so a day may last 23 or 25 hours and a doubled hour is two slices.
 */
export function slicesBetween(
  spec: Pick<Partition, 'grain' | 'timeZone'>,
  from: Date,
  to: Date,
  limit = Number.POSITIVE_INFINITY,
): PartitionSlice[] {
  const slices: PartitionSlice[] = [];
  let start: DateTime<boolean> = DateTime.fromJSDate(from, { zone: spec.timeZone }).startOf(spec.grain);
  if (start.toMillis() < from.getTime()) start = nextStart(start, spec.grain);
  while (start.toMillis() < to.getTime() && slices.length < limit) {
    slices.push(sliceFrom(spec, start));
    start = nextStart(start, spec.grain);
  }
  return slices;
}

/**
 * The local start that follows. Going by the calendar and cutting again survives midnights that do not exist; where clocks
 * go back by half an hour (Lord Howe) the cut may land on the same start, so it goes on until time moves.
 */
export function nextStart(start: DateTime<boolean>, grain: Grain): DateTime<boolean> {
  for (let count = 1; count <= 3; count += 1) {
    const next = start.plus({ [grain]: count }).startOf(grain);
    if (next > start) return next;
  }
  throw new RangeError(`time does not move in ${start.zoneName}`);
}

function sliceFrom(spec: Pick<Partition, 'grain'>, start: DateTime<boolean>): PartitionSlice {
  return {
    key: keyOf(spec.grain, start),
    start: start.toJSDate(),
    end: nextStart(start, spec.grain).toJSDate(),
  };
}

function keyOf(grain: Grain, start: DateTime<boolean>): string {
  if (grain === 'month') return start.toFormat('yyyy-MM');
  if (grain === 'day') return start.toFormat('yyyy-MM-dd');
  return start.toFormat("yyyy-MM-dd'T'HH:mmZZ");
}

/** Hours in which the zone's clocks change inside the slice: 23 or 25 for a day; null when nothing changes. */
export function unusualHours(spec: Pick<Partition, 'grain'>, slice: PartitionSlice): number | null {
  if (spec.grain !== 'day') return null;
  const hours = (slice.end.getTime() - slice.start.getTime()) / 3_600_000;
  return hours === 24 ? null : hours;
}

/** `2026-10-01 to 2026-10-05` for neighbours, commas for gaps: how a list of slices is read back to people. */
export function describeSlices(slices: readonly PartitionSlice[], limit = 12): string {
  const runs: { first: PartitionSlice; last: PartitionSlice }[] = [];
  for (const slice of slices) {
    const run = runs.at(-1);
    if (run !== undefined && run.last.end.getTime() === slice.start.getTime()) run.last = slice;
    else runs.push({ first: slice, last: slice });
  }
  const words = runs.map(({ first, last }) =>
    first.key === last.key ? first.key : `${first.key} to ${last.key}`,
  );
  const shown = words.slice(0, limit);
  return words.length > limit ? `${shown.join(', ')} and ${words.length - limit} more` : shown.join(', ');
}

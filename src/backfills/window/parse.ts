import { DateTime } from 'luxon';
import type { Partition } from '../../catalog/asset.js';
import {
  describeSlices,
  type Grain,
  type PartitionSlice,
  sliceAt,
  slicesBetween,
  unusualHours,
} from '../partition.js';
import {
  GrainMismatchError,
  WindowBeyondRetentionError,
  WindowEmptyError,
  WindowInFutureError,
  WindowReversedError,
  WindowTooLargeError,
  WindowUnreadableError,
} from './errors.js';
import { type Period, readPeriod, span, type Unit, unitOf } from './period.js';

/** A window as it was understood: exact partitions, oldest first, and the sentence that reads it back. */
export interface Window {
  slices: PartitionSlice[];
  from: Date;
  to: Date;
  readBack: string;
  /** What a reader may stumble over: days of 23 or 25 hours, a month cut at its last complete day. */
  notes: string[];
}

export const maxPartitions = 2_000;

/** Between the entries of a list; the comma of `October 5, 2026` is none. */
const separator = /\s*(?:,(?!\s*\d{4}(?:$|[\s,;]))|;|\band\b)\s*/;

const grainRank: Record<Grain, number> = { hour: 0, day: 1, month: 2 };
const unitRank: Record<Unit, number> = { hour: 0, day: 1, week: 1, month: 2, quarter: 2, year: 2 };

/**
 * Reads a window as people type it (`last 3 days`, `2026-10`, `yesterday`, `2026-10-01 to 2026-10-05`, `2026-10-01,
 * 2026-10-04`) in the pipeline's own zone. Throws a `WindowError` that says what would be right.
 */
export function parseWindow(text: string, spec: Partition, now: Date): Window {
  const words = text
    .trim()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/[.!]+$/, '');
  if (words === '') {
    throw new WindowEmptyError(
      'Say which partitions: for example `yesterday`, `last 3 days`, `2026-10` or `2026-10-01 to 2026-10-05`.',
    );
  }
  const here = DateTime.fromJSDate(now, { zone: spec.timeZone });
  const notes: string[] = [];
  const parts = words.startsWith('between ') ? [words] : words.split(separator).filter((part) => part !== '');
  const byKey = new Map<string, PartitionSlice>();
  for (const part of parts) {
    for (const slice of readPart(part, spec, here, notes)) byKey.set(slice.key, slice);
  }
  const slices = [...byKey.values()].sort((a, b) => a.start.getTime() - b.start.getTime());
  checkBounds(slices, spec, here);
  return windowOf(slices, spec, notes);
}

/** A window from slices that are known already (stored, or picked one by one). */
export function windowOf(
  slices: readonly PartitionSlice[],
  spec: Partition,
  notes: readonly string[] = [],
): Window {
  const first = slices[0];
  const last = slices.at(-1);
  if (first === undefined || last === undefined) {
    throw new WindowEmptyError('No partition lies in that window. Name a longer one.');
  }
  const clockChanges = slices.flatMap((slice) => {
    const hours = unusualHours(spec, slice);
    return hours === null ? [] : [`${slice.key} has ${hours} hours: the clocks change.`];
  });
  return {
    slices: [...slices],
    from: first.start,
    to: last.end,
    readBack: `${slices.length} ${spec.grain}${slices.length === 1 ? '' : 's'} (${spec.timeZone}): ${describeSlices(slices)}`,
    notes: [...notes, ...clockChanges],
  };
}

function readPart(part: string, spec: Partition, here: DateTime, notes: string[]): PartitionSlice[] {
  const counted =
    /^(?:the )?(?:last|past|previous) (\d{1,4}|a|an|one|two|three|four|five|six|seven|ten) (hour|day|week|month|quarter|year)s?$/.exec(
      part,
    );
  if (counted) return lastUnits(countOf(counted[1]), unitOf(counted[2]), spec, here);

  const since = /^(?:since|from) (.+?)(?: on)?$/.exec(part);
  const range =
    /^(?:from |between )?(.+?)(?: to | until | till | through | thru | and | - |\.\.+| – |\/|–)(.+)$/.exec(
      part,
    );
  if (range?.[1] !== undefined && range[2] !== undefined) {
    const from = period(range[1], here, spec);
    const to = period(range[2], here, spec);
    const end = to.precision === 'instant' ? to.from : to.to;
    if (from.from > end || (from.precision !== 'instant' && to.from < from.from)) {
      throw new WindowReversedError(
        `The window runs backwards: ${range[2].trim()} is before ${range[1].trim()}. Put the earlier one first; the order of the run is a field of its own.`,
      );
    }
    checkGrain(from, spec, range[1]);
    checkGrain(to, spec, range[2]);
    return cutRunning(slices(spec, from.from, end), [from, to], spec, here, notes);
  }
  if (since?.[1] !== undefined && readPeriod(since[1], here) !== null) {
    const from = period(since[1], here, spec);
    checkGrain(from, spec, since[1]);
    return slices(spec, from.from, lastComplete(spec, here));
  }
  const one = period(part, here, spec);
  if (one.precision === 'instant') return [alignedSlice(one, spec, part)];
  checkGrain(one, spec, part);
  return cutRunning(slices(spec, one.from, one.to), [one], spec, here, notes);
}

function period(text: string, here: DateTime, spec: Partition): Period {
  const found = readPeriod(text, here);
  if (found !== null) return found;
  throw new WindowUnreadableError(
    `“${text.trim().slice(0, 80)}” is no window I can read. Write for example \`yesterday\`, \`last 3 ${spec.grain}s\`, \`2026-10\`, \`2026-10-01 to 2026-10-05\` or \`2026-10-01, 2026-10-04\`.`,
  );
}

function lastUnits(count: number, unit: Unit, spec: Partition, here: DateTime): PartitionSlice[] {
  if (count === 0) throw new WindowEmptyError(`The last 0 ${unit}s hold no partition. Name at least one.`);
  if (unitRank[unit] < grainRank[spec.grain]) {
    throw new GrainMismatchError(
      `This pipeline is cut by ${spec.grain} (${spec.timeZone}); ${count} ${unit}s is finer than that. Ask for whole ${spec.grain}s, for example \`last ${spec.grain}\`.`,
    );
  }
  // Counted back from the end of what is complete: "last 3 days" at noon are the three days before today.
  const end = here.startOf(spec.grain);
  return slices(spec, end.minus(span(unit, count)).startOf(spec.grain), end);
}

/** A month or week that is still running means its complete partitions; a single running partition is refused later. */
function cutRunning(
  found: PartitionSlice[],
  periods: readonly Period[],
  spec: Partition,
  here: DateTime,
  notes: string[],
): PartitionSlice[] {
  const coarser = periods.some(
    ({ precision }) =>
      precision !== 'instant' && unitRank[precision] > grainRank[spec.grain] - (precision === 'week' ? 1 : 0),
  );
  const complete = found.filter((slice) => slice.end.getTime() <= here.toMillis());
  if (!coarser || complete.length === 0 || complete.length === found.length) return found;
  notes.push(`Only complete ${spec.grain}s are taken: up to ${complete.at(-1)?.key}.`);
  return complete;
}

function checkGrain(one: Period, spec: Partition, text: string): void {
  if (one.precision === 'instant') {
    if (sliceAt(spec, one.from.toJSDate()).start.getTime() !== one.from.toMillis()) {
      throw new GrainMismatchError(mismatch(spec, text));
    }
    return;
  }
  if (
    unitRank[one.precision] < grainRank[spec.grain] ||
    (one.precision === 'week' && spec.grain === 'month')
  ) {
    throw new GrainMismatchError(mismatch(spec, text));
  }
}

function alignedSlice(one: Period, spec: Partition, text: string): PartitionSlice {
  checkGrain(one, spec, text);
  return sliceAt(spec, one.from.toJSDate());
}

function mismatch(spec: Partition, text: string): string {
  return `“${text.trim().slice(0, 60)}” does not fall on a ${spec.grain} of this pipeline (${spec.timeZone}). Ask for whole ${spec.grain}s.`;
}

function slices(spec: Partition, from: DateTime, to: DateTime): PartitionSlice[] {
  const found = slicesBetween(spec, from.toJSDate(), to.toJSDate(), maxPartitions + 1);
  if (found.length > maxPartitions) {
    throw new WindowTooLargeError(
      `That window has more than ${maxPartitions} partitions. Ask for it in several backfills.`,
    );
  }
  return found;
}

function lastComplete(spec: Partition, here: DateTime): DateTime {
  return here.startOf(spec.grain);
}

function checkBounds(found: readonly PartitionSlice[], spec: Partition, here: DateTime): void {
  const first = found[0];
  const last = found.at(-1);
  if (first === undefined || last === undefined) {
    throw new WindowEmptyError(`No complete ${spec.grain} lies in that window. Name a longer one.`);
  }
  if (found.length > maxPartitions) {
    throw new WindowTooLargeError(
      `That window has ${found.length} partitions; one backfill takes at most ${maxPartitions}. Ask for it in several.`,
    );
  }
  const running = found.find((slice) => slice.end.getTime() > here.toMillis());
  if (running !== undefined) {
    const begun = running.start.getTime() <= here.toMillis();
    throw new WindowInFutureError(
      begun
        ? `${running.key} is not over yet in ${spec.timeZone}: its scheduled run will build it. The last complete ${spec.grain} is ${sliceAt(spec, here.startOf(spec.grain).minus(1).toJSDate()).key}.`
        : `${running.key} is in the future (${spec.timeZone}). The last complete ${spec.grain} is ${sliceAt(spec, here.startOf(spec.grain).minus(1).toJSDate()).key}.`,
    );
  }
  if (spec.retentionDays === undefined) return;
  const oldest = here.startOf('day').minus({ days: spec.retentionDays });
  if (first.start.getTime() < oldest.toMillis()) {
    throw new WindowBeyondRetentionError(
      `${first.key} is older than the ${spec.retentionDays} days this pipeline keeps. The oldest that can be rebuilt begins ${oldest.toFormat('yyyy-MM-dd')}.`,
    );
  }
}

function countOf(word: string | undefined): number {
  const words = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
  if (word === 'a' || word === 'an') return 1;
  const index = words.indexOf(word ?? '');
  return index >= 0 ? index : Number(word);
}

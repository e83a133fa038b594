import { DateTime, type DurationLikeObject } from 'luxon';
import { TimeDoesNotExistError } from './errors.js';

type Precision = 'year' | 'quarter' | 'month' | 'week' | 'day' | 'hour' | 'instant';

/** A stretch of local time that somebody named: `2026-10`, `5 Oct 2026`, `yesterday`. */
export interface Period {
  from: DateTime;
  /** Exclusive. Equal to `from` for an instant. */
  to: DateTime;
  precision: Precision;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const monthName =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?';

type Reader = (match: RegExpExecArray, now: DateTime) => Period | null;

const readers: readonly [RegExp, Reader][] = [
  [/^(\d{4})$/, (m, now) => local(now, 'year', Number(m[1]), 1, 1)],
  [/^(\d{4})-?q([1-4])$/, (m, now) => local(now, 'quarter', Number(m[1]), Number(m[2]) * 3 - 2, 1)],
  [/^(\d{4})-?w(\d{1,2})$/, (m, now) => isoWeek(now, Number(m[1]), Number(m[2]))],
  [/^(\d{4})-(\d{1,2})$/, (m, now) => local(now, 'month', Number(m[1]), Number(m[2]), 1)],
  [/^(\d{4})-(\d{1,2})-(\d{1,2})$/, (m, now) => local(now, 'day', Number(m[1]), Number(m[2]), Number(m[3]))],
  [/^(\d{4})(\d{2})(\d{2})$/, (m, now) => local(now, 'day', Number(m[1]), Number(m[2]), Number(m[3]))],
  [
    /^(\d{4})-(\d{1,2})-(\d{1,2})[t ](\d{1,2})h?$/,
    (m, now) => local(now, 'hour', Number(m[1]), Number(m[2]), Number(m[3]), Number(m[4])),
  ],
  [/^\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}.*$/, (m, now) => instant(m[0], now)],
  [
    new RegExp(`^(\\d{1,2})(?:st|nd|rd|th)?\\.? (${monthName})\\.?(?:,? (\\d{4}))?$`),
    (m, now) => named(now, m[2], m[1], m[3]),
  ],
  [
    new RegExp(`^(${monthName})\\.? (\\d{1,2})(?:st|nd|rd|th)?(?:,? (\\d{4}))?$`),
    (m, now) => named(now, m[1], m[2], m[3]),
  ],
  [new RegExp(`^(${monthName})\\.?(?: (\\d{4}))?$`), (m, now) => named(now, m[1], undefined, m[2])],
  [/^today$/, (_, now) => around(now, 'day', 0)],
  [/^yesterday$/, (_, now) => around(now, 'day', 1)],
  [/^(?:the )?day before yesterday$/, (_, now) => around(now, 'day', 2)],
  [/^tomorrow$/, (_, now) => around(now, 'day', -1)],
  [/^(?:this|current) (week|month|quarter|year)$/, (m, now) => around(now, unitOf(m[1]), 0)],
  [/^next (week|month|quarter|year)$/, (m, now) => around(now, unitOf(m[1]), -1)],
  [/^(?:last|previous) (day|week|month|quarter|year|hour)$/, (m, now) => around(now, unitOf(m[1]), 1)],
  [/^(\d{1,4}) (hour|day|week|month)s? ago$/, (m, now) => around(now, unitOf(m[2]), Number(m[1]))],
];

/** Reads one period in the zone of `now`; null when these are not words for one. */
export function readPeriod(text: string, now: DateTime): Period | null {
  const words = text.trim().toLowerCase().replace(/\s+/g, ' ');
  for (const [pattern, read] of readers) {
    const match = pattern.exec(words);
    if (match !== null) return read(match, now);
  }
  return null;
}

export type Unit = 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year';

export function unitOf(word: string | undefined): Unit {
  const unit = (['hour', 'day', 'week', 'month', 'quarter', 'year'] as const).find((known) => known === word);
  if (unit === undefined) throw new RangeError(`not a unit of time: ${word}`);
  return unit;
}

/** The whole unit that lies `back` units before the one we are in. */
function around(now: DateTime, unit: Unit, back: number): Period {
  const from = now.startOf(unit).minus(span(unit, back)).startOf(unit);
  return { from, to: from.plus(span(unit, 1)).startOf(unit), precision: unit };
}

export function span(unit: Unit, count: number): DurationLikeObject {
  return { [`${unit}s`]: count };
}

function local(
  now: DateTime,
  precision: Unit,
  year: number,
  month: number,
  day: number,
  hour = 0,
): Period | null {
  const from = DateTime.fromObject({ year, month, day, hour }, { zone: now.zone });
  if (!from.isValid) return null;
  if (precision !== 'hour') {
    const start = from.startOf(precision);
    return { from: start, to: start.plus(span(precision, 1)).startOf(precision), precision };
  }
  if (from.hour !== hour) {
    throw new TimeDoesNotExistError(
      `${pad(hour)}:00 on ${from.toFormat('yyyy-MM-dd')} does not exist in ${now.zoneName}: the clocks go forward over it. Name another hour.`,
    );
  }
  // In autumn one wall-clock hour happens twice: the name means both.
  const [earliest = from, latest = from] = [...from.getPossibleOffsets()].sort(
    (a, b) => a.toMillis() - b.toMillis(),
  );
  return { from: earliest, to: latest.plus({ hours: 1 }), precision };
}

function isoWeek(now: DateTime, weekYear: number, weekNumber: number): Period | null {
  const from = DateTime.fromObject({ weekYear, weekNumber, weekday: 1 }, { zone: now.zone });
  return from.isValid ? { from, to: from.plus({ weeks: 1 }), precision: 'week' } : null;
}

/** A month without a year is the latest one that has begun. */
function named(
  now: DateTime,
  monthWord: string | undefined,
  dayWord: string | undefined,
  yearWord: string | undefined,
): Period | null {
  const month = months.indexOf((monthWord ?? '').slice(0, 3)) + 1;
  const day = dayWord === undefined ? 1 : Number(dayWord);
  const precision = dayWord === undefined ? 'month' : 'day';
  if (yearWord !== undefined) return local(now, precision, Number(yearWord), month, day);
  const thisYear = local(now, precision, now.year, month, day);
  if (thisYear !== null && thisYear.from <= now) return thisYear;
  return local(now, precision, now.year - 1, month, day);
}

function instant(text: string, now: DateTime): Period | null {
  const iso = text.replace(' ', 'T').toUpperCase();
  const at = DateTime.fromISO(iso, { zone: now.zone });
  if (!at.isValid) return null;
  const named = /T(\d{2}):(\d{2})/.exec(iso);
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/.test(iso);
  if (!zoned && named !== null && at.hour !== Number(named[1])) {
    throw new TimeDoesNotExistError(
      `${named[1]}:${named[2]} on ${iso.slice(0, 10)} does not exist in ${now.zoneName}: the clocks go forward over it. Name another time.`,
    );
  }
  return { from: at, to: at, precision: 'instant' };
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

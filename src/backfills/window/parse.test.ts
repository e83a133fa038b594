import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Partition } from '../../catalog/asset.js';
import { slicesBetween } from '../partition.js';
import { WindowError } from './errors.js';
import { parseWindow } from './parse.js';

const berlin: Partition = { grain: 'day', column: 'day', timeZone: 'Europe/Berlin' };
const hourly: Partition = { ...berlin, grain: 'hour' };
const monthly: Partition = { ...berlin, grain: 'month' };
/** Saturday noon in Berlin. */
const now = new Date('2026-11-21T11:00:00Z');
const full = process.env.CI === 'true' || process.env.STEWARD_FULL === '1';

function keys(text: string, spec: Partition = berlin, at = now): string[] {
  return parseWindow(text, spec, at).slices.map((slice) => slice.key);
}

function refusal(text: string, spec: Partition = berlin, at = now): { code: string; message: string } {
  try {
    keys(text, spec, at);
  } catch (error) {
    if (error instanceof WindowError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

describe('windows typed as words', () => {
  it.each([
    ['yesterday', ['2026-11-20']],
    ['Last 3 days', ['2026-11-18', '2026-11-19', '2026-11-20']],
    ['the past two days', ['2026-11-19', '2026-11-20']],
    ['day before yesterday', ['2026-11-19']],
    ['3 days ago', ['2026-11-18']],
    ['2026-10-05', ['2026-10-05']],
    ['5 Oct', ['2026-10-05']],
    ['Dec 30', ['2025-12-30']],
    ['October 5th, 2026', ['2026-10-05']],
    ['2026-10-01 to 2026-10-03', ['2026-10-01', '2026-10-02', '2026-10-03']],
    ['from 2026-10-01 until 2026-10-02', ['2026-10-01', '2026-10-02']],
    ['between 2026-10-01 and 2026-10-02', ['2026-10-01', '2026-10-02']],
    ['2026-10-01..2026-10-02', ['2026-10-01', '2026-10-02']],
    ['2026-10-01/2026-10-02', ['2026-10-01', '2026-10-02']],
    ['2026-10-01, 2026-10-04 and 2026-10-02', ['2026-10-01', '2026-10-02', '2026-10-04']],
    ['since 2026-11-19', ['2026-11-19', '2026-11-20']],
    ['2026-10-01T00:00:00+02:00/2026-10-02T00:00:00+02:00', ['2026-10-01']],
    ['2026-09-30T22:00Z to 2026-10-01T22:00Z', ['2026-10-01']],
  ])('reads “%s” as exact days', (text, expected) => {
    expect(keys(text)).toEqual(expected);
  });

  it('reads a month, an ISO week, a quarter and a year as all their days', () => {
    expect(keys('2026-10')).toHaveLength(31);
    expect(keys('oct 2026')).toEqual(keys('2026-10'));
    expect(keys('last month')).toEqual(keys('2026-10'));
    expect(keys('2026-W41')).toEqual(keys('2026-10-05 to 2026-10-11'));
    expect(keys('last week')).toEqual(keys('2026-11-09 to 2026-11-15'));
    expect(keys('2026-Q3')).toHaveLength(92);
    expect(keys('2025')).toHaveLength(365);
  });

  it('takes only the complete days of a month that still runs, and says so', () => {
    const window = parseWindow('this month', berlin, now);
    expect(window.slices.at(-1)?.key).toBe('2026-11-20');
    expect(window.notes).toEqual(['Only complete days are taken: up to 2026-11-20.']);
  });

  it('reads back the number, the zone and the exact partitions', () => {
    expect(parseWindow('2026-10-01, 2026-10-02, 2026-10-05', berlin, now).readBack).toBe(
      '3 days (Europe/Berlin): 2026-10-01 to 2026-10-02, 2026-10-05',
    );
  });

  it('counts in the zone of the pipeline, not of the server', () => {
    const lateEvening = new Date('2026-11-20T23:30:00Z');
    expect(keys('yesterday', berlin, lateEvening)).toEqual(['2026-11-20']);
    expect(keys('yesterday', { ...berlin, timeZone: 'America/New_York' }, lateEvening)).toEqual([
      '2026-11-19',
    ]);
  });
});

describe('windows across a change of the clocks', () => {
  it('cuts a day of 25 hours at local midnights and says so', () => {
    const window = parseWindow('2026-10-25', berlin, now);
    expect(window.from.toISOString()).toBe('2026-10-24T22:00:00.000Z');
    expect(window.to.toISOString()).toBe('2026-10-25T23:00:00.000Z');
    expect(window.notes).toEqual(['2026-10-25 has 25 hours: the clocks change.']);
  });

  it('makes two partitions of the hour that happens twice', () => {
    expect(keys('2026-10-25T02', hourly)).toEqual(['2026-10-25T02:00+02:00', '2026-10-25T02:00+01:00']);
    expect(keys('2026-10-25', hourly)).toHaveLength(25);
  });

  it('refuses an hour that does not exist and counts 23 on that day', () => {
    expect(refusal('2026-03-29T02', hourly).code).toBe('time_does_not_exist');
    expect(refusal('2026-03-29 02:00 to 2026-03-29 05:00', hourly).code).toBe('time_does_not_exist');
    expect(keys('2026-03-29', hourly)).toHaveLength(23);
  });

  it(
    'leaves no hole and no overlap in any zone and grain',
    () => {
      let checked = 0;
      fc.assert(
        fc.property(
          fc.constantFrom(
            'Europe/Berlin',
            'America/New_York',
            'Australia/Lord_Howe',
            'America/Sao_Paulo',
            'Asia/Beirut',
            'Africa/Cairo',
            'Pacific/Apia',
            'Asia/Kathmandu',
            'America/St_Johns',
            'UTC',
          ),
          fc.constantFrom('hour', 'day', 'month' as const),
          fc.date({ min: new Date('2008-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }),
          fc.integer({ min: 1, max: 60 }),
          (timeZone, grain, from, days) => {
            const spec = { grain: grain as Partition['grain'], timeZone };
            const slices = slicesBetween(spec, from, new Date(from.getTime() + days * 86_400_000));
            for (const [index, slice] of slices.entries()) {
              checked += 1;
              expect(slice.end.getTime()).toBeGreaterThan(slice.start.getTime());
              const next = slices[index + 1];
              if (next) expect(next.start.getTime()).toBe(slice.end.getTime());
            }
            expect(new Set(slices.map((slice) => slice.key)).size).toBe(slices.length);
          },
        ),
        { numRuns: full ? 400 : 60 },
      );
      console.log(`${checked} partitions checked over clock changes`);
      // The long run makes about a million comparisons; on a busy machine that passed the limit of an ordinary test.
    },
    full ? 120_000 : 20_000,
  );
});

describe('windows that are refused', () => {
  it.each([
    ['', 'window_empty'],
    ['   ', 'window_empty'],
    ['last 0 days', 'window_empty'],
    ['2026-10-05 to 2026-10-01', 'window_reversed'],
    ['yesterday to 2026-11-01', 'window_reversed'],
    ['tomorrow', 'window_in_future'],
    ['today', 'window_in_future'],
    ['2027-01', 'window_in_future'],
    ['2026-11-19 to 2026-11-30', 'window_in_future'],
    ['last 5 hours', 'grain_mismatch'],
    ['2026-10-05T03', 'grain_mismatch'],
    ['2026-10-05T00:30 to 2026-10-06T00:00', 'grain_mismatch'],
    ['the good old days', 'window_unreadable'],
    ['2026-13-01', 'window_unreadable'],
    ['2026-02-30', 'window_unreadable'],
    ['<!channel>', 'window_unreadable'],
    ['2015-01-01 to 2026-01-01', 'window_too_large'],
  ])('“%s” is %s', (text, code) => {
    expect(refusal(text).code).toBe(code);
  });

  it('a day of a monthly pipeline is a grain mismatch, and so is a week', () => {
    expect(refusal('2026-10-05', monthly).code).toBe('grain_mismatch');
    expect(refusal('2026-W41', monthly).code).toBe('grain_mismatch');
    expect(keys('2026-Q3', monthly)).toEqual(['2026-07', '2026-08', '2026-09']);
  });

  it('says how far back the pipeline keeps its data', () => {
    const kept = { ...berlin, retentionDays: 30 };
    expect(keys('2026-10-22', kept)).toEqual(['2026-10-22']);
    expect(refusal('2026-10-21', kept)).toEqual({
      code: 'window_beyond_retention',
      message:
        '2026-10-21 is older than the 30 days this pipeline keeps. The oldest that can be rebuilt begins 2026-10-22.',
    });
  });

  it('names the last complete day when asked for today', () => {
    expect(refusal('today').message).toContain('The last complete day is 2026-11-20.');
  });

  it('never throws anything but a sentence, whatever is typed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z0-9 :.,/-]{0,40}$/)), (text) => {
        try {
          expect(parseWindow(text, berlin, now).slices.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(WindowError);
        }
      }),
      { numRuns: full ? 5_000 : 300 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayTitle, formatDateToken, partsIn, relative, tsToDate, wallToEpochSeconds } from './dates.js';

const view = { now: new Date('2026-03-02T10:00:00Z'), timeZone: 'Asia/Tokyo' };

describe('dates', () => {
  it('follow the reader’s zone and the moved clock', () => {
    // 00:30 on the second in Tokyo, still the first in UTC.
    const at = Date.parse('2026-03-01T15:30:00Z') / 1000;
    expect(formatDateToken('{date_short_pretty} at {time}', at, view)).toBe('today at 12:30 AM');
    expect(formatDateToken('{date_num} {date_long}', at, view)).toBe('2026-03-02 Monday, March 2, 2026');
    expect(formatDateToken('{ago} {unknown}', at, view)).toBe('18 hours ago {unknown}');
    expect(dayTitle(tsToDate('1772290800.000100'), view)).toBe('Yesterday');
    expect(relative(new Date('2026-03-05T10:00:00Z'), view.now)).toBe('in 3 days');
  });

  it('say nothing about a time that is none', () => {
    expect(formatDateToken('{date}', Number.MAX_SAFE_INTEGER, view)).toBe('');
    expect(wallToEpochSeconds('2026-02-31x', '09:00', 'UTC')).toBeUndefined();
  });

  it('turn wall time into an instant and back, in any zone, but where the clock skips an hour', () => {
    const zones = fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kolkata',
      'Pacific/Chatham',
    );
    const minutes = fc.integer({
      min: Date.parse('2025-01-01T00:00Z') / 60_000,
      max: Date.parse('2028-01-01T00:00Z') / 60_000,
    });
    fc.assert(
      fc.property(zones, minutes, (timeZone, minute) => {
        const { day, time } = partsIn(new Date(minute * 60_000), timeZone);
        const back = wallToEpochSeconds(day, time, timeZone);
        // In the hour that comes twice both readings are right: the wall time must be the same.
        expect(back).toBeDefined();
        expect(partsIn(new Date((back ?? 0) * 1000), timeZone)).toEqual({ day, time });
      }),
    );
  });
});

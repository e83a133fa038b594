import { expect, it } from 'vitest';
import { parseConfig } from '../config/load-config.js';
import type { CalendarConfig } from '../config/steward-schema.js';
import { addWorkingDays, calendarOf, isWorkingTime, nextWorkingTime, workingMsBetween } from './calendar.js';
import { onCallAt } from './on-call.js';

const paris: CalendarConfig = {
  timeZone: 'Europe/Paris',
  workingDays: ['mon', 'tue', 'wed', 'thu', 'fri'],
  hours: { from: '09:00', to: '17:00' },
  holidays: ['2026-03-03'],
};
const hour = 3_600_000;

it('knows working time by zone, weekday and holiday', () => {
  expect(isWorkingTime(paris, new Date('2026-03-02T08:30:00Z'))).toBe(true);
  expect(isWorkingTime(paris, new Date('2026-03-02T07:30:00Z'))).toBe(false);
  expect(isWorkingTime(paris, new Date('2026-03-03T10:00:00Z'))).toBe(false);
  expect(isWorkingTime(paris, new Date('2026-03-07T10:00:00Z'))).toBe(false);
});

it('finds when work begins next, over a weekend and a holiday', () => {
  expect(nextWorkingTime(paris, new Date('2026-03-02T18:00:00Z')).toISOString()).toBe(
    '2026-03-04T08:00:00.000Z',
  );
  expect(nextWorkingTime(paris, new Date('2026-03-06T18:00:00Z')).toISOString()).toBe(
    '2026-03-09T08:00:00.000Z',
  );
});

it('counts working time only, across the change to summer time', () => {
  expect(workingMsBetween(paris, new Date('2026-03-27T15:00:00Z'), new Date('2026-03-30T08:00:00Z'))).toBe(
    2 * hour,
  );
  expect(workingMsBetween(paris, new Date('2026-03-02T08:00:00Z'), new Date('2026-03-04T16:00:00Z'))).toBe(
    16 * hour,
  );
});

it('adds working days', () => {
  expect(addWorkingDays(paris, new Date('2026-03-02T10:00:00Z'), 2).toISOString().slice(0, 10)).toBe(
    '2026-03-05',
  );
});

it('lets a team override the common calendar', () => {
  expect(calendarOf(paris, { hours: { from: '10:00', to: '12:00' } })).toMatchObject({
    timeZone: 'Europe/Paris',
    hours: { from: '10:00' },
  });
});

it('keeps the common zone and holidays for a team that only names its hours in steward.yml', () => {
  const config = parseConfig(
    [
      'calendar: { timeZone: Europe/Paris, holidays: [2026-03-03] }',
      'teams:',
      '  - { id: early, calendar: { hours: { from: "07:00", to: "12:00" } } }',
    ].join('\n'),
  );
  expect(calendarOf(config.calendar, config.teams[0]?.calendar)).toEqual({
    timeZone: 'Europe/Paris',
    workingDays: ['mon', 'tue', 'wed', 'thu', 'fri'],
    hours: { from: '07:00', to: '12:00' },
    holidays: ['2026-03-03'],
  });
});

it('turns a rotation, and skips who is away', () => {
  const rotation = { people: ['a@x.y', 'b@x.y'], start: '2026-03-02T08:00:00Z', every: 7 * 24 * hour };
  const person = (email: string, away?: { from: string; to: string }) => ({
    email,
    teams: [],
    warehouse: {},
    guest: false,
    ...(away ? { away } : {}),
  });
  expect(onCallAt(rotation, [person('a@x.y'), person('b@x.y')], new Date('2026-03-03T00:00:00Z'))).toEqual([
    'a@x.y',
  ]);
  expect(onCallAt(rotation, [], new Date('2026-03-10T00:00:00Z'))).toEqual(['b@x.y']);
  expect(
    onCallAt(
      rotation,
      [person('a@x.y', { from: '2026-03-01', to: '2026-03-09' })],
      new Date('2026-03-03T00:00:00Z'),
    ),
  ).toEqual(['b@x.y']);
  expect(onCallAt(rotation, [], new Date('2026-01-01T00:00:00Z'))).toEqual([]);
});

import { DateTime } from 'luxon';
import type { CalendarConfig, StewardConfig } from '../config/steward-schema.js';
import type { Person } from './person.js';

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

function dayBounds(calendar: CalendarConfig, day: DateTime): { from: DateTime; to: DateTime } | null {
  const weekday = weekdays[day.weekday - 1];
  if (!weekday || !calendar.workingDays.includes(weekday)) return null;
  if (calendar.holidays.includes(day.toISODate() ?? '')) return null;
  const at = (time: string): DateTime => {
    const [hour = 0, minute = 0] = time.split(':').map(Number);
    return day.set({ hour, minute, second: 0, millisecond: 0 });
  };
  return { from: at(calendar.hours.from), to: at(calendar.hours.to) };
}

/** Whether it is working time by this calendar. */
export function isWorkingTime(calendar: CalendarConfig, at: Date): boolean {
  const local = DateTime.fromJSDate(at, { zone: calendar.timeZone });
  const bounds = dayBounds(calendar, local.startOf('day'));
  return bounds !== null && local >= bounds.from && local < bounds.to;
}

/** The same moment when it is working time, else when work next begins. */
export function nextWorkingTime(calendar: CalendarConfig, at: Date): Date {
  const local = DateTime.fromJSDate(at, { zone: calendar.timeZone });
  for (let days = 0; days <= 366; days += 1) {
    const bounds = dayBounds(calendar, local.startOf('day').plus({ days }));
    if (!bounds) continue;
    if (days === 0 && local >= bounds.from && local < bounds.to) return at;
    if (local < bounds.from) return bounds.from.toJSDate();
  }
  return at;
}

/** When the next working day begins, strictly after this moment. */
export function nextWorkdayStart(calendar: CalendarConfig, at: Date): Date {
  const local = DateTime.fromJSDate(at, { zone: calendar.timeZone });
  for (let days = 0; days <= 366; days += 1) {
    const bounds = dayBounds(calendar, local.startOf('day').plus({ days }));
    if (bounds && bounds.from > local) return bounds.from.toJSDate();
  }
  return at;
}

/** Working time between two moments, in milliseconds. The one function of business time. */
export function workingMsBetween(calendar: CalendarConfig, from: Date, to: Date): number {
  const end = DateTime.fromJSDate(to, { zone: calendar.timeZone });
  let day = DateTime.fromJSDate(from, { zone: calendar.timeZone }).startOf('day');
  const begin = DateTime.fromJSDate(from, { zone: calendar.timeZone });
  let total = 0;
  while (day < end) {
    const bounds = dayBounds(calendar, day);
    if (bounds) {
      const start = DateTime.max(bounds.from, begin);
      const stop = DateTime.min(bounds.to, end);
      total += Math.max(0, stop.toMillis() - start.toMillis());
    }
    day = day.plus({ days: 1 });
  }
  return total;
}

/** `count` working days after a moment, at the same time of day (or when work begins). */
export function addWorkingDays(calendar: CalendarConfig, at: Date, count: number): Date {
  let day = DateTime.fromJSDate(at, { zone: calendar.timeZone });
  let left = count;
  for (let guard = 0; left > 0 && guard < 3_660; guard += 1) {
    day = day.plus({ days: 1 });
    if (dayBounds(calendar, day.startOf('day'))) left -= 1;
  }
  return day.toJSDate();
}

/** The calendar of a team: the common one with its overrides. */
export function calendarOf(
  common: CalendarConfig,
  override: { [Key in keyof CalendarConfig]?: CalendarConfig[Key] | undefined } | undefined,
): CalendarConfig {
  return {
    timeZone: override?.timeZone ?? common.timeZone,
    workingDays: override?.workingDays ?? common.workingDays,
    hours: override?.hours ?? common.hours,
    holidays: override?.holidays ?? common.holidays,
  };
}

/** When somebody works: by the calendar of their first team that has one, on their own clock. */
export function calendarOfReader(
  config: Pick<StewardConfig, 'calendar' | 'teams'>,
  person: Pick<Person, 'teams' | 'timeZone'>,
): CalendarConfig {
  const team = config.teams.find((item) => item.calendar !== undefined && person.teams.includes(item.id));
  const common = calendarOf(config.calendar, team?.calendar);
  return person.timeZone === null ? common : { ...common, timeZone: person.timeZone };
}

import { DateTime } from 'luxon';
import { hasLabel } from '../catalog/labels.js';
import type { StewardConfig } from '../config/steward-schema.js';

/** Name of the freeze that a day falls in, for definitions of this domain; null when the day is free. `day` is an ISO date. */
export function freezeOn(config: StewardConfig, domain: string | undefined, day: string): string | null {
  const at = DateTime.fromISO(day, { zone: config.calendar.timeZone });
  const fromEnd = at.day - (at.daysInMonth ?? 31) - 1;
  for (const freeze of config.freezes) {
    if (!freeze.applies.includes('definition')) continue;
    if (freeze.domains.length > 0 && !hasLabel(freeze.domains, domain)) continue;
    const inMonth = freeze.daysOfMonth.some((one) => one === at.day || one === fromEnd);
    const dated = freeze.from !== undefined || freeze.to !== undefined;
    if (inMonth || (dated && (freeze.from ?? day) <= day && day <= (freeze.to ?? day))) return freeze.name;
  }
  return null;
}

/** Today where the company's calendar is. */
export function todayIn(config: StewardConfig, now: Date): string {
  return DateTime.fromJSDate(now, { zone: config.calendar.timeZone }).toISODate() ?? '';
}

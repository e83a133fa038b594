import type { CalendarConfig } from '../config/steward-schema.js';
import type { Db } from '../db/database.js';
import { workingMsBetween } from '../people/calendar.js';
import type { SubjectKind } from './subject.js';

export interface Turnaround {
  decided: number;
  /** Working time from asking to the decision, in milliseconds. */
  medianMs: number | null;
  p90Ms: number | null;
  /** Share decided within two working days, 0 to 1. */
  withinTwoDays: number | null;
  /** Working hours of one day in this calendar, in milliseconds: what "two days" means. */
  workingDayMs: number;
  autoApproved: number;
  breakGlass: number;
  expired: number;
}

/** How long people wait for a decision, by the calendar of steward.yml. Approvals by policy are counted apart. */
export async function readTurnaround(
  db: Db,
  params: { calendar: CalendarConfig; from: Date; to: Date; kinds?: readonly SubjectKind[] },
): Promise<Turnaround> {
  let query = db
    .selectFrom('approval_request')
    .select(['state', 'decided_how', 'opened_at', 'decided_at'])
    .where('opened_at', '>=', params.from)
    .where('opened_at', '<', params.to)
    .where('state', '<>', 'pending');
  if (params.kinds) query = query.where('kind', 'in', [...params.kinds]);
  const rows = await query.execute();
  const byPeople = rows.filter(
    (row) => row.state === 'denied' || (row.state === 'approved' && row.decided_how === 'people'),
  );
  const waits = byPeople
    .flatMap((row) =>
      row.decided_at ? [workingMsBetween(params.calendar, row.opened_at, row.decided_at)] : [],
    )
    .sort((a, b) => a - b);
  const workingDayMs = dayLength(params.calendar);
  const quick = waits.filter((ms) => ms <= 2 * workingDayMs).length;
  return {
    decided: waits.length,
    medianMs: percentile(waits, 0.5),
    p90Ms: percentile(waits, 0.9),
    withinTwoDays: waits.length === 0 ? null : quick / waits.length,
    workingDayMs,
    autoApproved: rows.filter((row) => row.decided_how === 'policy').length,
    breakGlass: rows.filter((row) => row.decided_how === 'break-glass').length,
    expired: rows.filter((row) => row.state === 'expired').length,
  };
}

/** Nearest rank: the smallest value that at least this share does not exceed. */
export function percentile(sorted: readonly number[], share: number): number | null {
  if (sorted.length === 0) return null;
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

function dayLength(calendar: CalendarConfig): number {
  const [fromHour = 0, fromMinute = 0] = calendar.hours.from.split(':').map(Number);
  const [toHour = 0, toMinute = 0] = calendar.hours.to.split(':').map(Number);
  return (toHour * 60 + toMinute - fromHour * 60 - fromMinute) * 60_000;
}

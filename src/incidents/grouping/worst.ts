import { type AlertSeverity, alertSeverities } from '../alerts/alert.js';
import type { Episode } from './episodes.js';

/** Whether the first is worse than the second. */
export function isWorse(one: AlertSeverity, other: AlertSeverity): boolean {
  return alertSeverities.indexOf(one) < alertSeverities.indexOf(other);
}

/** The worst of some, as they are stored; null for none. */
export function worstOf(severities: readonly (string | null)[]): AlertSeverity | null {
  return alertSeverities.find((one) => severities.includes(one)) ?? null;
}

/** How bad some checks say it is, each by its last alert: those that still fire, all where none does. */
export function severityOfChecks(newest: readonly Episode[]): AlertSeverity {
  const open = newest.filter((episode) => episode.open);
  const said = (open.length > 0 ? open : newest).flatMap(
    ({ alerts }) => alerts.findLast(({ alert }) => alert.status === 'firing')?.alert.severity ?? [],
  );
  return worstOf(said) ?? 'error';
}

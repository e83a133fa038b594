import type { StewardConfig } from '../config/steward-schema.js';
import { InvalidInputError } from '../errors.js';
import type { AlertSeverity } from './alerts/alert.js';

export type SeverityConfig = StewardConfig['incidents']['severities'][number];

/** By id or name, worst first in steward.yml. Throws with the list where it is none of them. */
export function severityOf(config: StewardConfig, text: string): SeverityConfig {
  const wanted = text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '');
  const found = config.incidents.severities.find(
    ({ id, name }) =>
      id.toLowerCase() === wanted ||
      name.toLowerCase().replaceAll(/[\s-]+/g, '') === wanted ||
      id.toLowerCase() === `sev${wanted}`,
  );
  if (found === undefined) {
    throw new InvalidInputError(
      `There is no severity "${text.trim().slice(0, 30)}". Known: ${config.incidents.severities.map(({ id }) => id).join(', ')}.`,
      {
        severity: 'not a severity of this installation',
      },
    );
  }
  return found;
}

/** The severity as configured now; the mildest where it was taken out of steward.yml since. */
export function severityById(config: StewardConfig, id: string): SeverityConfig {
  const list = config.incidents.severities;
  const found = list.find((severity) => severity.id === id) ?? list.at(-1);
  if (found === undefined) throw new Error('steward.yml has no severities');
  return found;
}

/** 0 is the worst. */
export function severityRank(config: StewardConfig, id: string): number {
  const rank = config.incidents.severities.findIndex((severity) => severity.id === id);
  return rank === -1 ? config.incidents.severities.length : rank;
}

/** How urgent a ticket of this severity is: 1 for the worst of steward.yml, 2 for the next, 3 for everything milder. */
export function priorityOf(config: StewardConfig, id: string): 1 | 2 | 3 {
  const rank = severityRank(config, id);
  return rank === 0 ? 1 : rank === 1 ? 2 : 3;
}

/**
 * Suggested from the worst tier that the incident reaches: `severityByTier` in steward.yml where it says, else tier 1 broken or two
 * steps from it is the worst, tier 2 the next, everything else the mildest. `severityByAlert` may make it worse, never milder.
 */
export function suggestSeverity(
  config: StewardConfig,
  reached: readonly { tier: number | null; relation: 'direct' | 'downstream' }[],
  alert?: AlertSeverity,
): string {
  return worseOf(config, byTier(config, reached), byAlert(config, alert));
}

/** What steward.yml says of alerts that say they are this bad; null where it says nothing. */
export function byAlert(config: StewardConfig, alert: AlertSeverity | undefined): string | null {
  const configured = alert === undefined ? undefined : config.incidents.severityByAlert[alert];
  return configured ?? null;
}

/** The worse of the two. */
export function worseOf(config: StewardConfig, one: string, other: string | null): string {
  return other !== null && severityRank(config, other) < severityRank(config, one) ? other : one;
}

function byTier(
  config: StewardConfig,
  reached: readonly { tier: number | null; relation: 'direct' | 'downstream' }[],
): string {
  const list = config.incidents.severities;
  const worst = Math.min(...reached.map(({ tier }) => tier ?? 99), 99);
  const direct = Math.min(
    ...reached.filter(({ relation }) => relation === 'direct').map(({ tier }) => tier ?? 99),
    99,
  );
  const configured = config.incidents.severityByTier[String(worst)];
  if (configured !== undefined && list.some(({ id }) => id === configured)) return configured;
  const rank = direct === 1 ? 0 : worst === 1 ? 1 : worst === 2 ? 1 : 2;
  return (list[Math.min(rank, list.length - 1)] ?? list[0])?.id ?? 'sev3';
}

import type { CatalogView } from '../../catalog/view.js';
import { digest } from '../alerts/alert.js';
import type { GeneratedDelivery } from '../alerts/generator.js';
import { readDelivery, replay } from './replay.js';
import { defaultRules, type GroupingRules } from './rules.js';
import { type PairwiseScore, pairwiseScore } from './score.js';

/** Groups generated deliveries and compares the result with the causes they were made from. */
export function measure(
  deliveries: readonly GeneratedDelivery[],
  view: CatalogView,
  rules: GroupingRules = defaultRules,
): PairwiseScore & { groups: number; alerts: number; skipped: number } {
  const causes = new Map<string, string>();
  const alerts = [];
  let skipped = 0;
  for (const { source, endpoint, received_at, body, cause } of deliveries) {
    const read = readDelivery({ source, endpoint, receivedAt: new Date(received_at), body });
    skipped += read.skipped.length;
    for (const alert of read.alerts) {
      causes.set(alert.id, cause);
      alerts.push(alert);
    }
  }
  const groups = replay(alerts, view, rules);
  const groupOf = new Map<string, string>();
  for (const group of groups) for (const { alert } of group.alerts) groupOf.set(alert.id, group.key);
  const items = alerts.map(({ id }) => ({
    group: groupOf.get(id) ?? null,
    cause: causes.get(id) ?? digest([id]),
  }));
  return { ...pairwiseScore(items), groups: groups.length, alerts: alerts.length, skipped };
}

import { z } from 'zod';
import type { CatalogView } from '../../catalog/view.js';
import type { StewardConfig } from '../../config/steward-schema.js';
import { walkRadius } from '../blast/walk.js';
import type { AlertGroup } from '../grouping/group.js';
import { suggestSeverity } from '../severity.js';
import { matches, type RuleFacts } from './match.js';

/** What a group of alerts would have become under the rules of steward.yml. */
export const foreseen = z.object({
  severity: z.string(),
  /** `triage`: it waits for somebody. `investigating`: a rule would have taken it out of triage at once. */
  state: z.enum(['triage', 'investigating']),
  /** Rules that would have fired, in their order, and what they would have done. */
  rules: z.array(z.object({ rule: z.string(), on: z.string(), actions: z.array(z.string()) })),
});
export type Foreseen = z.infer<typeof foreseen>;

/** Pure: reads the catalog and the rules, and does nothing. */
export function foresee(config: StewardConfig, view: CatalogView, group: AlertGroup): Foreseen {
  const root = group.suspectAssetId ?? group.rootAssetId;
  const radius = root === null ? [] : walkRadius(view, [root]);
  const severity = suggestSeverity(config, radius, group.severity);
  const facts: RuleFacts = {
    severity,
    state: 'triage',
    kind: 'incident',
    private: false,
    drill: false,
    cause: null,
    via: 'alert',
    tiers: [...new Set(radius.flatMap(({ tier }) => (tier === null ? [] : [tier])))],
    domains: [...new Set(radius.flatMap(({ domain }) => domain ?? []))],
    assets: radius.filter(({ relation }) => relation === 'direct').map(({ name }) => name),
    source: group.alerts[0]?.alert.source ?? '',
  };
  const { rules } = config.incidents;
  const does = (rule: (typeof rules)[number], wanted: string): boolean =>
    rule.do.some(({ action }) => action === wanted);
  const accepting = rules.find((rule) => rule.on === 'alert' && does(rule, 'accept') && matches(rule, facts));
  const state = accepting === undefined ? 'triage' : 'investigating';
  const fired = rules.filter((rule) => {
    if (rule === accepting) return true;
    if (rule.on === 'declare') return state === 'investigating' && matches(rule, { ...facts, state });
    if (rule.on === 'status') return state === 'investigating' && matches(rule, { ...facts, state });
    if (rule.on !== 'alert' || !does(rule, 'resolve')) return false;
    // Only what somebody or a rule took up is resolved by its recovery; a triage goes by itself.
    return (
      state === 'investigating' &&
      group.state === 'recovered' &&
      matches(rule, { ...facts, state: 'recovered' })
    );
  });
  return {
    severity,
    state,
    rules: fired.map((rule) => ({
      rule: rule.name,
      on: rule.on,
      actions: rule.do.map(({ action }) => action),
    })),
  };
}

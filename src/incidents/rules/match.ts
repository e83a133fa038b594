import type { IncidentRule, RuleCondition } from '../../config/incident-rule-schema.js';

/** Facts a rule's `when` is compared with. */
export interface RuleFacts {
  severity: string;
  state: string;
  kind: string;
  private: boolean;
  drill: boolean;
  cause: string | null;
  via: string;
  tiers: readonly number[];
  domains: readonly string[];
  assets: readonly string[];
  source?: string;
}

/** Whether a rule applies. */
export function matches(rule: Pick<IncidentRule, 'when'>, facts: RuleFacts): boolean {
  const { severity, status, kind, tier, domain, asset, source, drill } = rule.when;
  // A drill fires nothing that leaves the room unless a rule asks for drills.
  if ((drill ?? false) !== facts.drill) return false;
  return (
    holds(severity, [facts.severity]) &&
    holds(status, [facts.state]) &&
    holds(kind, [facts.kind]) &&
    holds(tier, facts.tiers.map(String)) &&
    holds(domain, facts.domains) &&
    holds(asset, facts.assets) &&
    holds(source, facts.source === undefined ? [] : [facts.source])
  );
}

function holds(wanted: RuleCondition['severity'], given: readonly string[]): boolean {
  if (wanted === undefined) return true;
  const list = Array.isArray(wanted) ? wanted : [wanted];
  return list.some((value) => given.some((one) => one.toLowerCase() === String(value).toLowerCase()));
}

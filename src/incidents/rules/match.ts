import { z } from 'zod';
import type { StewardConfig } from '../../config/steward-schema.js';

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

const oneOrMany = z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))]);
/** `when` of a rule in steward.yml: every key has to hold; a list means one of. */
export const ruleCondition = z.strictObject({
  severity: oneOrMany.optional(),
  status: oneOrMany.optional(),
  kind: oneOrMany.optional(),
  tier: oneOrMany.optional(),
  domain: oneOrMany.optional(),
  asset: oneOrMany.optional(),
  source: oneOrMany.optional(),
  drill: z.boolean().optional(),
});

export type IncidentRule = StewardConfig['incidents']['rules'][number];

/** Whether a rule applies. A condition that cannot be read applies to nothing. */
export function matches(rule: IncidentRule, facts: RuleFacts): boolean {
  const parsed = ruleCondition.safeParse(rule.when);
  if (!parsed.success) return false;
  const { severity, status, kind, tier, domain, asset, source, drill } = parsed.data;
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

function holds(wanted: z.infer<typeof oneOrMany> | undefined, given: readonly string[]): boolean {
  if (wanted === undefined) return true;
  const list = Array.isArray(wanted) ? wanted : [wanted];
  return list.some((value) => given.some((one) => one.toLowerCase() === String(value).toLowerCase()));
}

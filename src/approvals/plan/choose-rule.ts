import type { Policy, PolicyRule } from '../policy/schema.js';
import { matchRule, type RuleMatch } from './match-rule.js';
import type { PolicyRequest } from './request.js';

export interface Choice {
  /** Null when no rule matches: refused, because nothing is granted that nobody thought of. */
  rule: PolicyRule | null;
  /** Every rule in file order with its conditions. */
  tried: RuleMatch[];
}

/** First match wins, except that a matching `deny` wins over everything, wherever it stands. */
export function chooseRule(policy: Policy, request: PolicyRequest): Choice {
  const tried = policy.rules.map((rule) => matchRule(rule, request));
  const matching = tried.filter((item) => item.matches);
  const denying = matching.find((item) => item.rule.deny !== undefined);
  return { rule: (denying ?? matching[0])?.rule ?? null, tried };
}

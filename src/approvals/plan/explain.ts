import type { Policy } from '../policy/schema.js';
import { chooseRule } from './choose-rule.js';
import { spokenDuration } from './match-rule.js';
import type { Plan } from './plan.js';
import type { PolicyRequest } from './request.js';

export interface Explanation {
  policyHash: string;
  rule: string | null;
  /** Every rule in file order: matched or not, and the conditions that failed. */
  rules: { name: string; matches: boolean; decided: boolean; failed: string[]; held: string[] }[];
  /** Sentences, the decision first. */
  text: string[];
}

/** Which rule decided and why: `policy explain`, and the "why" behind a card. `plan` adds who would approve. */
export function explain(policy: Policy, request: PolicyRequest, plan?: Plan): Explanation {
  const { rule, tried } = chooseRule(policy, request);
  const rules = tried.map((item) => ({
    name: item.rule.name,
    matches: item.matches,
    decided: item.rule.name === rule?.name,
    failed: item.conditions
      .filter((one) => !one.holds)
      .map((one) => `${one.key} is ${one.got}, not ${one.wanted}`),
    held: item.conditions.filter((one) => one.holds).map((one) => `${one.key} is ${one.got}`),
  }));
  const text: string[] = [];
  if (!rule) {
    text.push('No rule matches, so it is refused.');
  } else {
    const also = tried
      .filter((item) => item.matches && item.rule.name !== rule.name)
      .map((item) => item.rule.name);
    const held = rules.find((item) => item.decided)?.held.join(', ') ?? '';
    text.push(`Rule "${rule.name}" decides, because ${held}.`);
    if (rule.deny !== undefined) text.push(`It refuses: ${rule.deny}`);
    if (also.length > 0) {
      text.push(
        rule.deny !== undefined
          ? `Also matching, but a refusal wins: ${also.join(', ')}.`
          : `Also matching, but further down: ${also.join(', ')}.`,
      );
    }
    if (rule.autoApprove !== undefined) text.push(`Approved by policy: ${rule.autoApprove}`);
    for (const [index, stage] of rule.stages.entries()) {
      const planned = plan && 'stages' in plan ? plan.stages[index] : undefined;
      const who = planned
        ? [...new Set(planned.seats.flatMap((seat) => seat.candidates.map((person) => person.name)))].join(
            ', ',
          )
        : '';
      const need =
        stage.need === 'any'
          ? 'one of'
          : stage.need === 'all'
            ? 'one for each of'
            : `${stage.need.atLeast} of`;
      const sources = stage.from
        .map((source) =>
          Object.entries(source)
            .map(([key, value]) => (key === 'kind' ? value : `${value}`))
            .join(' '),
        )
        .join(', ');
      text.push(`Stage ${index + 1}, ${stage.name}: ${need} ${sources}${who ? ` (today: ${who})` : ''}.`);
    }
    if (rule.limits.maxDuration !== undefined)
      text.push(`At most ${spokenDuration(rule.limits.maxDuration)}.`);
  }
  if (plan?.outcome === 'nobody-can') text.push(plan.sentence);
  return { policyHash: policy.hash, rule: rule?.name ?? null, rules, text };
}

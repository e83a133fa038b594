import type { Policy, PolicyRule, Purpose } from './schema.js';

/** The purposes among which a rule lets whoever asks choose; none where it asks for none. */
export function purposesOf({
  rule,
  policy,
}: {
  rule: Pick<PolicyRule, 'purposes'> | null;
  policy: Pick<Policy, 'purposes'>;
}): Purpose[] {
  const ids = rule?.purposes ?? [];
  return policy.purposes.filter((purpose) => ids.includes(purpose.id));
}

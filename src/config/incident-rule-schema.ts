import { z } from 'zod';
import { oneOrMore, teamId } from './schema-values.js';

const oneOrMany = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.union([z.string(), z.number()])).min(1),
]);

/** Every key has to hold; a list means one of. */
const ruleCondition = z.strictObject({
  severity: oneOrMany.optional(),
  status: oneOrMany.optional(),
  kind: oneOrMany.optional(),
  tier: oneOrMany.optional(),
  domain: oneOrMany.optional(),
  asset: oneOrMany.optional(),
  source: oneOrMany.optional(),
  drill: z.boolean().optional(),
});
export type RuleCondition = z.infer<typeof ruleCondition>;

/** What stands under `do` of a rule: each action knows its own keys and no others. */
const ruleAction = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('invite'),
    people: oneOrMore(z.string()).optional(),
    teams: oneOrMore(teamId).optional(),
    onCall: oneOrMore(teamId).optional(),
  }),
  z.strictObject({
    action: z.literal('page'),
    pager: z.string().optional(),
    reason: z.string().optional(),
  }),
  z.strictObject({ action: z.literal('post'), channel: z.string() }),
  z.strictObject({ action: z.literal('notify'), channel: z.string() }),
  z.strictObject({ action: z.literal('task'), title: z.string(), followUp: z.boolean().default(false) }),
  z.strictObject({ action: z.literal('webhook'), index: z.number().int().nonnegative().default(0) }),
  z.strictObject({ action: z.literal('accept') }),
  z.strictObject({ action: z.literal('resolve') }),
  z.strictObject({ action: z.literal('raise') }),
]);
export type RuleAction = z.infer<typeof ruleAction>;

/** One of `incidents.rules`. A condition that nobody can read would be a rule that never fires: the start is refused instead. */
export const incidentRule = z.strictObject({
  name: z.string(),
  on: z.enum(['declare', 'severity', 'status', 'alert']),
  when: ruleCondition.prefault({}),
  do: z.array(ruleAction).min(1),
});
export type IncidentRule = z.infer<typeof incidentRule>;

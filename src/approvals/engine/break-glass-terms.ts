import type { StewardConfig } from '../../config/steward-schema.js';
import type { Trx } from '../../db/database.js';
import { NotAllowedError } from '../../errors.js';
import type { Person } from '../../people/person.js';
import { teamName } from '../../people/team-name.js';
import type { PolicyRule } from '../policy/schema.js';
import type { Beneficiaries, SubjectFacts } from '../subject.js';
import { mayBeAsked } from './may-be-asked.js';

export type BreakGlassTerms = NonNullable<PolicyRule['breakGlass']>;

/** The terms on which this person may take what they asked for without approval; else, in a sentence, why not. */
export function breakGlassTerms(params: {
  config: Pick<StewardConfig, 'teams'>;
  rule: PolicyRule | null;
  request: { reference: string; rule: string; requester_id: string };
  /** Who wants it, as far as the directory knows them. */
  person: Person | null;
  facts: Pick<SubjectFacts, 'level'>;
  beneficiaries: Pick<Beneficiaries, 'kind'>;
}): BreakGlassTerms | { refusal: string } {
  const { config, rule, request, person, facts, beneficiaries } = params;
  const terms = rule?.breakGlass;
  if (!terms)
    return {
      refusal: `The rule "${request.rule}" has no emergency way. ${request.reference} stays with its approvers; page whoever is on call if it cannot wait.`,
    };
  if (request.requester_id !== person?.id || beneficiaries.kind !== 'self')
    return {
      refusal: 'Break-glass is only for oneself: whoever needs it asks for it. Nothing was changed.',
    };
  if (!mayBeAsked(person) || !person.teams.some((team) => terms.teams.includes(team)))
    return {
      refusal: `Break-glass is for members of ${terms.teams.map((team) => teamName(config, team)).join(', ')}. Nothing was changed; ${request.reference} stays with its approvers.`,
    };
  if (!terms.levels.includes(facts.level ?? ''))
    return { refusal: `Break-glass covers ${terms.levels.join(', ')} only. Nothing was changed.` };
  return terms;
}

/** Throws where this person holds a break-glass access already: one at a time. */
export async function requireNoneLive(trx: Trx, personId: string, now: Date): Promise<void> {
  const live = await trx
    .selectFrom('approval_break_glass')
    .select('request_id')
    .where('person_id', '=', personId)
    .where('ends_at', '>', now)
    .executeTakeFirst();
  if (live)
    throw new NotAllowedError(
      'You already hold one break-glass access. Nothing was changed; give that one back first.',
    );
}

import { NotAllowedError } from '../../errors.js';
import { breakGlassTerms, requireNoneLive } from './break-glass-terms.js';
import type { EngineContext } from './context.js';
import { denialOf, ruleOf } from './decide.js';
import { lockRequest, requirePending } from './finish.js';
import { principalFor, readStanding, requireOpenStage } from './standing.js';

/** What somebody is about to fill in a form for. */
export type WantedAct = 'deny' | 'shorten' | 'reassign' | 'break-glass';

/** Before a form about a request is filled in: throws what sending it would throw. Writes nothing. */
export async function lookBefore(
  context: EngineContext,
  params: { requestId: string; personId: string; act: WantedAct; now: Date },
): Promise<{ durationMs: number | null; maxMinutes: number | null }> {
  const { personId, act, now } = params;
  const { services } = context;
  return services.db.transaction().execute(async (trx) => {
    const request = await lockRequest(context, trx, params.requestId);
    requirePending(request, act, now);
    const standing = await readStanding(context, trx, request, now);
    const found = { durationMs: standing.facts.durationMs ?? null, maxMinutes: null };
    if (act === 'break-glass') {
      const terms = breakGlassTerms({
        config: services.config,
        rule: await ruleOf(context, trx, request),
        request,
        person: await services.directory.byId(trx, personId),
        facts: standing.facts,
        beneficiaries: standing.beneficiaries,
      });
      if ('refusal' in terms) throw new NotAllowedError(terms.refusal);
      await requireNoneLive(trx, personId, now);
      return { ...found, maxMinutes: terms.maxMinutes };
    }
    if (act === 'deny') {
      await denialOf(context, trx, { request, standing, personId, now });
      return found;
    }
    const stage = requireOpenStage(standing, request);
    await principalFor(context, trx, { request, standing, stage, personId, now });
    return found;
  });
}

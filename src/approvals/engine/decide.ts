import { recordAudit } from '../../audit/record.js';
import type { Trx } from '../../db/database.js';
import { InvalidInputError, NotAllowedError } from '../../errors.js';
import { cancelWork } from '../../jobs/outbox.js';
import { refreshCards } from '../../jobs/outgoing.js';
import type { ByPerson, Decide, Decided } from '../approvals.js';
import { spendConfirmation, wantConfirmation } from '../confirmation/in-engine.js';
import { EligibilityUnknownError } from '../errors.js';
import type { PolicyRule } from '../policy/schema.js';
import type { EngineContext } from './context.js';
import { finish, lockRequest, type RequestRow, requirePending, timerKey } from './finish.js';
import { openStage, type StageRow } from './stages.js';
import {
  principalFor,
  readStanding,
  requireOpenStage,
  type Standing,
  usedOutside,
  weighApproval,
} from './standing.js';

/** Approve or deny. The request's row is locked: of many simultaneous events exactly one ends it. */
export async function decide(context: EngineContext, decision: Decide): Promise<Decided> {
  const reason = decision.reason?.trim() || null;
  if (decision.verdict === 'deny' && reason === null) {
    throw new InvalidInputError('A denial needs a reason: whoever asked will read it. Nothing was changed.', {
      reason: 'Say why, so that they know what to do instead.',
    });
  }
  return context.services.db.transaction().execute(async (trx) => {
    const request = await lockRequest(context, trx, decision.requestId);
    requirePending(request, decision.verdict, decision.now);
    const standing = await readStanding(context, trx, request, decision.now);
    return decision.verdict === 'deny'
      ? deny(context, trx, request, standing, { ...decision, reason: reason ?? '' })
      : approve(context, trx, request, standing, { ...decision, reason });
  });
}

/**
 * In which stage, and for whom, this person may deny. Anybody who may approve a stage that is still to come may: waiting for
 * their turn would only cost time. Throws why not.
 */
export async function denialOf(
  context: EngineContext,
  trx: Trx,
  by: { request: RequestRow; standing: Standing; personId: string; now: Date },
): Promise<{ stage: StageRow; principalId: string }> {
  let refusal: unknown = new NotAllowedError('Nobody can decide this now. Nothing was changed.');
  for (const stage of by.standing.stages) {
    if (stage.state !== 'open' && stage.state !== 'waiting') continue;
    try {
      return { stage, principalId: await principalFor(context, trx, { ...by, stage }) };
    } catch (error) {
      if (error instanceof EligibilityUnknownError) throw error;
      refusal = stage.state === 'open' ? error : refusal;
    }
  }
  throw refusal;
}

async function deny(
  context: EngineContext,
  trx: Trx,
  request: RequestRow,
  standing: Standing,
  decision: Decide & { reason: string },
): Promise<Decided> {
  const { personId, now } = decision;
  const { stage, principalId } = await denialOf(context, trx, { request, standing, personId, now });
  await keepDecision(trx, request, stage, principalId, decision);
  await finish(context, trx, request, {
    actor: decision.actor,
    now,
    state: 'denied',
    decidedBy: personId,
    reason: decision.reason,
  });
  return {
    state: 'denied',
    text: `You denied ${request.reference}. Whoever asked is told, with your reason.`,
  };
}

async function approve(
  context: EngineContext,
  trx: Trx,
  request: RequestRow,
  standing: Standing,
  decision: Decide,
): Promise<Decided> {
  const { personId, now } = decision;
  const stage = requireOpenStage(standing, request);
  const principalId = await principalFor(context, trx, { request, standing, stage, personId, now });
  const weighed = weighApproval(standing, stage, principalId, personId);
  if (!weighed.fits) {
    throw new NotAllowedError(
      `The part you could give in "${stage.name}" is given already. Still needed: ${weighed.stillNeeded.join(', ')}. Nothing was changed.`,
    );
  }
  if (weighed.blocksLater) {
    const { name } = (await context.services.directory.byId(trx, principalId)) ?? { name: 'That person' };
    throw new NotAllowedError(
      `${principalId === personId ? 'You are' : `${name} is`} needed for a later stage of ${request.reference}, and one person counts once: somebody else should approve "${stage.name}". Nothing was changed.`,
    );
  }
  const { shortenToMs } = decision;
  if (
    shortenToMs !== undefined &&
    (shortenToMs <= 0 || shortenToMs > (standing.facts.durationMs ?? shortenToMs))
  ) {
    throw new InvalidInputError(
      'An approver can shorten the time that was asked for, not lengthen it. Nothing was changed.',
      {
        duration: 'Choose a shorter time than was asked for.',
      },
    );
  }
  const confirmed = await confirmation(context, trx, request, stage.idx, decision);
  if ('confirmUrl' in confirmed) return confirmed;
  await keepDecision(trx, request, stage, principalId, decision);
  await recordAudit(trx, {
    actor: decision.actor,
    action: 'approval.approve',
    subject: { kind: request.kind, id: request.subject_id },
    now,
    after: {
      requestId: request.id,
      stage: stage.name,
      ...(principalId === personId ? {} : { standingInFor: principalId }),
      ...(shortenToMs === undefined ? {} : { shortenToMs }),
      ...(confirmed.id === undefined ? {} : { confirmationId: confirmed.id }),
    },
    ...(decision.reason === null ? {} : { text: { reason: decision.reason } }),
  });
  const after: Standing = {
    ...standing,
    given: [...standing.given, { stage: stage.idx, person_id: personId, principal_id: principalId }],
  };
  if (!weighed.completes) {
    await refreshCards(trx, { kind: context.subject(request.kind).cardKind, id: request.subject_id }, now);
    return {
      state: 'pending',
      text: `Your approval of ${request.reference} is counted. Still needed for "${stage.name}": ${weighed.stillNeeded.join(', ')}.`,
    };
  }
  const done = await passStage(context, trx, request, after, stage, {
    state: 'passed',
    actor: decision.actor,
    decidedBy: personId,
    reason: decision.reason,
    now,
  });
  return done
    ? { state: 'approved', text: `${request.reference} is approved.` }
    : {
        state: 'pending',
        text: `"${stage.name}" is done for ${request.reference}. The next stage is asked now.`,
      };
}

/** Who said what, in which stage, and for whom they stood in. */
async function keepDecision(
  trx: Trx,
  request: RequestRow,
  stage: StageRow,
  principalId: string,
  decision: Decide,
): Promise<void> {
  await trx
    .insertInto('approval_decision')
    .values({
      request_id: request.id,
      stage: stage.idx,
      person_id: decision.personId,
      principal_id: principalId,
      verdict: decision.verdict,
      reason: decision.reason,
      // Only who approves can shorten.
      shorten_to_ms: decision.verdict === 'approve' ? (decision.shortenToMs ?? null) : null,
      at: decision.now,
    })
    .execute();
}

/** Where the rule wants a second sign-in: what was pressed is kept and asked for, or the given one is spent. */
async function confirmation(
  context: EngineContext,
  trx: Trx,
  request: RequestRow,
  stage: number,
  decision: Decide,
): Promise<{ id: string | undefined } | Required<Decided>> {
  const rule = await ruleOf(context, trx, request);
  if (rule?.secondConfirmation === undefined) return { id: undefined };
  const { confirmationId } = decision;
  if (confirmationId !== undefined) {
    await spendConfirmation(trx, { request, stage, decision: { ...decision, confirmationId } });
    return { id: confirmationId };
  }
  const confirmUrl = await wantConfirmation(trx, context.services.config.confirmation, {
    request,
    stage,
    decision,
  });
  return {
    state: 'pending',
    text: `One more step for ${request.reference}: the policy wants this approval confirmed with a fresh sign-in. Nothing is decided until then.`,
    confirmUrl,
  };
}

/** Closes a stage and opens the next, or approves the request when it was the last. Returns true in the latter case. */
export async function passStage(
  context: EngineContext,
  trx: Trx,
  request: RequestRow,
  standing: Standing,
  stage: StageRow,
  params: Pick<ByPerson, 'actor' | 'now'> & {
    state: 'passed' | 'skipped';
    decidedBy: string | null;
    reason: string | null;
  },
): Promise<boolean> {
  const { now } = params;
  await trx
    .updateTable('approval_stage')
    .set({ state: params.state, closed_at: now })
    .where('request_id', '=', request.id)
    .where('idx', '=', stage.idx)
    .where('state', '=', 'open')
    .execute();
  await cancelWork(trx, timerKey.remind(request.id, stage.idx));
  await cancelWork(trx, timerKey.escalate(request.id, stage.idx));
  const next = standing.stages.find((item) => item.state === 'waiting');
  if (next) {
    const rule = await ruleOf(context, trx, request);
    const used = usedOutside(standing, next.idx);
    await openStage(context, trx, { request, stage: next, people: standing.people, used, rule, now });
    await refreshCards(trx, { kind: context.subject(request.kind).cardKind, id: request.subject_id }, now);
    return false;
  }
  const shortest = await trx
    .selectFrom('approval_decision')
    .select((select) => select.fn.min('shorten_to_ms').as('ms'))
    .where('request_id', '=', request.id)
    .executeTakeFirst();
  await finish(context, trx, request, {
    actor: params.actor,
    now,
    state: 'approved',
    decidedBy: params.decidedBy,
    reason: params.reason,
    ...(shortest?.ms === null || shortest?.ms === undefined ? {} : { durationMs: Number(shortest.ms) }),
  });
  return true;
}

/** The rule as it was when the request was made. */
export async function ruleOf(
  context: EngineContext,
  trx: Trx,
  request: RequestRow,
): Promise<PolicyRule | null> {
  const policy = await context.policyByHash(trx, request.policy_hash);
  return policy.rules.find((rule) => rule.name === request.rule) ?? null;
}

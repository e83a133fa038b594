import { recordAudit } from '../../audit/record.js';
import { InvalidInputError, NotAllowedError, NotFoundError } from '../../errors.js';
import { postCard, refreshCards } from '../../jobs/outgoing.js';
import { teamName } from '../../people/team-name.js';
import type { ByPerson } from '../approvals.js';
import { breakGlassTerms, requireNoneLive } from './break-glass-terms.js';
import type { EngineContext } from './context.js';
import { ruleOf } from './decide.js';
import { finish, isUuid, lockRequest, requirePending } from './finish.js';
import { lockKey } from './lock-key.js';
import { mayBeAsked } from './may-be-asked.js';
import { candidatesOf, liveStage } from './stages.js';
import { readStanding, usedOutside } from './standing.js';

const breakGlassCard = 'approval-break-glass';

/**
 * Emergency access for oneself, where the pinned rule allows it. Everybody who would have been asked is told, a review is
 * opened, and it is marked in every report.
 */
export async function breakGlass(
  context: EngineContext,
  params: ByPerson & { reason: string; minutes: number; confirmed: boolean },
): Promise<void> {
  const { services } = context;
  const { personId, now } = params;
  const reason = params.reason.trim();
  const fields: Record<string, string> = {};
  if (reason.length < 10) fields.reason = 'Say what the emergency is, in at least 10 characters.';
  if (!params.confirmed) fields.confirm = 'Confirm that everybody who was skipped will be told.';
  if (Object.keys(fields).length > 0) {
    throw new InvalidInputError(`Nothing was changed. ${Object.values(fields).join(' ')}`, fields);
  }
  await services.db.transaction().execute(async (trx) => {
    await lockKey(trx, `break-glass:${personId}`);
    const request = await lockRequest(context, trx, params.requestId);
    requirePending(request, 'approved', now);
    const rule = await ruleOf(context, trx, request);
    const standing = await readStanding(context, trx, request, now);
    const allowed = breakGlassTerms({
      config: services.config,
      rule,
      request,
      person: await services.directory.byId(trx, personId),
      facts: standing.facts,
      beneficiaries: standing.beneficiaries,
    });
    if ('refusal' in allowed) throw new NotAllowedError(allowed.refusal);
    if (!Number.isInteger(params.minutes) || params.minutes < 1 || params.minutes > allowed.maxMinutes) {
      throw new InvalidInputError(
        `Choose between 1 and ${allowed.maxMinutes} minutes. Nothing was changed.`,
        {
          minutes: `Between 1 and ${allowed.maxMinutes} minutes.`,
        },
      );
    }
    await requireNoneLive(trx, personId, now);
    const skipped = new Set<string>();
    for (const stage of standing.stages) {
      const used = usedOutside(standing, stage.idx);
      for (const candidate of candidatesOf(liveStage(stage.policy, standing.people, used)))
        skipped.add(candidate.id);
    }
    const reviewers = await services.directory.teamMembers(trx, allowed.review);
    await trx
      .insertInto('approval_break_glass')
      .values({
        request_id: request.id,
        person_id: personId,
        minutes: params.minutes,
        reason,
        at: now,
        ends_at: new Date(now.getTime() + params.minutes * 60_000),
        review_team: allowed.review,
        skipped: skipped.size,
      })
      .execute();
    await recordAudit(trx, {
      actor: params.actor,
      action: 'approval.break_glass',
      subject: { kind: request.kind, id: request.subject_id },
      now,
      after: {
        requestId: request.id,
        minutes: params.minutes,
        skipped: [...skipped],
        review: allowed.review,
      },
      text: { reason },
    });
    await finish(context, trx, request, {
      actor: params.actor,
      now,
      state: 'approved',
      decidedBy: personId,
      how: 'break-glass',
      reason,
      durationMs: params.minutes * 60_000,
    });
    const reviewing = new Set(reviewers.filter(mayBeAsked).map((reviewer) => reviewer.id));
    const told = new Set([...skipped, ...reviewing]);
    told.delete(personId);
    for (const id of told) {
      await postCard(trx, {
        key: `break-glass:${request.id}:${id}`,
        to: { personId: id },
        card: { kind: breakGlassCard, id: request.id, variant: reviewing.has(id) ? 'review' : 'skipped' },
        now,
      });
    }
  });
}

/** A member of the reviewing team says what they found. Not whoever used it. */
export async function reviewBreakGlass(
  context: EngineContext,
  params: ByPerson & { verdict: 'justified' | 'not-justified'; note: string },
): Promise<void> {
  const { services } = context;
  await services.db.transaction().execute(async (trx) => {
    const row = isUuid(params.requestId)
      ? await trx
          .selectFrom('approval_break_glass')
          .innerJoin('approval_request', 'approval_request.id', 'approval_break_glass.request_id')
          .select(['review_team', 'person_id', 'kind', 'subject_id', 'reviewed_at'])
          .where('request_id', '=', params.requestId)
          .forUpdate('approval_break_glass')
          .executeTakeFirst()
      : undefined;
    if (!row) throw new NotFoundError('There is no such use of break-glass, or you may not see it.');
    const reviewers = await services.directory.teamMembers(trx, row.review_team);
    if (row.person_id === params.personId || !reviewers.some((reviewer) => reviewer.id === params.personId)) {
      throw new NotAllowedError(
        `This is reviewed by ${teamName(services.config, row.review_team)}, and never by whoever used it. Nothing was changed.`,
      );
    }
    if (row.reviewed_at !== null)
      throw new NotAllowedError('This use was reviewed already. Nothing was changed.');
    await trx
      .updateTable('approval_break_glass')
      .set({
        reviewed_by: params.personId,
        reviewed_at: params.now,
        verdict: params.verdict,
        note: params.note.trim() || null,
      })
      .where('request_id', '=', params.requestId)
      .execute();
    await recordAudit(trx, {
      actor: params.actor,
      action: 'approval.break_glass_review',
      subject: { kind: row.kind, id: row.subject_id },
      now: params.now,
      after: { requestId: params.requestId, verdict: params.verdict },
      text: { note: params.note },
    });
    await postCard(trx, {
      key: `break-glass:${params.requestId}:${row.person_id}:reviewed`,
      to: { personId: row.person_id },
      card: { kind: breakGlassCard, id: params.requestId, variant: 'used' },
      now: params.now,
    });
    // Whoever else was told sees what was found, and reviewers that nothing is left to review.
    await refreshCards(trx, { kind: breakGlassCard, id: params.requestId }, params.now);
  });
}

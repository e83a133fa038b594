import { type Actor, recordAudit } from '../../audit/record.js';
import type { Trx } from '../../db/database.js';
import { InvalidInputError, NotAllowedError } from '../../errors.js';
import { refreshCards } from '../../jobs/outgoing.js';
import type { ByPerson } from '../approvals.js';
import { EligibilityUnknownError } from '../errors.js';
import type { SubjectKind } from '../subject.js';
import type { EngineContext } from './context.js';
import { finish, lockRequest, requirePending } from './finish.js';
import { mayBeAsked } from './may-be-asked.js';
import { tellApprovers } from './stages.js';
import { principalFor, readStanding, requireOpenStage } from './standing.js';

/** Taken back by whoever asked, and by nobody else. */
export async function withdraw(context: EngineContext, by: ByPerson): Promise<void> {
  await context.services.db.transaction().execute(async (trx) => {
    const request = await lockRequest(context, trx, by.requestId);
    if (request.requester_id !== by.personId) {
      throw new NotAllowedError(`Only whoever asked can withdraw ${request.reference}. Nothing was changed.`);
    }
    requirePending(request, 'withdrawn', by.now);
    await finish(context, trx, request, {
      actor: by.actor,
      now: by.now,
      state: 'withdrawn',
      decidedBy: by.personId,
      reason: null,
    });
  });
}

/** The subject is gone: whatever is undecided about it ends. */
export async function cancelRequests(
  context: EngineContext,
  trx: Trx,
  params: { kind: SubjectKind; subjectId: string; reason: string; actor: Actor; now: Date },
): Promise<void> {
  const rows = await trx
    .selectFrom('approval_request')
    .select('id')
    .where('kind', '=', params.kind)
    .where('subject_id', '=', params.subjectId)
    .where('state', '=', 'pending')
    .execute();
  for (const { id } of rows) {
    const request = await lockRequest(context, trx, id);
    if (request.state !== 'pending') continue;
    await finish(context, trx, request, {
      actor: params.actor,
      now: params.now,
      state: 'cancelled',
      decidedBy: null,
      reason: params.reason,
    });
  }
}

/** An approver of the open stage hands their part to an active colleague who does not gain by it. */
export async function reassign(
  context: EngineContext,
  params: ByPerson & { toPersonId: string; reason: string },
): Promise<void> {
  const reason = params.reason.trim();
  if (reason === '') {
    throw new InvalidInputError('Say why you hand it on. Nothing was changed.', {
      reason: 'Say why you hand it on.',
    });
  }
  await context.services.db.transaction().execute(async (trx) => {
    const request = await lockRequest(context, trx, params.requestId);
    requirePending(request, 'reassign', params.now);
    const standing = await readStanding(context, trx, request, params.now);
    const stage = requireOpenStage(standing, request);
    const { personId, toPersonId, now } = params;
    const principalId = await principalFor(context, trx, { request, standing, stage, personId, now });
    const to = await context.services.directory.byId(trx, toPersonId).catch((error: unknown) => {
      throw new EligibilityUnknownError(error);
    });
    const barred = standing.people.excluded.get(toPersonId);
    if (!mayBeAsked(to) || toPersonId === personId || barred !== undefined) {
      const why = barred === undefined ? 'they are not an active colleague' : barred;
      throw new InvalidInputError(`It cannot be handed to them: ${why}. Nothing was changed.`, {
        person: 'Choose another active colleague.',
      });
    }
    await trx
      .insertInto('approval_handover')
      .values({
        request_id: request.id,
        stage: stage.idx,
        from_id: principalId,
        to_id: toPersonId,
        reason,
        at: now,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['request_id', 'stage', 'from_id'])
          .doUpdateSet({ to_id: toPersonId, reason, at: now }),
      )
      .execute();
    await recordAudit(trx, {
      actor: params.actor,
      action: 'approval.reassign',
      subject: { kind: request.kind, id: request.subject_id },
      now,
      after: { requestId: request.id, stage: stage.name, from: principalId, to: toPersonId },
      text: { reason },
    });
    await tellApprovers(context, trx, { request, stage, candidates: [{ id: to.id, name: to.name }], now });
    await refreshCards(trx, { kind: context.subject(request.kind).cardKind, id: request.subject_id }, now);
  });
}

/** Keeps a thread message by reference; false when it belongs to no request. Slack content itself is never stored. */
export async function comment(
  context: EngineContext,
  params: { cardKind: string; subjectId: string; channelId: string; ts: string; personId: string; now: Date },
): Promise<boolean> {
  const { services } = context;
  return services.db.transaction().execute(async (trx) => {
    const request = await trx
      .selectFrom('approval_request')
      .select(['id', 'kind'])
      .where('subject_id', '=', params.subjectId)
      .orderBy('opened_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (!request || context.subject(request.kind).cardKind !== params.cardKind) return false;
    const inserted = await trx
      .insertInto('approval_comment')
      .values({
        channel_id: params.channelId,
        ts: params.ts,
        request_id: request.id,
        person_id: params.personId,
        at: params.now,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n;
  });
}

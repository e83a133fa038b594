import { type Actor, recordAudit } from '../../audit/record.js';
import type { Trx } from '../../db/database.js';
import { IllegalTransitionError, NotFoundError } from '../../errors.js';
import { cancelWork } from '../../jobs/outbox.js';
import { postCard, refreshCards } from '../../jobs/outgoing.js';
import { workingMsBetween } from '../../people/calendar.js';
import type { RequestState } from '../approvals.js';
import type { EndedOutcome } from '../subject.js';
import type { EngineContext } from './context.js';

/** A request with its row locked: everything that decides goes through here, so decisions queue up behind one another. */
export async function lockRequest(context: EngineContext, trx: Trx, requestId: string) {
  const found = isUuid(requestId)
    ? await trx
        .selectFrom('approval_request')
        .select(['kind', 'subject_id'])
        .where('id', '=', requestId)
        .executeTakeFirst()
    : undefined;
  if (!found) throw new NotFoundError('There is no such request, or you may not see it.');
  await context.subject(found.kind).lockFirst?.(trx, found.subject_id);
  return trx
    .selectFrom('approval_request')
    .selectAll()
    .where('id', '=', requestId)
    .forUpdate()
    .executeTakeFirstOrThrow();
}
export type RequestRow = Awaited<ReturnType<typeof lockRequest>>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Ids come from buttons: anything that is no uuid is answered like an unknown one, not by a database error. */
export function isUuid(text: string): boolean {
  return uuid.test(text);
}

/** Refuses anything that is decided already, and what has run out of time though the timer has not come round yet. */
export function requirePending(request: RequestRow, wanted: string, now: Date): void {
  if (request.state !== 'pending') {
    throw new IllegalTransitionError(
      `${request.reference} is already ${request.state}, so nothing was changed.`,
      request.state,
      wanted,
    );
  }
  if (request.expires_at <= now) {
    throw new IllegalTransitionError(
      `${request.reference} ran out of time before anybody decided, so nothing was changed. It can be asked for again.`,
      'expired',
      wanted,
    );
  }
}

export interface Finish {
  actor: Actor;
  now: Date;
  state: Exclude<RequestState, 'pending'>;
  decidedBy: string | null;
  how?: 'people' | 'policy' | 'break-glass';
  reason: string | null;
  durationMs?: number;
}

/** The one place where a request ends: guarded update, audit, the subject told, timers taken back, cards refreshed. */
export async function finish(
  context: EngineContext,
  trx: Trx,
  request: RequestRow,
  end: Finish,
): Promise<void> {
  const { services } = context;
  const how = end.how ?? 'people';
  const updated = await trx
    .updateTable('approval_request')
    .set({
      state: end.state,
      decided_at: end.now,
      decided_by: end.decidedBy,
      decided_how: end.state === 'approved' ? how : null,
      outcome_reason: end.reason,
      working_ms: workingMsBetween(services.config.calendar, request.opened_at, end.now),
    })
    .where('id', '=', request.id)
    .where('state', '=', 'pending')
    .executeTakeFirst();
  if (updated.numUpdatedRows !== 1n) {
    throw new IllegalTransitionError(`${request.reference} has just been decided.`, request.state, end.state);
  }
  await trx
    .updateTable('approval_stage')
    .set({ state: 'ended', closed_at: end.now })
    .where('request_id', '=', request.id)
    .where('state', 'in', ['open', 'waiting'])
    .execute();
  await recordAudit(trx, {
    actor: end.actor,
    action: `approval.${end.state}`,
    subject: { kind: request.kind, id: request.subject_id },
    now: end.now,
    before: { state: 'pending' },
    after: {
      state: end.state,
      requestId: request.id,
      rule: request.rule,
      policyHash: request.policy_hash,
      ...(end.state === 'approved' ? { how } : {}),
      ...(end.durationMs === undefined ? {} : { durationMs: end.durationMs }),
    },
    ...(end.reason === null ? {} : { text: { reason: end.reason } }),
  });
  await cancelTimers(trx, request.id);
  const subject = context.subject(request.kind);
  const event = {
    requestId: request.id,
    subjectId: request.subject_id,
    requesterId: request.requester_id,
    actor: end.actor,
    now: end.now,
    reason: end.reason,
    rule: request.rule,
    policyHash: request.policy_hash,
  };
  if (end.state === 'approved') {
    await subject.onApproved(trx, {
      ...event,
      how,
      ...(end.durationMs === undefined ? {} : { durationMs: end.durationMs }),
    });
  } else {
    await subject.onEnded(trx, { ...event, outcome: end.state satisfies EndedOutcome });
  }
  await refreshCards(trx, { kind: subject.cardKind, id: request.subject_id }, end.now);
  // A card that changes in place pings nobody: whoever asked, and did not end it themselves, is told.
  if (end.state !== 'approved' && end.actor.personId !== request.requester_id) {
    await postCard(trx, {
      key: `approval:${request.id}:ended`,
      to: { personId: request.requester_id },
      card: { kind: outcomeCard, id: request.id },
      inThreadOf: requesterCardKey(request.id),
      now: end.now,
    });
  }
}

/** Tells whoever asked that it was not approved, and why. */
const outcomeCard = 'approval-outcome';

/** Key of the message that whoever asked has of their request. */
export function requesterCardKey(requestId: string): string {
  return `approval:${requestId}:requester`;
}

/** Keys of a request's timers. Reminders and escalations have one per stage. */
export const timerKey = {
  expire: (requestId: string) => `approval.expire:${requestId}`,
  remind: (requestId: string, stage: number) => `approval.remind:${requestId}:${stage}`,
  escalate: (requestId: string, stage: number) => `approval.escalate:${requestId}:${stage}`,
};

async function cancelTimers(trx: Trx, requestId: string): Promise<void> {
  await cancelWork(trx, timerKey.expire(requestId));
  const stages = await trx
    .selectFrom('approval_stage')
    .select('idx')
    .where('request_id', '=', requestId)
    .execute();
  for (const { idx } of stages) {
    await cancelWork(trx, timerKey.remind(requestId, idx));
    await cancelWork(trx, timerKey.escalate(requestId, idx));
  }
}

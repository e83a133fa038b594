import { spokenDuration } from '../approvals/plan/match-rule.js';
import { currentPolicy } from '../approvals/policy/policy-store.js';
import { type Actor, policyActor, recordAudit } from '../audit/record.js';
import type { Db, Trx } from '../db/database.js';
import { IllegalTransitionError, InvalidInputError } from '../errors.js';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';
import { rolesOnRequest } from './authority.js';
import { type AccessRow, readRequest, reference, spokenState } from './lifecycle.js';
import { longestMs } from './request-access.js';
import { grantExtension } from './subject.js';

export interface ExtendAccess {
  requestId: string;
  person: Person;
  actor: Actor;
  /** How much longer; absent: what the rule gives without approval, else the time first asked for. */
  byMs?: number;
  reason: string | null;
  now: Date;
}

export interface Extended {
  state: 'granted' | 'pending';
  /** One sentence for whoever asked. */
  text: string;
}

/** More time for a running grant: at once where the rule allows it, else through its approvers. */
export async function extendAccess(services: Services, params: ExtendAccess): Promise<Extended> {
  const { now } = params;
  return services.db.transaction().execute(async (trx) => {
    const request = await readRequest(trx, params.requestId, true);
    services.authority.require('access.extend', await rolesOnRequest(services, trx, params.person, request));
    if (request.state !== 'active' || request.ends_at === null || request.ends_at <= now) {
      throw new IllegalTransitionError(
        `${reference(request.number)} is ${spokenState(request.state)}, so it cannot be extended. Ask for access anew.`,
        request.state,
        'active',
      );
    }
    if (request.how === 'break-glass') {
      throw new InvalidInputError(
        'Break-glass access is not extended. Ask for access the normal way. Nothing was changed.',
      );
    }
    const free = await withoutApproval(trx, request);
    const byMs = params.byMs ?? free?.atMost ?? Number(request.duration_ms);
    if (!Number.isFinite(byMs) || byMs < 60_000 || byMs > longestMs) {
      throw new InvalidInputError('Choose a time between a minute and a year. Nothing was changed.', {
        duration: 'Choose a time between a minute and a year.',
      });
    }
    const open = await trx
      .selectFrom('access_extension')
      .select('id')
      .where('request_id', '=', request.id)
      .where('state', '=', 'requested')
      .executeTakeFirst();
    if (open) {
      throw new InvalidInputError(
        `An extension of ${reference(request.number)} is waiting for approval already. Nothing was changed.`,
      );
    }
    const extension = await trx
      .insertInto('access_extension')
      .values({
        request_id: request.id,
        asked_by: params.person.id,
        by_ms: Math.round(byMs),
        until: new Date(request.ends_at.getTime() + byMs),
        reason: params.reason,
        state: 'requested',
        created_at: now,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    if (free && byMs <= free.atMost && request.extensions < free.times) {
      await grantExtension(trx, request, { extensionId: extension.id, byMs, now });
      await recordAudit(trx, {
        actor: policyActor,
        action: 'access.extend',
        subject: { kind: 'access', id: request.id },
        now,
        before: { endsAt: request.ends_at.toISOString() },
        after: { byMs, askedBy: params.person.id, count: request.extensions + 1 },
      });
      return {
        state: 'granted',
        text: `${reference(request.number)} now runs ${spokenDuration(byMs)} longer.`,
      };
    }
    const opened = await services.approvals.openRequest(trx, {
      kind: 'access-extension',
      subjectId: extension.id,
      reference: reference(request.number),
      requesterId: params.person.id,
      actor: params.actor,
      reason: params.reason ?? `More time for ${reference(request.number)}.`,
      now,
      ...(await earlierForm(trx, request)),
    });
    return opened.state === 'approved'
      ? { state: 'granted', text: `${reference(request.number)} now runs ${spokenDuration(byMs)} longer.` }
      : {
          state: 'pending',
          text: `${spokenDuration(byMs)} more for ${reference(request.number)} needs approval, which is asked for now.`,
        };
  });
}

/** What the rule that decides extensions today gives without approval. */
async function withoutApproval(
  db: Db | Trx,
  request: AccessRow,
): Promise<{ atMost: number; times: number } | null> {
  const policy = await currentPolicy(db);
  return policy.rules.find((rule) => rule.name === request.rule)?.extend?.withoutApproval ?? null;
}

/** Ticket and purpose were given and accepted with the request: they are not asked for again. */
async function earlierForm(
  trx: Trx,
  request: AccessRow,
): Promise<{ ticket?: string; purposeId?: string; termsAccepted?: boolean }> {
  const approval = await trx
    .selectFrom('approval_request')
    .select(['ticket', 'purpose_id'])
    .where('kind', '=', 'access')
    .where('subject_id', '=', request.id)
    .orderBy('opened_at', 'desc')
    .executeTakeFirst();
  return {
    ...(approval?.ticket ? { ticket: approval.ticket } : {}),
    ...(approval?.purpose_id ? { purposeId: approval.purpose_id, termsAccepted: true } : {}),
  };
}

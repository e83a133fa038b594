import { sql } from 'kysely';
import type { Db, Trx } from '../../db/database.js';
import type { RequestView, WaitingRequest } from '../approvals.js';
import type { PlanPeople } from '../plan/people.js';
import type { PolicyRule } from '../policy/schema.js';
import type { Beneficiaries, SubjectFacts, SubjectKind } from '../subject.js';
import { breakGlassTerms } from './break-glass-terms.js';
import type { EngineContext } from './context.js';
import { readPlanPeople } from './read-people.js';
import { candidatesOf, liveStage, readStages } from './stages.js';

/** Where the newest request of a subject stands. See `Approvals.view`. */
export async function viewRequest(
  context: EngineContext,
  db: Db | Trx,
  params: { kind: SubjectKind; subjectId: string; now: Date },
): Promise<RequestView | null> {
  const request = await db
    .selectFrom('approval_request')
    .innerJoin('person as requester', 'requester.id', 'approval_request.requester_id')
    .leftJoin('person as decider', 'decider.id', 'approval_request.decided_by')
    .selectAll('approval_request')
    .select(['requester.name as requester_name', 'decider.name as decider_name'])
    .where('approval_request.kind', '=', params.kind)
    .where('approval_request.subject_id', '=', params.subjectId)
    .orderBy('approval_request.opened_at', 'desc')
    .executeTakeFirst();
  if (!request) return null;
  const stages = await readStages(db, request.id);
  const given = await db
    .selectFrom('approval_decision')
    .innerJoin('person', 'person.id', 'approval_decision.person_id')
    .innerJoin('person as principal', 'principal.id', 'approval_decision.principal_id')
    .select([
      'stage',
      'verdict',
      'reason',
      'person_id',
      'principal_id',
      'person.name as name',
      'principal.name as principal_name',
    ])
    .where('request_id', '=', request.id)
    .where('verdict', '=', 'approve')
    .orderBy('at')
    .execute();
  const policy = await context.policyByHash(db, request.policy_hash).catch(() => null);
  const rule = policy?.rules.find((item) => item.name === request.rule);
  const live = request.state === 'pending' ? await peopleOf(context, request, stages, params.now) : null;
  const people = live?.people ?? null;
  const handed =
    people === null
      ? []
      : await db
          .selectFrom('approval_handover')
          .innerJoin('person', 'person.id', 'approval_handover.to_id')
          .select(['stage', 'from_id', 'to_id', 'person.name as to_name'])
          .where('request_id', '=', request.id)
          .execute();
  return {
    requestId: request.id,
    reference: request.reference,
    title: request.title,
    state: request.state,
    requester: { id: request.requester_id, name: request.requester_name },
    reason: request.reason,
    ticket: request.ticket,
    ticketSeen: request.ticket_seen,
    purpose: policy?.purposes.find((item) => item.id === request.purpose_id)?.title ?? request.purpose_id,
    rule: request.rule,
    openedAt: request.opened_at,
    expiresAt: request.expires_at,
    decidedAt: request.decided_at,
    decidedBy: request.decider_name,
    how: request.decided_how,
    outcomeReason: request.outcome_reason,
    asked: request.state === 'pending' ? await askedNow(db, request.id) : [],
    breakGlass: live !== null && (await mayBreakGlass(context, db, request, rule ?? null, live)),
    stages: stages.map((stage) => {
      const here = given.filter((item) => item.stage === stage.idx);
      const used = new Set(
        given
          .filter((item) => item.stage !== stage.idx)
          .flatMap((item) => [item.person_id, item.principal_id]),
      );
      const seats =
        people && (stage.state === 'open' || stage.state === 'waiting')
          ? liveStage(stage.policy, people, used)
          : null;
      const done = new Set(here.flatMap((item) => [item.person_id, item.principal_id]));
      return {
        name: stage.name,
        state: stage.state,
        candidates: seats
          ? candidatesOf(seats)
              .filter((person) => !done.has(person.id))
              .map((person) => {
                const to = handed.find((item) => item.stage === stage.idx && item.from_id === person.id);
                return to === undefined ? person.name : `${to.to_name} for ${person.name}`;
              })
          : [],
        given: here.map((item) => ({
          name: item.name,
          standingInFor: item.person_id === item.principal_id ? null : item.principal_name,
          reason: item.reason,
        })),
        needed: seats?.seats.length ?? here.length,
      };
    }),
  };
}

interface LivePeople {
  people: PlanPeople;
  facts: SubjectFacts;
  beneficiaries: Beneficiaries;
}

/** Whether whoever asked may take it in an emergency: a button is for those who may press it. */
async function mayBreakGlass(
  context: EngineContext,
  db: Db | Trx,
  request: { reference: string; rule: string; requester_id: string },
  rule: PolicyRule | null,
  { facts, beneficiaries }: LivePeople,
): Promise<boolean> {
  if (!rule?.breakGlass) return false;
  const { config, directory } = context.services;
  const person = await directory.byId(db, request.requester_id).catch(() => null);
  return !('refusal' in breakGlassTerms({ config, rule, request, person, facts, beneficiaries }));
}

/**
 * To whom open stages are put: not those whose part was given, by themselves or by whoever stood in for them, nor those who handed it on there
 * or were replaced because they did not decide in time.
 */
function askedOf(db: Db | Trx) {
  return db
    .selectFrom('approval_notified')
    .innerJoin('approval_stage', (join) =>
      join
        .onRef('approval_stage.request_id', '=', 'approval_notified.request_id')
        .onRef('approval_stage.idx', '=', 'approval_notified.stage'),
    )
    .where('approval_stage.state', '=', 'open')
    .where(({ or, eb, not }) =>
      or([
        eb('approval_stage.escalated_at', 'is', null),
        eb('approval_notified.at', '>=', eb.ref('approval_stage.escalated_at')),
        not(eb(sql<string>`approval_stage.policy -> 'escalate' ->> 'do'`, '=', 'replace')),
      ]),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('approval_decision')
            .select('approval_decision.id')
            .whereRef('approval_decision.request_id', '=', 'approval_notified.request_id')
            .where(({ eb, or, ref }) =>
              or([
                eb('approval_decision.person_id', '=', ref('approval_notified.person_id')),
                eb('approval_decision.principal_id', '=', ref('approval_notified.person_id')),
              ]),
            ),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('approval_handover')
            .select('approval_handover.from_id')
            .whereRef('approval_handover.request_id', '=', 'approval_notified.request_id')
            .whereRef('approval_handover.stage', '=', 'approval_notified.stage')
            .whereRef('approval_handover.from_id', '=', 'approval_notified.person_id'),
        ),
      ),
    );
}

async function askedNow(db: Db | Trx, requestId: string): Promise<string[]> {
  const rows = await askedOf(db)
    .select('approval_notified.person_id')
    .where('approval_notified.request_id', '=', requestId)
    .execute();
  return rows.map((row) => row.person_id);
}

/** A card may be drawn without names; a decision may not be taken without them. */
async function peopleOf(
  context: EngineContext,
  request: { kind: SubjectKind; subject_id: string; requester_id: string },
  stages: Awaited<ReturnType<typeof readStages>>,
  now: Date,
): Promise<LivePeople | null> {
  const subject = context.subject(request.kind);
  const read = async (trx: Trx): Promise<LivePeople> => {
    const facts = await subject.facts(trx, request.subject_id, now);
    const beneficiaries = await subject.beneficiaries(trx, request.subject_id, now);
    const policies = stages.map((stage) => stage.policy);
    const ask = { requesterId: request.requester_id, facts, beneficiaries, now };
    return { people: await readPlanPeople(context.services, trx, policies, ask), facts, beneficiaries };
  };
  try {
    return await context.services.db.transaction().execute(read);
  } catch (error) {
    context.services.log.warn({ error }, 'approvers could not be named on a card');
    return null;
  }
}

/** Requests whose open stage waits for this person. */
export async function waitingFor(
  db: Db | Trx,
  params: { personId: string; limit: number },
): Promise<WaitingRequest[]> {
  const rows = await askedOf(db)
    .innerJoin('approval_request', 'approval_request.id', 'approval_notified.request_id')
    .innerJoin('person', 'person.id', 'approval_request.requester_id')
    .select([
      'approval_request.id',
      'approval_request.kind',
      'approval_request.subject_id',
      'approval_request.reference',
      'approval_request.title',
      'approval_request.reason',
      'approval_request.opened_at',
      'person.name',
    ])
    .where('approval_notified.person_id', '=', params.personId)
    .where('approval_request.state', '=', 'pending')
    .orderBy('approval_request.opened_at')
    .limit(params.limit)
    .execute();
  return rows.map((row) => ({
    requestId: row.id,
    kind: row.kind,
    subjectId: row.subject_id,
    reference: row.reference,
    title: row.title,
    requesterName: row.name,
    reason: row.reason,
    openedAt: row.opened_at,
  }));
}

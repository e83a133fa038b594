import type { Trx } from '../../db/database.js';
import { NotAllowedError } from '../../errors.js';
import { EligibilityUnknownError } from '../errors.js';
import type { PlanPeople } from '../plan/people.js';
import { matchSeats } from '../plan/seats.js';
import type { Beneficiaries, SubjectFacts } from '../subject.js';
import type { EngineContext } from './context.js';
import { principalsOf } from './delegations.js';
import type { RequestRow } from './finish.js';
import { mayBeAsked } from './may-be-asked.js';
import { readPlanPeople } from './read-people.js';
import { candidatesOf, liveStage, readStages, type StageRow } from './stages.js';

interface PastDecision {
  stage: number;
  person_id: string;
  principal_id: string;
}

/** Where a request stands, read afresh: owners, teams and on-call of this moment. */
export interface Standing {
  stages: StageRow[];
  open: StageRow | undefined;
  people: PlanPeople;
  facts: SubjectFacts;
  beneficiaries: Beneficiaries;
  /** Approvals so far. */
  given: readonly PastDecision[];
}

/** Reads it all again. Any look-up that fails makes it unknown, and nothing is decided. */
export async function readStanding(
  context: EngineContext,
  trx: Trx,
  request: RequestRow,
  now: Date,
): Promise<Standing> {
  try {
    const subject = context.subject(request.kind);
    const facts = await subject.facts(trx, request.subject_id, now);
    const read = await subject.beneficiaries(trx, request.subject_id, now);
    // Who gained by it when it was asked stays barred, also after leaving the team of the service account.
    const beneficiaries: Beneficiaries = {
      kind: read.kind,
      personIds: [...new Set([...read.personIds, ...request.beneficiary_ids])],
    };
    const stages = await readStages(trx, request.id);
    const policies = stages.map((stage) => stage.policy);
    const ask = { requesterId: request.requester_id, facts, beneficiaries, now };
    const people = await readPlanPeople(context.services, trx, policies, ask);
    const given = await trx
      .selectFrom('approval_decision')
      .select(['stage', 'person_id', 'principal_id'])
      .where('request_id', '=', request.id)
      .where('verdict', '=', 'approve')
      .execute();
    return {
      stages,
      open: stages.find((stage) => stage.state === 'open'),
      people,
      facts,
      beneficiaries,
      given,
    };
  } catch (error) {
    throw new EligibilityUnknownError(error);
  }
}

/** The stage that waits for a decision; a request without one cannot be decided. */
export function requireOpenStage({ open }: Standing, { reference }: RequestRow): StageRow {
  if (!open) throw new NotAllowedError(`${reference} has no open stage. Nothing was changed.`);
  return open;
}

/** People whose approval counts in a stage other than this one: neither they nor those they stood for count again. */
export function usedOutside(standing: Standing, stage: number): Set<string> {
  return new Set(
    standing.given
      .filter((item) => item.stage !== stage)
      .flatMap((item) => [item.person_id, item.principal_id]),
  );
}

/** Parts that this person may give in a stage: their own, unless they handed it on there, and those of people they stand in for or took over from. */
async function partsOf(
  context: EngineContext,
  trx: Trx,
  request: RequestRow,
  { stage, personId, now }: { stage: number; personId: string; now: Date },
): Promise<{ own: boolean; others: { principalId: string; stage: number | null }[] }> {
  const handed = await trx
    .selectFrom('approval_handover')
    .select(['from_id', 'to_id', 'stage'])
    .where('request_id', '=', request.id)
    .execute();
  const taken = handed.filter((item) => item.to_id === personId);
  const standIns = await principalsOf(context.services, trx, personId, now);
  return {
    own: !handed.some((item) => item.from_id === personId && item.stage === stage),
    others: [
      ...taken.map((item) => ({ principalId: item.from_id, stage: item.stage })),
      ...standIns.map((principalId) => ({ principalId, stage: null })),
    ],
  };
}

/** Whose part this person gives in a stage, or why they may not. Throws `NotAllowedError` with who may. */
export async function principalFor(
  context: EngineContext,
  trx: Trx,
  params: { request: RequestRow; standing: Standing; stage: StageRow; personId: string; now: Date },
): Promise<string> {
  const { request, standing, stage, personId, now } = params;
  const barred = standing.people.excluded.get(personId);
  const candidates = candidatesOf(liveStage(stage.policy, standing.people, usedOutside(standing, stage.idx)));
  const isGiven = (id: string) =>
    standing.given.some((item) => item.person_id === id || item.principal_id === id);
  const left = candidates.filter((person) => !isGiven(person.id));
  const names = left.map((person) => person.name).join(', ') || 'nobody at the moment';
  if (barred !== undefined) {
    const why =
      barred === 'asked for it' ? 'You asked for this yourself' : `You cannot decide this: ${barred}`;
    throw new NotAllowedError(`${why}, so somebody else must decide it: ${names}. Nothing was changed.`);
  }
  let actor: Awaited<ReturnType<typeof context.services.directory.byId>>;
  let parts: Awaited<ReturnType<typeof partsOf>>;
  try {
    actor = await context.services.directory.byId(trx, personId);
    parts = await partsOf(context, trx, request, { stage: stage.idx, personId, now });
  } catch (error) {
    throw new EligibilityUnknownError(error);
  }
  if (!mayBeAsked(actor)) {
    throw new NotAllowedError('Only active members of the company can decide requests. Nothing was changed.');
  }
  if (isGiven(personId)) {
    throw new NotAllowedError(
      `Your approval of ${request.reference} is counted already, and one person counts once. Still needed: ${names}.`,
    );
  }
  const isCandidate = (id: string) => candidates.some((person) => person.id === id);
  const free = (id: string) => !standing.people.excluded.has(id) && !isGiven(id);
  if (parts.own && isCandidate(personId)) return personId;
  const other = parts.others.find(
    (part) =>
      (part.stage === null || part.stage === stage.idx) &&
      isCandidate(part.principalId) &&
      free(part.principalId),
  );
  if (other) return other.principalId;
  const turn = stage.state === 'open' ? ' now' : '';
  throw new NotAllowedError(
    `${request.reference} is not yours to decide${turn}: "${stage.name}" is for ${names}. Nothing was changed.`,
  );
}

/** What one more approval would mean for the open stage and for those after it. */
export function weighApproval(
  standing: Standing,
  stage: StageRow,
  principalId: string,
  personId: string,
): { fits: boolean; completes: boolean; blocksLater: boolean; stillNeeded: string[] } {
  const live = liveStage(stage.policy, standing.people, usedOutside(standing, stage.idx));
  const here = standing.given.filter((item) => item.stage === stage.idx).map((item) => item.principal_id);
  const approvers = [...here, principalId];
  const restricted = live.seats.map((seat) =>
    seat.candidates.map((person) => person.id).filter((id) => approvers.includes(id)),
  );
  const taken = matchSeats(restricted).filled.filter((id) => id !== null).length;
  const stillNeeded = live.seats
    .filter((_, index) => matchSeats(restricted).filled[index] === null)
    .map((seat) => seat.label);
  const before = canBeFinished(standing, stage, []);
  const after = canBeFinished(standing, stage, [principalId, personId]);
  return {
    fits: taken === approvers.length,
    completes: taken === live.seats.length,
    blocksLater: before && !after,
    stillNeeded,
  };
}

/** Whether different people can still fill every seat, when these are bound to the open stage. */
function canBeFinished(standing: Standing, open: StageRow, bound: readonly string[]): boolean {
  const here = standing.given
    .filter((item) => item.stage === open.idx)
    .flatMap((item) => [item.person_id, item.principal_id]);
  const usedHere = new Set([...here, ...bound]);
  const seats: string[][] = [];
  for (const stage of standing.stages) {
    if (stage.state !== 'open' && stage.state !== 'waiting') continue;
    const used = usedOutside(standing, stage.idx);
    const live = liveStage(stage.policy, standing.people, used);
    for (const seat of live.seats) {
      const ids = seat.candidates.map((person) => person.id);
      seats.push(stage.idx === open.idx ? ids : ids.filter((id) => !usedHere.has(id)));
    }
  }
  return matchSeats(seats).complete;
}

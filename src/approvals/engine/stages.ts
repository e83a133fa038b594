import type { Db, Trx } from '../../db/database.js';
import { setTimer } from '../../jobs/outbox.js';
import { postCard } from '../../jobs/outgoing.js';
import type { PlanPeople, PlanPerson } from '../plan/people.js';
import { type PlannedStage, planStage } from '../plan/plan.js';
import { matchSeats } from '../plan/seats.js';
import type { PolicyRule, StagePolicy } from '../policy/schema.js';
import type { EngineContext } from './context.js';
import { standInsFor } from './delegations.js';
import { type RequestRow, timerKey } from './finish.js';
import { mayBeAsked } from './may-be-asked.js';

/** More people than this get one card in a channel instead of a direct message each. */
const directMessagesAtMost = 5;

export interface StageRow {
  idx: number;
  name: string;
  state: 'waiting' | 'open' | 'passed' | 'skipped' | 'ended';
  policy: StagePolicy;
  opened_at: Date | null;
  reminders: number;
  escalated_at: Date | null;
}

export async function readStages(trx: Db | Trx, requestId: string): Promise<StageRow[]> {
  return trx
    .selectFrom('approval_stage')
    .select(['idx', 'name', 'state', 'policy', 'opened_at', 'reminders', 'escalated_at'])
    .where('request_id', '=', requestId)
    .orderBy('idx')
    .execute();
}

/**
 * A stage with the people who may fill it now. Stand-ins come in where its own people cannot; `used` are people whose
 * approval counts in another stage already.
 */
export function liveStage(policy: StagePolicy, people: PlanPeople, used: ReadonlySet<string>): PlannedStage {
  const excluded = new Map(people.excluded);
  for (const id of used) excluded.set(id, 'has approved another stage');
  const now: PlanPeople = { ...people, excluded };
  const own = planStage(policy, now, false);
  const seats = own.seats.map((seat) => seat.candidates.map((person) => person.id));
  return matchSeats(seats).complete ? own : planStage(policy, now, true);
}

export function candidatesOf(stage: PlannedStage): PlanPerson[] {
  return [
    ...new Map(stage.seats.flatMap((seat) => seat.candidates).map((person) => [person.id, person])).values(),
  ];
}

/** Opens a stage: state, timers, and the card for whoever may decide. */
export async function openStage(
  context: EngineContext,
  trx: Trx,
  params: {
    request: RequestRow;
    stage: StageRow;
    people: PlanPeople;
    used: ReadonlySet<string>;
    rule: PolicyRule | null;
    now: Date;
  },
): Promise<void> {
  const { request, stage, now } = params;
  await trx
    .updateTable('approval_stage')
    .set({ state: 'open', opened_at: now })
    .where('request_id', '=', request.id)
    .where('idx', '=', stage.idx)
    .where('state', '=', 'waiting')
    .execute();
  const payload = { requestId: request.id, stage: stage.idx };
  const remind = stage.policy.remind ?? params.rule?.remind;
  if (remind) {
    const runAt = new Date(now.getTime() + remind.after);
    await setTimer(trx, {
      kind: 'approval.remind',
      queue: 'work',
      key: timerKey.remind(request.id, stage.idx),
      payload,
      runAt,
      now,
    });
  }
  if (stage.policy.escalate) {
    const runAt = new Date(now.getTime() + stage.policy.escalate.after);
    await setTimer(trx, {
      kind: 'approval.escalate',
      queue: 'work',
      key: timerKey.escalate(request.id, stage.idx),
      payload,
      runAt,
      now,
    });
  }
  const candidates = candidatesOf(liveStage(stage.policy, params.people, params.used));
  const asked = await withStandIns(context, trx, candidates, params.people, now);
  const known = await trx
    .selectFrom('approval_notified')
    .select('person_id')
    .distinct()
    .where('request_id', '=', request.id)
    .where('stage', '<', stage.idx)
    .execute();
  await tellApprovers(context, trx, { request, stage, candidates: asked, now });
  // A card that is only redrawn notifies nobody: whoever had it for an earlier stage gets a line in its thread.
  for (const { person_id: personId } of known) {
    if (!asked.some((person) => person.id === personId)) continue;
    const card = `approval:${request.id}:${personId}`;
    await postCard(trx, {
      key: `${card}:stage:${stage.idx}`,
      to: { personId },
      card: { kind: 'approval-reminder', id: request.id, variant: 'next' },
      inThreadOf: card,
      now,
    });
  }
}

/** The candidates, and whoever stands in for one of them now: they are told too. */
export async function withStandIns(
  context: EngineContext,
  trx: Trx,
  candidates: readonly PlanPerson[],
  people: PlanPeople,
  now: Date,
): Promise<PlanPerson[]> {
  const { services } = context;
  const known = new Set(candidates.map((person) => person.id));
  const ids = await standInsFor(services, trx, [...known], now);
  const found = [...candidates];
  for (const id of new Set(ids)) {
    if (known.has(id) || people.excluded.has(id)) continue;
    const person = await services.directory.byId(trx, id);
    if (mayBeAsked(person)) found.push({ id, name: person.name });
  }
  return found;
}

/** One card each for up to five people and for what is hidden, else one card in the approvals channel. Nobody is told twice of one stage. */
export async function tellApprovers(
  context: EngineContext,
  trx: Trx,
  params: { request: RequestRow; stage: StageRow; candidates: readonly PlanPerson[]; now: Date },
): Promise<void> {
  const { request, stage, candidates, now } = params;
  const card = { kind: context.subject(request.kind).cardKind, id: request.subject_id, variant: 'approver' };
  if (candidates.length === 0) {
    await tellStuck(context, trx, request, stage, now);
    return;
  }
  await trx
    .insertInto('approval_notified')
    .values(
      candidates.map((person) => ({
        request_id: request.id,
        stage: stage.idx,
        person_id: person.id,
        at: now,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const channelId =
    candidates.length > directMessagesAtMost && !(await isHidden(context, trx, request, now))
      ? channelFor(context, stage.policy)
      : null;
  if (channelId !== null) {
    await postCard(trx, { key: `approval:${request.id}:channel:${channelId}`, to: { channelId }, card, now });
    return;
  }
  for (const person of candidates) {
    await postCard(trx, {
      key: `approval:${request.id}:${person.id}`,
      to: { personId: person.id },
      card,
      now,
    });
  }
}

async function isHidden(context: EngineContext, trx: Trx, request: RequestRow, now: Date): Promise<boolean> {
  return (await context.subject(request.kind).facts(trx, request.subject_id, now)).hidden === true;
}

/** The channel of the one team that is asked, else the common approvals channel. */
function channelFor(context: EngineContext, policy: StagePolicy): string | null {
  const { config } = context.services;
  const teams = policy.from.flatMap((source) => (source.kind === 'team' ? [source.team] : []));
  const own = teams.length === 1 ? config.teams.find((team) => team.id === teams[0])?.channel : undefined;
  return own ?? config.slack.channels.approvals ?? null;
}

/** Everybody who could approve is gone: administrators are told, the card says so too, the expiry still runs. */
async function tellStuck(
  context: EngineContext,
  trx: Trx,
  request: RequestRow,
  stage: StageRow,
  now: Date,
): Promise<void> {
  const { services } = context;
  for (const email of services.config.authority.admins) {
    const admin = await services.directory.byEmail(trx, email);
    if (!admin || admin.id === request.requester_id) continue;
    await postCard(trx, {
      key: `approval:${request.id}:stuck:${stage.idx}:${admin.id}`,
      to: { personId: admin.id },
      card: { kind: context.subject(request.kind).cardKind, id: request.subject_id, variant: 'stuck' },
      now,
    });
  }
}

import { createHash } from 'node:crypto';
import { policyActor, recordAudit } from '../../audit/record.js';
import type { Db, Trx } from '../../db/database.js';
import { InvalidInputError } from '../../errors.js';
import { setTimer } from '../../jobs/outbox.js';
import { postCard } from '../../jobs/outgoing.js';
import type { Opened, OpenRequest, PlanPreview } from '../approvals.js';
import { NobodyCanApproveError, RefusedByPolicyError } from '../errors.js';
import { chooseRule } from '../plan/choose-rule.js';
import { spokenDuration } from '../plan/match-rule.js';
import type { PlanPeople, PlanPerson } from '../plan/people.js';
import { noRuleSentence, type Plan, planOfRule } from '../plan/plan.js';
import type { Policy, PolicyRule } from '../policy/schema.js';
import type { EngineContext } from './context.js';
import { finish, requesterCardKey, timerKey } from './finish.js';
import { lockKey } from './lock-key.js';
import { type AskedBy, readPlanPeople, readPolicyRequest } from './read-people.js';
import { requireRoom, roomUnder } from './room.js';
import { openStage, readStages } from './stages.js';

/** What a wish would meet: the same checks for the form before it is sent and for the request itself. */
interface JudgedWish
  extends AskedBy,
    Pick<OpenRequest, 'reason' | 'ticket' | 'purposeId' | 'termsAccepted'> {}

interface Judged {
  policy: Policy;
  rule: PolicyRule;
  people: PlanPeople;
  plan: Plan;
}

/** See `Approvals.check`. */
export async function checkWish(
  context: EngineContext,
  db: Db | Trx,
  wish: JudgedWish & { alongside?: ReadonlyMap<string, number> },
): Promise<{ rule: string }> {
  const { rule } = await judge(context, db, wish);
  await requireRoom(context, db, { rule, ...wish, alongside: wish.alongside?.get(rule.name) ?? 0 });
  return { rule: rule.name };
}

async function judge(context: EngineContext, db: Db | Trx, wish: JudgedWish): Promise<Judged> {
  const { services } = context;
  const policy = await context.currentPolicy(db);
  const { rule } = chooseRule(policy, await readPolicyRequest(services, db, wish));
  if (!rule) throw new RefusedByPolicyError(noRuleSentence, null);
  if (rule.deny !== undefined) throw new RefusedByPolicyError(rule.deny, rule.name);
  if (rule.secondConfirmation !== undefined && services.config.confirmation === undefined) {
    const [first] = await peopleToTalkTo(context, db, [], wish.requesterId);
    throw new RefusedByPolicyError(
      `The rule "${rule.name}" wants every approval confirmed by a second sign-in, and none is set up here, so nobody could approve it. Nothing was requested. Talk to ${first?.name ?? 'your Steward administrator'}.`,
      rule.name,
    );
  }
  checkForm(policy, rule, wish, wish.facts.durationMs);
  const people = await readPlanPeople(services, db, rule.stages, wish);
  const plan = planOfRule(rule, people);
  if (plan.outcome === 'nobody-can') {
    const { sentence, talkTo } = await withWhomToTalkTo(context, db, plan, wish.requesterId);
    throw new NobodyCanApproveError(sentence, talkTo);
  }
  return { policy, rule, people, plan };
}

/** Asks for approval in the caller's transaction. See `Approvals.openRequest`. */
export async function openRequest(context: EngineContext, trx: Trx, wish: OpenRequest): Promise<Opened> {
  const { now } = wish;
  const subject = context.subject(wish.kind);
  const facts = await subject.facts(trx, wish.subjectId, now);
  const beneficiaries = await subject.beneficiaries(trx, wish.subjectId, now);
  const judged = await judge(context, trx, { ...wish, facts, beneficiaries });
  const { policy, rule, people, plan } = judged;
  if (rule.limits.maxLivePerPerson !== undefined) {
    // Two requests at once must not both see the last free place.
    await lockKey(trx, `approvals:${wish.requesterId}`);
    await requireRoom(context, trx, { rule, facts, requesterId: wish.requesterId, now });
  }
  const purpose = policy.purposes.find((item) => item.id === wish.purposeId);
  const request = await trx
    .insertInto('approval_request')
    .values({
      kind: wish.kind,
      subject_id: wish.subjectId,
      reference: wish.reference,
      requester_id: wish.requesterId,
      beneficiary_ids: [...beneficiaries.personIds],
      state: 'pending',
      policy_hash: policy.hash,
      rule: rule.name,
      title: facts.title,
      reason: wish.reason,
      ticket: wish.ticket ?? null,
      ticket_seen: wish.ticketSeen ?? null,
      purpose_id: purpose?.id ?? null,
      terms_hash: purpose ? createHash('sha256').update(purpose.terms).digest('hex') : null,
      opened_at: now,
      expires_at: new Date(now.getTime() + rule.expireAfter),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await recordAudit(trx, {
    actor: wish.actor,
    action: 'approval.request',
    subject: { kind: wish.kind, id: wish.subjectId },
    now,
    after: {
      requestId: request.id,
      rule: rule.name,
      policyHash: policy.hash,
      beneficiaries: beneficiaries.personIds,
      stages: rule.stages.map((stage) => stage.name),
      purpose: purpose?.id ?? null,
      ...(wish.ticketSeen ? { ticketSeen: wish.ticketSeen } : {}),
      termsHash: request.terms_hash,
    },
    text: {
      title: facts.title,
      reason: wish.reason,
      ticket: wish.ticket ?? null,
      terms: purpose?.terms ?? null,
    },
  });
  await postCard(trx, {
    key: requesterCardKey(request.id),
    to: { personId: wish.requesterId },
    card: { kind: subject.cardKind, id: wish.subjectId, variant: 'requester' },
    now,
  });
  if (plan.outcome === 'auto-approved') {
    await finish(context, trx, request, {
      actor: policyActor,
      now,
      state: 'approved',
      decidedBy: null,
      how: 'policy',
      reason: plan.sentence,
    });
    return { requestId: request.id, state: 'approved', plan };
  }
  await trx
    .insertInto('approval_stage')
    .values(
      rule.stages.map((stage, idx) => ({
        request_id: request.id,
        idx,
        name: stage.name,
        state: 'waiting' as const,
        policy: JSON.stringify(stage),
      })),
    )
    .execute();
  await setTimer(trx, {
    kind: 'approval.expire',
    queue: 'work',
    key: timerKey.expire(request.id),
    payload: { requestId: request.id },
    runAt: request.expires_at,
    now,
  });
  const first = (await readStages(trx, request.id))[0];
  if (!first) throw new Error(`rule ${rule.name} has no stages`);
  await openStage(context, trx, { request, stage: first, people, used: new Set(), rule, now });
  return { requestId: request.id, state: 'pending', plan };
}

/** What the rule asks of the form: reason, ticket, purpose with its terms, a time within its limit. */
export function checkForm(
  policy: Policy,
  rule: PolicyRule,
  wish: Pick<OpenRequest, 'reason' | 'ticket' | 'purposeId' | 'termsAccepted'>,
  durationMs: number | undefined,
): void {
  const fields: Record<string, string> = {};
  const reason = wish.reason?.trim() ?? '';
  if (rule.reason.required && reason.length < Math.max(1, rule.reason.minLength)) {
    fields.reason =
      rule.reason.minLength > 1
        ? `Say why in at least ${rule.reason.minLength} characters.`
        : 'Say why you need it.';
  }
  if (rule.ticket) {
    const ticket = wish.ticket?.trim() ?? '';
    if (rule.ticket.required && ticket === '')
      fields.ticket = `A ticket is needed, like ${rule.ticket.example}.`;
    else if (ticket !== '' && !new RegExp(rule.ticket.pattern).test(ticket)) {
      fields.ticket = `That is no ticket number. It looks like ${rule.ticket.example}.`;
    }
  }
  if (rule.purposes.length > 0) {
    const purpose = policy.purposes.find((item) => item.id === wish.purposeId);
    if (!purpose || !rule.purposes.includes(purpose.id)) fields.purpose = 'Choose a purpose.';
    else if (wish.termsAccepted !== true) fields.terms = `Accept the terms of "${purpose.title}" first.`;
  }
  const longest = rule.limits.maxDuration;
  if (longest !== undefined && (durationMs === undefined || durationMs > longest)) {
    fields.duration = `At most ${spokenDuration(longest)} may be asked for here.`;
  }
  if (Object.keys(fields).length > 0) {
    throw new InvalidInputError(`Nothing was requested. ${Object.values(fields).join(' ')}`, fields);
  }
}

/** The plan as a form shows it before anything is sent. Writes nothing. */
export async function preview(context: EngineContext, db: Db | Trx, ask: AskedBy): Promise<PlanPreview> {
  const policy = await context.currentPolicy(db);
  const { rule } = chooseRule(policy, await readPolicyRequest(context.services, db, ask));
  if (!rule) {
    const plan: Plan = { outcome: 'no-rule', sentence: noRuleSentence };
    return { plan, usualMs: null, room: null, rule, policy };
  }
  const people = await readPlanPeople(context.services, db, rule.stages, ask);
  const found = planOfRule(rule, people);
  const plan: Plan =
    found.outcome === 'nobody-can' ? await withWhomToTalkTo(context, db, found, ask.requesterId) : found;
  const room = await roomUnder(context, db, { rule, ...ask });
  return { plan, usualMs: await usualTime(db, rule.name), room, rule, policy };
}

/** Median working time of the newest 50 decided requests of a rule; null until there are five. */
export async function usualTime(db: Db | Trx, rule: string): Promise<number | null> {
  const rows = await db
    .selectFrom('approval_request')
    .select('working_ms')
    .where('rule', '=', rule)
    .where('state', 'in', ['approved', 'denied'])
    .where('working_ms', 'is not', null)
    .orderBy('decided_at', 'desc')
    .limit(50)
    .execute();
  if (rows.length < 5) return null;
  const sorted = rows.map((row) => Number(row.working_ms)).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

/** That nobody can approve, with whom to talk to. */
async function withWhomToTalkTo(
  context: EngineContext,
  db: Db | Trx,
  plan: Extract<Plan, { outcome: 'nobody-can' }>,
  requesterId: string,
): Promise<typeof plan> {
  const talkTo = await peopleToTalkTo(context, db, plan.talkTo, requesterId);
  const whom = talkTo.map((person) => person.name).join(', ');
  return { ...plan, sentence: `${plan.sentence}${whom ? ` Talk to ${whom}.` : ''}`, talkTo };
}

/** Whom to ask when nobody can approve: administrators first, then whoever would have been asked. */
async function peopleToTalkTo(
  context: EngineContext,
  db: Db | Trx,
  barred: readonly PlanPerson[],
  requesterId: string,
): Promise<PlanPerson[]> {
  const { services } = context;
  const found = new Map<string, PlanPerson>();
  for (const email of services.config.authority.admins) {
    const admin = await services.directory.byEmail(db, email);
    if (admin?.status === 'active') found.set(admin.id, { id: admin.id, name: admin.name });
  }
  found.delete(requesterId);
  if (found.size === 0) for (const person of barred) found.set(person.id, person);
  found.delete(requesterId);
  return [...found.values()];
}

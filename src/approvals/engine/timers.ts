import { recordAudit, scheduleActor } from '../../audit/record.js';
import type { Trx } from '../../db/database.js';
import { setTimer } from '../../jobs/outbox.js';
import { postCard, refreshCards } from '../../jobs/outgoing.js';
import { postNotice } from '../../notices/post-notice.js';
import type { StagePolicy } from '../policy/schema.js';
import type { EngineContext } from './context.js';
import { passStage, ruleOf } from './decide.js';
import { finish, lockRequest, type RequestRow, timerKey } from './finish.js';
import { candidatesOf, liveStage, type StageRow, tellApprovers, withStandIns } from './stages.js';
import { readStanding, type Standing, usedOutside } from './standing.js';

interface StageTimer {
  requestId: string;
  stage: number;
  now: Date;
}

/** The open stage of an undecided request; null when the timer came too late to matter. */
async function openAt(
  context: EngineContext,
  trx: Trx,
  params: StageTimer,
): Promise<{ request: RequestRow; standing: Standing; stage: StageRow } | null> {
  const request = await lockRequest(context, trx, params.requestId);
  if (request.state !== 'pending') return null;
  const standing = await readStanding(context, trx, request, params.now);
  const stage = standing.open;
  return stage && stage.idx === params.stage ? { request, standing, stage } : null;
}

/** Reminds whoever has not decided yet, in the card's thread, each time after a longer wait. */
export async function remind(context: EngineContext, params: StageTimer): Promise<void> {
  await context.services.db.transaction().execute(async (trx) => {
    const at = await openAt(context, trx, params);
    if (!at) return;
    const { request, standing, stage } = at;
    const policy = stage.policy.remind ?? (await ruleOf(context, trx, request))?.remind;
    if (!policy || stage.reminders >= policy.max) return;
    const count = stage.reminders + 1;
    await trx
      .updateTable('approval_stage')
      .set({ reminders: count })
      .where('request_id', '=', request.id)
      .where('idx', '=', stage.idx)
      .execute();
    const candidates = candidatesOf(
      liveStage(stage.policy, standing.people, usedOutside(standing, stage.idx)),
    );
    // Whoever stands in for one of them since the stage was opened has not been told of it.
    const asked = await withStandIns(context, trx, candidates, standing.people, params.now);
    await tellApprovers(context, trx, { request, stage, candidates: asked, now: params.now });
    const cards = await trx
      .selectFrom('slack_message')
      .select(['key', 'channel_id', 'person_id'])
      .where('card_kind', '=', context.subject(request.kind).cardKind)
      .where('card_id', '=', request.subject_id)
      .where('variant', '=', 'approver')
      .where('state', '=', 'sent')
      .execute();
    const waiting = new Set(candidates.map((person) => person.id));
    for (const card of cards) {
      if (card.person_id !== null && !waiting.has(card.person_id)) continue;
      const reminder = {
        key: `${card.key}:remind:${stage.idx}:${count}`,
        card: { kind: 'approval-reminder', id: request.id, variant: String(count) },
        inThreadOf: card.key,
        now: params.now,
      };
      if (card.person_id === null) {
        await postCard(trx, { ...reminder, to: { channelId: card.channel_id ?? '' } });
      } else {
        const { services } = context;
        await postNotice(services, trx, {
          ...reminder,
          topic: 'approval-reminders',
          personId: card.person_id,
        });
      }
    }
    if (count < policy.max) {
      await setTimer(trx, {
        kind: 'approval.remind',
        queue: 'work',
        key: timerKey.remind(request.id, stage.idx),
        payload: { requestId: request.id, stage: stage.idx },
        runAt: new Date(params.now.getTime() + policy.after * policy.factor ** count),
        now: params.now,
      });
    }
  });
}

/** What the policy says happens when nobody decided in time. */
export async function escalate(context: EngineContext, params: StageTimer): Promise<void> {
  await context.services.db.transaction().execute(async (trx) => {
    const at = await openAt(context, trx, params);
    if (!at) return;
    const { request, standing, stage } = at;
    const how = stage.policy.escalate;
    if (!how || stage.escalated_at !== null) return;
    await recordAudit(trx, {
      actor: scheduleActor,
      action: 'approval.escalate',
      subject: { kind: request.kind, id: request.subject_id },
      now: params.now,
      after: { requestId: request.id, stage: stage.name, how: how.do },
    });
    await trx
      .updateTable('approval_stage')
      .set({ escalated_at: params.now })
      .where('request_id', '=', request.id)
      .where('idx', '=', stage.idx)
      .execute();
    const last = !standing.stages.some((item) => item.state === 'waiting');
    if (how.do === 'cancel' || (how.do === 'skip' && last && standing.given.length === 0)) {
      await finish(context, trx, request, {
        actor: scheduleActor,
        now: params.now,
        state: 'cancelled',
        decidedBy: null,
        reason: `Nobody decided "${stage.name}" in time. It can be asked for again.`,
      });
      return;
    }
    if (how.do === 'skip') {
      await passStage(context, trx, request, standing, stage, {
        state: 'skipped',
        actor: scheduleActor,
        decidedBy: null,
        reason: null,
        now: params.now,
      });
      return;
    }
    const policy: StagePolicy =
      how.do === 'replace'
        ? {
            ...stage.policy,
            from: how.to,
            need: stage.policy.need === 'all' ? 'any' : stage.policy.need,
            fallback: [],
          }
        : widened(stage.policy);
    await trx
      .updateTable('approval_stage')
      .set({ policy: JSON.stringify(policy) })
      .where('request_id', '=', request.id)
      .where('idx', '=', stage.idx)
      .execute();
    const changed = { ...stage, policy };
    const candidates = candidatesOf(liveStage(policy, standing.people, usedOutside(standing, stage.idx)));
    const asked = await withStandIns(context, trx, candidates, standing.people, params.now);
    await tellApprovers(context, trx, { request, stage: changed, candidates: asked, now: params.now });
    // Whoever was asked before and is asked again is not among the replaced.
    await trx
      .updateTable('approval_notified')
      .set({ at: params.now })
      .where('request_id', '=', request.id)
      .where('stage', '=', stage.idx)
      .where(({ eb }) => eb('person_id', '=', eb.fn.any(eb.val(asked.map(({ id }) => id)))))
      .execute();
    await refreshCards(
      trx,
      { kind: context.subject(request.kind).cardKind, id: request.subject_id },
      params.now,
    );
  });
}

/** `reassign`: the escalation's people may fill any seat of the stage beside those it had. */
function widened(policy: StagePolicy): StagePolicy {
  const to = policy.escalate?.to ?? [];
  // In an `all` stage each entry is a seat of its own, so new people come in as stand-ins of every seat.
  return policy.need === 'all'
    ? { ...policy, fallback: [...policy.fallback, ...to], from: policy.from, need: 'all' }
    : { ...policy, from: [...policy.from, ...to] };
}

/** Ends an undecided request when its time is over. */
export async function expire(
  context: EngineContext,
  params: { requestId: string; now: Date },
): Promise<void> {
  await context.services.db.transaction().execute(async (trx) => {
    const request = await lockRequest(context, trx, params.requestId);
    if (request.state !== 'pending' || request.expires_at > params.now) return;
    await finish(context, trx, request, {
      actor: scheduleActor,
      now: params.now,
      state: 'expired',
      decidedBy: null,
      reason: 'Nobody decided it in time. It can be asked for again.',
    });
  });
}

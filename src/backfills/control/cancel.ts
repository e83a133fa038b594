import { InvalidInputError, NotAllowedError } from '../../errors.js';
import type { Services } from '../../services.js';
import { recordEvent } from '../events.js';
import { dropFromIncident } from '../incident-link.js';
import { chunksOf } from '../load.js';
import { moveBackfill, moveChunk } from '../move.js';
import { referenceOf } from '../reference.js';
import { endCancelling } from '../run/advance.js';
import { isActiveChunk } from '../state.js';
import { wakeRun, wakeThoseWaitingFor, workOnChunk } from '../work.js';
import { type ControlParams, controlling, some } from './control.js';

/**
 * Stops it: nothing new starts, and what runs is stopped where the executor can. Says at once what still runs; it counts as
 * cancelled only when every run was seen ended. What has been rebuilt stays.
 */
export async function cancelBackfill(services: Services, params: ControlParams): Promise<string> {
  const undecided = await withdrawUndecided(services, params);
  if (undecided !== null) return undecided;
  return controlling(services, 'backfill.cancel', params, async (trx, backfill) => {
    const { now, actor } = params;
    const reference = referenceOf(backfill);
    const chunks = await chunksOf(trx, backfill.id);
    const active = chunks.filter(({ state }) => isActiveChunk(state));
    if (backfill.state === 'cancelling') {
      return `${reference} is being cancelled already. Still running: ${some(active.flatMap(({ partition_keys }) => partition_keys))}.`;
    }
    if (chunks.length === 0) {
      await moveBackfill(trx, backfill, 'cancelled', {
        actor,
        now,
        action: 'backfill.cancel',
        change: { finished_at: now, hold: null },
      });
      await recordEvent(trx, {
        backfillId: backfill.id,
        kind: 'cancelled',
        text: `${reference} is cancelled. Nothing had been rebuilt.`,
        now,
      });
      await dropFromIncident(trx, backfill, now);
      await wakeThoseWaitingFor(trx, backfill.id, now);
      return `${reference} is cancelled. Nothing had been rebuilt.`;
    }
    const moved = await moveBackfill(trx, backfill, 'cancelling', {
      actor,
      now,
      action: 'backfill.cancel',
      change: { hold: null },
    });
    for (const chunk of chunks) {
      if (chunk.state === 'pending')
        await moveChunk(trx, chunk, 'cancelled', { now, actor, change: { finished_at: now } });
    }
    for (const chunk of active) {
      if (chunk.state !== 'cancelling') await moveChunk(trx, chunk, 'cancelling', { now, actor });
      await workOnChunk(trx, 'backfill.cancel-chunk', chunk, now);
    }
    const keys = active.flatMap(({ partition_keys }) => partition_keys);
    if (keys.length === 0) {
      await endCancelling(trx, moved, now);
      return `${reference} is cancelled and nothing of it runs. What had been rebuilt stays so.`;
    }
    const reach =
      services.executors.get(backfill.executor)?.cancelReach ?? 'what can be stopped is not known';
    const text = `${reference} is being cancelled: nothing new starts. Still running: ${some(keys)} (${reach}). It counts as cancelled when they have ended.`;
    await recordEvent(trx, { backfillId: backfill.id, kind: 'cancelling', text, now });
    await wakeRun(trx, backfill.id, `cancel:${now.getTime()}`, now);
    return text;
  });
}

/** One that nobody has approved yet is withdrawn in the approval engine, which then ends it here. */
async function withdrawUndecided(services: Services, params: ControlParams): Promise<string | null> {
  const backfill = await services.db
    .selectFrom('backfill')
    .selectAll()
    .where('id', '=', params.backfillId)
    .executeTakeFirst();
  if (backfill?.state === 'joined') {
    throw new InvalidInputError(
      `${referenceOf(backfill)} only joined another backfill; there is nothing of its own to cancel.`,
    );
  }
  if (backfill?.state !== 'requested' || backfill.approval_id === null) return null;
  if (params.acting.person?.id !== backfill.requested_by || params.acting.person === null) {
    throw new NotAllowedError(
      `${referenceOf(backfill)} waits for approval: only whoever asked can withdraw it, and an approver can deny it. Nothing was changed.`,
    );
  }
  await services.approvals.withdraw({
    requestId: backfill.approval_id,
    personId: params.acting.person.id,
    actor: params.actor,
    now: params.now,
  });
  return `${referenceOf(backfill)} is withdrawn. Nothing had been rebuilt.`;
}

import { IllegalTransitionError } from '../../errors.js';
import type { Services } from '../../services.js';
import { recordEvent } from '../events.js';
import { chunksOf } from '../load.js';
import { moveBackfill } from '../move.js';
import { referenceOf } from '../reference.js';
import { wakeRun, wakeWaiting } from '../work.js';
import { type ControlParams, controlling } from './control.js';

/**
 * Goes on after a pause, or after it stopped by itself because of failures; failures count from here anew. One that stopped
 * before it began, because things had changed, needs an owner to accept that instead.
 */
export async function resumeBackfill(services: Services, params: ControlParams): Promise<string> {
  return controlling(services, 'backfill.resume', params, async (trx, backfill) => {
    const { now, actor } = params;
    const reference = referenceOf(backfill);
    const chunks = await chunksOf(trx, backfill.id);
    if (chunks.length === 0) {
      if (backfill.state === 'halted') {
        throw new IllegalTransitionError(
          `${reference} stopped because things are not as they were when it was approved. An owner can start it with what is true now (“Start with what is true now”). Nothing was changed.`,
          'halted',
          'running',
        );
      }
      await moveBackfill(trx, backfill, 'waiting', {
        actor,
        now,
        action: 'backfill.resume',
        change: { hold: null },
      });
      await wakeWaiting(trx, backfill.id, `resume:${now.getTime()}`, now);
      return `${reference} is no longer paused and starts when its turn comes.`;
    }
    const running = await moveBackfill(trx, backfill, 'running', {
      actor,
      now,
      action: 'backfill.resume',
      change: { hold: null, counted_from: now, epoch: backfill.epoch + 1 },
    });
    const left = chunks
      .filter(({ state }) => state === 'pending')
      .flatMap(({ partition_keys }) => partition_keys).length;
    const text = `${reference} goes on: ${left} partition${left === 1 ? '' : 's'} left to start.`;
    await recordEvent(trx, { backfillId: backfill.id, kind: 'resumed', text, now });
    await wakeRun(trx, backfill.id, `resume:${running.epoch}`, now);
    return text;
  });
}

import type { Services } from '../../services.js';
import { recordEvent } from '../events.js';
import { chunksOf } from '../load.js';
import { moveBackfill } from '../move.js';
import { referenceOf } from '../reference.js';
import { isActiveChunk } from '../state.js';
import { type ControlParams, controlling, some } from './control.js';

/** No further chunk starts. What runs goes on to its end, and the answer says what that is. */
export async function pauseBackfill(services: Services, params: ControlParams): Promise<string> {
  return controlling(services, 'backfill.pause', params, async (trx, backfill) => {
    await moveBackfill(trx, backfill, 'paused', {
      actor: params.actor,
      now: params.now,
      action: 'backfill.pause',
      change: { hold: null },
    });
    const running = (await chunksOf(trx, backfill.id))
      .filter(({ state }) => isActiveChunk(state))
      .flatMap(({ partition_keys }) => partition_keys);
    const text =
      running.length === 0
        ? `${referenceOf(backfill)} is paused. Nothing of it runs.`
        : `${referenceOf(backfill)} is paused: nothing new starts. Still running to their end: ${some(running)}.`;
    await recordEvent(trx, { backfillId: backfill.id, kind: 'paused', text, now: params.now });
    return text;
  });
}

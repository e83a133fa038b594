import { InvalidInputError } from '../../errors.js';
import type { Services } from '../../services.js';
import { recordEvent } from '../events.js';
import { chunksOf } from '../load.js';
import { moveBackfill, moveChunk } from '../move.js';
import { openNotices } from '../notices.js';
import { progressOf } from '../progress.js';
import { referenceOf } from '../reference.js';
import { wakeRun } from '../work.js';
import { type ControlParams, controlling, some } from './control.js';

/** Runs the failed chunks again, and only those (and whatever had not been started). What succeeded is left alone. */
export async function retryBackfill(services: Services, params: ControlParams): Promise<string> {
  return controlling(services, 'backfill.retry', params, async (trx, backfill) => {
    const { now, actor } = params;
    const chunks = await chunksOf(trx, backfill.id);
    const failed = chunks.filter(({ state }) => state === 'failed');
    const reference = referenceOf(backfill);
    if (failed.length === 0)
      throw new InvalidInputError(
        `No chunk of ${reference} has failed, so there is nothing to retry. Nothing was changed.`,
      );
    const running =
      backfill.state === 'running'
        ? backfill
        : await moveBackfill(trx, backfill, 'running', {
            actor,
            now,
            action: 'backfill.retry',
            change: {
              hold: null,
              finished_at: null,
              counted_from: now,
              epoch: backfill.epoch + 1,
              reworked: true,
              verification: null,
            },
          });
    for (const chunk of failed) await moveChunk(trx, chunk, 'pending', { now, actor });
    await trx
      .updateTable('backfill')
      .set({ reworked: true, counted_from: now })
      .where('id', '=', backfill.id)
      .execute();
    const { eta } = await progressOf(trx, running, now);
    await openNotices(trx, services.catalog.current().view, running, eta, now);
    const keys = failed.flatMap(({ partition_keys }) => partition_keys);
    const text = `${reference} runs the failed ones again: ${some(keys)}. What succeeded is left alone.`;
    await recordEvent(trx, { backfillId: backfill.id, kind: 'retried', text, now });
    await wakeRun(trx, backfill.id, `retry:${now.getTime()}`, now);
    return text;
  });
}

/**
 * Starts chunks again whose start had no answer and whose run never showed up: a person says that they do not run. Only those
 * that are `unknown`.
 */
export async function startUnknownAgain(services: Services, params: ControlParams): Promise<string> {
  return controlling(services, 'backfill.retry', params, async (trx, backfill) => {
    const { now, actor } = params;
    const unknown = (await chunksOf(trx, backfill.id)).filter(({ state }) => state === 'unknown');
    if (unknown.length === 0)
      throw new InvalidInputError(
        `Nothing of ${referenceOf(backfill)} is in doubt any more. Nothing was changed.`,
      );
    for (const chunk of unknown) await moveChunk(trx, chunk, 'pending', { now, actor });
    const text = `${some(unknown.flatMap(({ partition_keys }) => partition_keys))}: started again, since a person has seen that no run exists.`;
    await recordEvent(trx, { backfillId: backfill.id, kind: 'restarted', text, now });
    await wakeRun(trx, backfill.id, `unknown:${now.getTime()}`, now);
    return text;
  });
}

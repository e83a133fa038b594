import { setTimer } from '../../jobs/outbox.js';
import type { Services } from '../../services.js';
import { recordEvent } from '../events.js';
import { ExecutorRefusedError, ExecutorUnavailableError } from '../executors/executor.js';
import { loadBackfill } from '../load.js';
import { recordEnd } from './record-run.js';
import { type ChunkWork, loadChunk, startOf } from './start-chunk.js';

/** How often a run that was asked to stop is looked at until it has. */
const lookMs = 5_000;

/**
 * Asks the executor to stop a run, as far as it can. What says "cancelled" but may still run stays `cancelling` until a look
 * has seen it ended. Returns when to look again.
 */
export async function cancelChunk(services: Services, work: ChunkWork): Promise<Date | null> {
  const { now } = work;
  const chunk = await loadChunk(services, work);
  if (chunk === null || chunk.state !== 'cancelling') return null;
  const backfill = await loadBackfill(services.db, chunk.backfill_id);
  const executor = services.executors.require(chunk.executor);
  const start = await startOf(services, backfill, chunk, now);
  try {
    const handle =
      chunk.external_id === null ? await executor.find(start) : { externalId: chunk.external_id };
    if (handle === null) {
      const since = now.getTime() - (chunk.told_at ?? now).getTime();
      // Runs may appear late: only when none can appear any more is it certain that there is nothing to stop.
      if (chunk.told_at !== null && !executor.startsOnce && since <= executor.appearsWithinMs)
        return new Date(now.getTime() + lookMs);
      await recordEnd(services, chunk, { state: 'cancelled' }, now);
      return null;
    }
    const outcome = await executor.cancel(handle, start);
    await services.db.transaction().execute((trx) =>
      recordEvent(trx, {
        backfillId: chunk.backfill_id,
        kind: 'cancel',
        text: `${chunk.partition_keys.join(', ')}: ${outcome.words}`,
        now,
      }),
    );
    const standing = await executor.standing(handle, start);
    if (standing.state === 'succeeded') {
      await recordEnd(
        services,
        chunk,
        { state: 'succeeded', ...(standing.rows === undefined ? {} : { rows: standing.rows }) },
        now,
      );
      return null;
    }
    if (
      outcome.stopped ||
      standing.state === 'cancelled' ||
      standing.state === 'gone' ||
      standing.state === 'failed'
    ) {
      await recordEnd(services, chunk, { state: 'cancelled' }, now);
      return null;
    }
    await services.db
      .updateTable('backfill_chunk')
      .set({ external_id: handle.externalId })
      .where('id', '=', chunk.id)
      .execute();
    await watchLater(services, chunk, now);
    return null;
  } catch (error) {
    if (error instanceof ExecutorUnavailableError) return new Date(now.getTime() + error.retryAfterMs);
    if (error instanceof ExecutorRefusedError) {
      await services.db.transaction().execute((trx) =>
        recordEvent(trx, {
          backfillId: chunk.backfill_id,
          kind: 'cancel',
          text: `${chunk.partition_keys.join(', ')} could not be stopped: ${error.message}`,
          now,
        }),
      );
      await watchLater(services, chunk, now);
      return null;
    }
    throw error;
  }
}

/** The watch goes on until the run is seen ended; it may have stopped looking already. */
async function watchLater(
  services: Services,
  chunk: { id: string; attempt: number },
  now: Date,
): Promise<void> {
  await services.db.transaction().execute((trx) =>
    setTimer(trx, {
      kind: 'backfill.watch-chunk',
      queue: 'io',
      key: `backfill.watch-chunk:${chunk.id}:${chunk.attempt}`,
      payload: { chunkId: chunk.id, attempt: chunk.attempt },
      runAt: new Date(now.getTime() + lookMs),
      now,
    }),
  );
}

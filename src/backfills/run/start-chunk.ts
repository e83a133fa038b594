import { scheduleActor } from '../../audit/record.js';
import type { Services } from '../../services.js';
import type { BackfillRow } from '../events.js';
import {
  type ChunkStart,
  type Executor,
  ExecutorRefusedError,
  ExecutorUnavailableError,
  OutcomeUnknownError,
  startKey,
} from '../executors/executor.js';
import { type ChunkRow, loadBackfill, slicesOf } from '../load.js';
import { moveChunk } from '../move.js';
import { referenceOf } from '../reference.js';
import { workOnChunk } from '../work.js';
import { recordEnd, recordNotStarted, recordRunning } from './record-run.js';

/** After this many attempts whose transaction or run vanished, something is wrong that trying again does not mend. */
const maxAttempts = 8;
/** A reason that holds this long is worth a line in the thread. */
const worthTellingAttempt = 2;

export interface ChunkWork {
  chunkId: string;
  attempt: number;
  now: Date;
}

/**
 * Starts a claimed chunk at its executor. First it looks for a run of the same key there, so that a start whose answer was lost
 * is adopted and never doubled. Safe to run again at any point.
 */
export async function startChunk(services: Services, work: ChunkWork): Promise<void> {
  const { now } = work;
  const chunk = await loadChunk(services, work);
  if (chunk === null || chunk.state !== 'starting') return;
  const backfill = await loadBackfill(services.db, chunk.backfill_id);
  const executor = services.executors.require(chunk.executor);
  const start = await startOf(services, backfill, chunk, now);
  try {
    const found = await executor.find(start);
    if (found !== null) {
      await recordRunning(services, chunk, found, chunk.told_at === null ? 'started' : 'adopted', now);
      return;
    }
  } catch (error) {
    await whenNotStarted(services, chunk, error, now);
    return;
  }
  if (chunk.told_at !== null && !executor.startsOnce) {
    // We may have told it before we crashed. It does not know the run (yet), and telling it again could make two.
    await recordUnknown(services, chunk, now);
    return;
  }
  if (backfill.state !== 'running') {
    await recordNotBegun(services, chunk, backfill, now);
    return;
  }
  await services.db
    .updateTable('backfill_chunk')
    .set({ told_at: now })
    .where('id', '=', chunk.id)
    .where('attempt', '=', chunk.attempt)
    .where('state', '=', 'starting')
    .execute();
  try {
    const handle = await executor.start(start);
    await recordRunning(services, chunk, handle, 'started', now);
  } catch (error) {
    if (error instanceof OutcomeUnknownError) await recordUnknown(services, chunk, now);
    else await whenNotStarted(services, chunk, error, now);
  }
}

export async function loadChunk(
  services: Services,
  work: { chunkId: string; attempt: number },
): Promise<ChunkRow | null> {
  const chunk = await services.db
    .selectFrom('backfill_chunk')
    .selectAll()
    .where('id', '=', work.chunkId)
    .executeTakeFirst();
  return chunk !== undefined && chunk.attempt === work.attempt ? chunk : null;
}

export async function startOf(
  services: Services,
  backfill: BackfillRow,
  chunk: ChunkRow,
  now: Date,
): Promise<ChunkStart> {
  return {
    chunkId: chunk.id,
    attempt: chunk.attempt,
    key: startKey(chunk.id, chunk.attempt),
    reference: referenceOf(backfill),
    pipeline: chunk.pipeline,
    slices: await slicesOf(services.db, chunk),
    reprocess: backfill.reprocess,
    direction: backfill.direction,
    concurrency: backfill.concurrency,
    now,
  };
}

/** Starts again what is proven to have started nothing, with the same key: only where the executor starts one key once. */
export async function startAgain(
  services: Services,
  executor: Executor,
  chunk: ChunkRow,
  start: ChunkStart,
  now: Date,
): Promise<void> {
  try {
    const handle = await executor.start(start);
    await recordRunning(services, chunk, handle, 'adopted', now);
  } catch (error) {
    if (error instanceof OutcomeUnknownError || error instanceof ExecutorUnavailableError) return;
    await whenNotStarted(services, chunk, error, now);
  }
}

async function whenNotStarted(services: Services, chunk: ChunkRow, error: unknown, now: Date): Promise<void> {
  if (error instanceof ExecutorUnavailableError) {
    await recordNotStarted(services, chunk, {
      why: error.message,
      notBefore: new Date(now.getTime() + error.retryAfterMs),
      now,
      tell: chunk.attempt === worthTellingAttempt,
    });
    return;
  }
  if (error instanceof ExecutorRefusedError) {
    await recordEnd(
      services,
      chunk,
      { state: 'failed', error: error.message, ...(error.url === undefined ? {} : { url: error.url }) },
      now,
    );
    return;
  }
  throw error;
}

/** Paused or cancelled between claim and start: nothing was told to anybody. */
async function recordNotBegun(
  services: Services,
  chunk: ChunkRow,
  backfill: BackfillRow,
  now: Date,
): Promise<void> {
  if (backfill.state === 'cancelling' || backfill.state === 'cancelled') {
    await recordEnd(services, chunk, { state: 'cancelled' }, now);
    return;
  }
  await recordNotStarted(services, chunk, {
    why: `The backfill is ${backfill.state}.`,
    notBefore: now,
    now,
    tell: false,
  });
}

async function recordUnknown(services: Services, chunk: ChunkRow, now: Date): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    const moved = await moveChunk(trx, chunk, 'unknown', {
      now,
      actor: scheduleActor,
      change: { error: 'The answer to the start was lost: whether it runs is being looked for.' },
    });
    if (moved) await workOnChunk(trx, 'backfill.watch-chunk', chunk, now);
  });
}

/** Rolled back or vanished: the next attempt, unless that has happened too often. */
export async function whenGone(services: Services, chunk: ChunkRow, why: string, now: Date): Promise<void> {
  if (chunk.attempt >= maxAttempts) {
    await recordEnd(
      services,
      chunk,
      { state: 'failed', error: `${why} It was tried ${chunk.attempt} times.` },
      now,
    );
    return;
  }
  await recordNotStarted(services, chunk, { why, notBefore: now, now, tell: true });
}

import { scheduleActor } from '../../audit/record.js';
import type { Services } from '../../services.js';
import { describeSeconds } from '../estimate.js';
import {
  type ChunkStart,
  type Executor,
  ExecutorRefusedError,
  ExecutorUnavailableError,
  type RunStanding,
} from '../executors/executor.js';
import { type ChunkRow, loadBackfill } from '../load.js';
import { moveChunk } from '../move.js';
import { recordEnd, recordRunning, tellRequester } from './record-run.js';
import { type ChunkWork, loadChunk, startAgain, startOf, whenGone } from './start-chunk.js';

/** Looks grow from 1 s for what is over soon to 30 s for what takes hours. */
const firstLookMs = 1_000;
const lastLookMs = 30_000;
const unknownLookMs = 10_000;

/** One look at a chunk that may be running. Returns when to look again; null when there is nothing more to see. */
export async function watchChunk(services: Services, work: ChunkWork): Promise<Date | null> {
  const { now } = work;
  const chunk = await loadChunk(services, work);
  if (chunk === null) return null;
  const watched =
    chunk.state === 'running' ||
    chunk.state === 'stalled' ||
    chunk.state === 'unknown' ||
    chunk.state === 'cancelling';
  if (!watched) return null;
  const backfill = await loadBackfill(services.db, chunk.backfill_id);
  const executor = services.executors.require(chunk.executor);
  const start = await startOf(services, backfill, chunk, now);
  try {
    if (chunk.state === 'unknown') return await lookForUnknown(services, executor, chunk, start, now);
    const handle = {
      externalId: chunk.external_id ?? start.key,
      ...(chunk.external_url === null ? {} : { url: chunk.external_url }),
    };
    const standing = await executor.standing(handle, start);
    return await act(services, executor, chunk, standing, now);
  } catch (error) {
    const unavailable = error instanceof ExecutorUnavailableError;
    if (!unavailable && !(error instanceof ExecutorRefusedError)) throw error;
    // It ran a moment ago: the look failed, not the run. One that can never be seen again must not pass for one that runs.
    services.log.warn({ err: error, chunkId: chunk.id }, 'an executor does not say how a run stands');
    if (chunk.state === 'unknown')
      await askAboutUnknown(services, executor, chunk, now, `${executor.name} cannot be asked at the moment`);
    await callStalled(
      services,
      executor,
      chunk,
      now,
      (keys, time) =>
        `${keys} was started ${time} ago, and ${executor.name} does not say how it stands: ${error.message} It keeps its place and is looked for again; look at the run itself, or cancel the backfill.`,
    );
    return new Date(now.getTime() + (unavailable ? error.retryAfterMs : lastLookMs));
  }
}

async function act(
  services: Services,
  executor: Executor,
  chunk: ChunkRow,
  standing: RunStanding,
  now: Date,
): Promise<Date | null> {
  switch (standing.state) {
    case 'queued':
    case 'running':
    case 'cancelling':
      return stillRunning(services, executor, chunk, standing.state, now);
    case 'succeeded':
      await recordEnd(
        services,
        chunk,
        {
          state: 'succeeded',
          ...(standing.rows === undefined ? {} : { rows: standing.rows }),
          ...(standing.url === undefined ? {} : { url: standing.url }),
        },
        now,
      );
      return null;
    case 'failed':
      await recordEnd(
        services,
        chunk,
        {
          state: 'failed',
          error: standing.error,
          ...(standing.url === undefined ? {} : { url: standing.url }),
        },
        now,
      );
      return null;
    case 'cancelled':
      await recordEnd(
        services,
        chunk,
        chunk.state === 'cancelling'
          ? { state: 'cancelled' }
          : { state: 'failed', error: `It was cancelled in ${executor.type}, not by Steward.` },
        now,
      );
      return null;
    case 'gone':
      if (chunk.state === 'cancelling') await recordEnd(services, chunk, { state: 'cancelled' }, now);
      else await whenGone(services, chunk, standing.why, now);
      return null;
  }
}

/** Never ends? A person is told once; it keeps its place and is still watched, since it may well be running. */
async function stillRunning(
  services: Services,
  executor: Executor,
  chunk: ChunkRow,
  state: 'queued' | 'running' | 'cancelling',
  now: Date,
): Promise<Date> {
  const ranMs = await callStalled(services, executor, chunk, now, (keys, time) =>
    stallWords(keys, time, executor, state),
  );
  return new Date(now.getTime() + Math.min(lastLookMs, Math.max(firstLookMs, ranMs / 10)));
}

/** Once its time is over: a person is told, once. Returns for how long it has run, in milliseconds. */
async function callStalled(
  services: Services,
  executor: Executor,
  chunk: ChunkRow,
  now: Date,
  words: (keys: string, time: string) => string,
): Promise<number> {
  const ranMs = now.getTime() - (chunk.started_at ?? now).getTime();
  if (chunk.state === 'running' && ranMs > executor.stallAfterMs) {
    await services.db.transaction().execute(async (trx) => {
      const moved = await moveChunk(trx, chunk, 'stalled', { now, actor: scheduleActor });
      if (!moved) return;
      const text = words(chunk.partition_keys.join(', '), describeSeconds(ranMs / 1000));
      await tellRequester(trx, chunk, { variant: 'stalled', text, now });
    });
  }
  return ranMs;
}

/** A run that is only queued is not slow: other runs of that system take its place. */
function stallWords(
  keys: string,
  time: string,
  executor: Executor,
  state: 'queued' | 'running' | 'cancelling',
): string {
  return state === 'queued'
    ? `${keys} has been queued in ${executor.name} for ${time} and has not begun: other runs there, scheduled ones for example, go first. It keeps its place; raise its priority or the number of slots there, or cancel the backfill.`
    : `${keys} has been running for ${time}, longer than it should. It keeps its place; cancel the backfill or look at the run itself.`;
}

async function lookForUnknown(
  services: Services,
  executor: Executor,
  chunk: ChunkRow,
  start: ChunkStart,
  now: Date,
): Promise<Date | null> {
  const found = await executor.find(start);
  if (found !== null) {
    await recordRunning(services, chunk, found, 'adopted', now);
    // Recording it asks for a watch of the same key: this row is that watch and goes on.
    return new Date(now.getTime() + firstLookMs);
  }
  if (executor.startsOnce) {
    await startAgain(services, executor, chunk, start, now);
    return new Date(now.getTime() + firstLookMs);
  }
  const asked = await askAboutUnknown(services, executor, chunk, now, `${executor.type} does not show it`);
  return new Date(now.getTime() + (asked ? 60_000 : unknownLookMs));
}

/** Once a run that started would have shown: a person is asked, once for each reason. False while it may still show up. */
async function askAboutUnknown(
  services: Services,
  executor: Executor,
  chunk: ChunkRow,
  now: Date,
  why: string,
): Promise<boolean> {
  const since = now.getTime() - (chunk.told_at ?? chunk.claimed_at ?? now).getTime();
  if (since <= executor.appearsWithinMs) return false;
  const next = executor.startsOnce
    ? 'It is looked for again, and started again where it is not there.'
    : 'It is not started again by itself; press “Start again” once you are sure that it does not run.';
  await services.db.transaction().execute((trx) =>
    tellRequester(trx, chunk, {
      variant: 'unknown',
      text: `${chunk.partition_keys.join(', ')}: whether the run started is not known, and ${why}. ${next}`,
      now,
    }),
  );
  return true;
}

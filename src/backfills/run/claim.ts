import { sql } from 'kysely';
import { scheduleActor } from '../../audit/record.js';
import type { Trx } from '../../db/database.js';
import type { Services } from '../../services.js';
import type { BackfillRow } from '../events.js';
import { type ChunkRow, chunksOf } from '../load.js';
import { moveChunk } from '../move.js';
import { nextChunks } from '../plan-chunks.js';
import { activeChunkStates } from '../state.js';
import { workOnChunk } from '../work.js';

export interface Caps {
  overall: number;
  executor: number;
  pipeline: number;
}

/**
 * Claims as many chunks as the caps leave room for, in the caller's transaction. The locks (overall, executor, pipeline, in
 * that order) make counting and claiming one act for every process: a cap that is counted without a lock is exceeded
 * (apache/airflow issue 58752).
 */
export async function claimChunks(
  services: Services,
  trx: Trx,
  backfill: BackfillRow,
  now: Date,
): Promise<{ claimed: ChunkRow[]; nextLook: Date | null }> {
  const executor = services.executors.require(backfill.executor);
  const caps: Caps = {
    overall: services.config.backfills.maxRunning,
    executor: executor.maxRunning,
    pipeline: executor.maxPerPipeline,
  };
  await lock(trx, 'backfill:overall');
  await lock(trx, `backfill:executor:${backfill.executor}`);
  await lock(trx, `backfill:pipeline:${backfill.asset_id}`);
  const active = await trx
    .selectFrom('backfill_chunk')
    .select(['backfill_id', 'executor', 'asset_id', 'range_from', 'range_to'])
    .where('state', 'in', [...activeChunkStates])
    .execute();
  const ofPipeline = active.filter((chunk) => chunk.asset_id === backfill.asset_id);
  const free = Math.min(
    caps.overall - active.length,
    caps.executor - active.filter((chunk) => chunk.executor === backfill.executor).length,
    caps.pipeline - ofPipeline.length,
    backfill.concurrency - active.filter((chunk) => chunk.backfill_id === backfill.id).length,
  );
  const all = await chunksOf(trx, backfill.id);
  const strangers = ofPipeline.filter((chunk) => chunk.backfill_id !== backfill.id);
  const ready = all.map((chunk) => {
    const overlaps = strangers.some(
      (other) => other.range_from < chunk.range_to && other.range_to > chunk.range_from,
    );
    const later = chunk.not_before !== null && chunk.not_before > now;
    return {
      ...chunk,
      state: chunk.state === 'pending' && (overlaps || later) ? ('failed' as const) : chunk.state,
    };
  });
  const claimed: ChunkRow[] = [];
  for (const next of nextChunks(ready, { free, dependsOnPast: backfill.depends_on_past })) {
    const chunk = all.find(({ id }) => id === next.id);
    if (chunk === undefined) continue;
    const attempt = chunk.attempt + 1;
    const moved = await moveChunk(trx, chunk, 'starting', {
      now,
      actor: scheduleActor,
      change: {
        attempt,
        claimed_at: now,
        told_at: null,
        started_at: null,
        finished_at: null,
        error: null,
        log_url: null,
        external_id: null,
        external_url: null,
        not_before: null,
      },
    });
    if (!moved) continue;
    await workOnChunk(trx, 'backfill.start-chunk', { id: chunk.id, attempt }, now);
    claimed.push({ ...chunk, state: 'starting', attempt });
  }
  const waits = all.filter(
    ({ state, not_before }) => state === 'pending' && not_before !== null && not_before > now,
  );
  const nextLook =
    waits.map(({ not_before }) => not_before).sort((a, b) => (a?.getTime() ?? 0) - (b?.getTime() ?? 0))[0] ??
    null;
  return { claimed, nextLook };
}

async function lock(trx: Trx, key: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(trx);
}

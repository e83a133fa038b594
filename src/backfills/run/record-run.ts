import { scheduleActor } from '../../audit/record.js';
import type { Trx } from '../../db/database.js';
import type { Services } from '../../services.js';
import { recordEvent, tellPeople } from '../events.js';
import type { RowCount, RunHandle } from '../executors/executor.js';
import type { ChunkRow } from '../load.js';
import { loadBackfill } from '../load.js';
import { moveChunk } from '../move.js';
import { showProgress } from '../progress.js';
import { wakeRun, workOnChunk } from '../work.js';

/** It runs there. From now on it is watched. */
export async function recordRunning(
  services: Services,
  chunk: ChunkRow,
  handle: RunHandle,
  how: 'started' | 'adopted',
  now: Date,
): Promise<boolean> {
  return services.db.transaction().execute(async (trx) => {
    const moved = await moveChunk(trx, chunk, 'running', {
      now,
      actor: scheduleActor,
      change: {
        started_at: chunk.started_at ?? now,
        external_id: handle.externalId,
        external_url: handle.url ?? null,
        error: null,
      },
    });
    if (!moved) return false;
    if (how === 'adopted') {
      await recordEvent(trx, {
        backfillId: chunk.backfill_id,
        kind: 'adopted',
        text: `${chunk.partition_keys.join(', ')}: the run had started although its answer was lost; it was found again and adopted, not started twice.`,
        now,
      });
    }
    await workOnChunk(trx, 'backfill.watch-chunk', chunk, now);
    return true;
  });
}

export interface ChunkEnd {
  state: 'succeeded' | 'failed' | 'cancelled';
  error?: string;
  url?: string;
  rows?: readonly RowCount[];
}

/** The one way a chunk ends. Guarded: of two who see the end, one records it. */
export async function recordEnd(
  services: Services,
  chunk: ChunkRow,
  end: ChunkEnd,
  now: Date,
): Promise<boolean> {
  return services.db.transaction().execute(async (trx) => {
    const moved = await moveChunk(trx, chunk, end.state, {
      now,
      actor: scheduleActor,
      change: {
        finished_at: now,
        error: end.error ?? null,
        ...(end.url === undefined ? {} : { log_url: end.url }),
      },
    });
    if (!moved) return false;
    for (const row of end.rows ?? []) {
      await trx
        .updateTable('backfill_partition')
        .set({ rows_after: row.after, ...(row.before === undefined ? {} : { rows_before: row.before }) })
        .where('backfill_id', '=', chunk.backfill_id)
        .where('key', '=', row.key)
        .execute();
    }
    if (end.state !== 'cancelled') await keepRun(trx, chunk, end, now);
    if (end.state === 'failed') {
      await recordEvent(trx, {
        backfillId: chunk.backfill_id,
        kind: 'failed',
        text: `${chunk.partition_keys.join(', ')} failed: ${end.error ?? 'no reason given'}`,
        now,
      });
    }
    const backfill = await loadBackfill(trx, chunk.backfill_id);
    if (backfill.state === 'running') await showProgress(trx, backfill, now);
    await wakeRun(trx, chunk.backfill_id, `${chunk.id}:${chunk.attempt}:${end.state}`, now);
    await wakeNeighbours(trx, chunk, now);
    return true;
  });
}

/** A past run for the estimates of the next backfill. */
async function keepRun(trx: Trx, chunk: ChunkRow, end: ChunkEnd, now: Date): Promise<void> {
  const began = chunk.started_at ?? chunk.claimed_at ?? now;
  const counted = end.rows === undefined ? null : end.rows.reduce((sum, row) => sum + row.after, 0);
  await trx
    .insertInto('backfill_run')
    .values({
      asset_id: chunk.asset_id,
      chunk_id: chunk.id,
      attempt: chunk.attempt,
      partitions: chunk.partition_keys.length,
      seconds: Math.max(0, (now.getTime() - began.getTime()) / 1000),
      rows: counted,
      outcome: end.state === 'succeeded' ? 'succeeded' : 'failed',
      finished_at: now,
    })
    .onConflict((conflict) => conflict.columns(['chunk_id', 'attempt']).doNothing())
    .execute();
}

/** A place has become free: other runs on the same executor look now instead of in a quarter of a minute. */
async function wakeNeighbours(trx: Trx, chunk: ChunkRow, now: Date): Promise<void> {
  const others = await trx
    .selectFrom('backfill')
    .select('id')
    .where('state', '=', 'running')
    .where('executor', '=', chunk.executor)
    .where('id', '<>', chunk.backfill_id)
    .orderBy('number')
    .limit(5)
    .execute();
  for (const { id } of others) await wakeRun(trx, id, `place:${chunk.id}:${chunk.attempt}`, now);
}

/** Proven not started, or rolled back: it waits and will be started anew, as the next attempt. */
export async function recordNotStarted(
  services: Services,
  chunk: ChunkRow,
  params: { why: string; notBefore: Date; now: Date; tell: boolean },
): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    const moved = await moveChunk(trx, chunk, 'pending', {
      now: params.now,
      actor: scheduleActor,
      change: { not_before: params.notBefore, error: params.why },
    });
    if (!moved) return;
    if (params.tell) {
      await recordEvent(trx, {
        backfillId: chunk.backfill_id,
        kind: 'not-started',
        text: `${chunk.partition_keys.join(', ')}: ${params.why}`,
        now: params.now,
      });
    }
    await wakeRun(trx, chunk.backfill_id, `${chunk.id}:${chunk.attempt}:again`, params.now, params.notBefore);
  });
}

/** A person must look: told once per chunk, attempt and matter. */
export async function tellRequester(
  trx: Trx,
  chunk: ChunkRow,
  params: { variant: string; text: string; now: Date },
): Promise<void> {
  const told = await trx
    .selectFrom('backfill_event')
    .select('id')
    .where('backfill_id', '=', chunk.backfill_id)
    .where('kind', '=', params.variant)
    .where('text', '=', params.text)
    .executeTakeFirst();
  if (told !== undefined) return;
  await recordEvent(trx, {
    backfillId: chunk.backfill_id,
    kind: params.variant,
    text: params.text,
    now: params.now,
  });
  const backfill = await loadBackfill(trx, chunk.backfill_id);
  if (backfill.requested_by === null) return;
  await tellPeople(trx, {
    backfillId: backfill.id,
    personIds: [backfill.requested_by],
    variant: params.variant,
    about: `${params.variant}:${chunk.id}:${chunk.attempt}`,
    now: params.now,
  });
}

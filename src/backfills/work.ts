import type { Trx } from '../db/database.js';
import { enqueue } from '../jobs/outbox.js';

/** Wakes the run: starts what may start, ends what has ended. `why` makes the key unique, so that no wake is lost. */
export async function wakeRun(
  trx: Trx,
  backfillId: string,
  why: string,
  now: Date,
  runAt?: Date,
): Promise<void> {
  await enqueue(trx, {
    kind: 'backfill.advance',
    queue: 'io',
    key: `backfill.advance:${backfillId}:${why}`,
    payload: { backfillId },
    now,
    ...(runAt === undefined ? {} : { runAt }),
  });
}

/** Looks whether a backfill that waits may begin. */
export async function wakeWaiting(
  trx: Trx,
  backfillId: string,
  why: string,
  now: Date,
  runAt?: Date,
): Promise<void> {
  await enqueue(trx, {
    kind: 'backfill.begin',
    queue: 'io',
    key: `backfill.begin:${backfillId}:${why}`,
    payload: { backfillId },
    now,
    ...(runAt === undefined ? {} : { runAt }),
  });
}

/** Everybody who waited for this one looks again. */
export async function wakeThoseWaitingFor(trx: Trx, backfillId: string, now: Date): Promise<void> {
  const waiting = await trx
    .selectFrom('backfill')
    .select('id')
    .where('waits_for', '=', backfillId)
    .where('state', '=', 'waiting')
    .execute();
  for (const { id } of waiting) await wakeWaiting(trx, id, `after:${backfillId}`, now);
}

export async function workOnChunk(
  trx: Trx,
  kind: 'backfill.start-chunk' | 'backfill.watch-chunk' | 'backfill.cancel-chunk',
  chunk: { id: string; attempt: number },
  now: Date,
  runAt?: Date,
): Promise<void> {
  await enqueue(trx, {
    kind,
    queue: 'io',
    key: `${kind}:${chunk.id}:${chunk.attempt}`,
    payload: { chunkId: chunk.id, attempt: chunk.attempt },
    now,
    ...(runAt === undefined ? {} : { runAt }),
  });
}

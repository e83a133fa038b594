import type { Trx } from '../db/database.js';
import type { QueueName } from '../db/foundation-tables.js';

/**
 * Work that follows from a transaction. The row is the truth; the BullMQ job made of it is only a wake-up call, so a
 * flushed Redis loses nothing. Rows carry ids, never decisions: an effect re-reads what it is about.
 */
export interface OutboxEntry {
  /** Name of the effect that processes it (src/effects/). */
  kind: string;
  queue: QueueName;
  /** Idempotency key, unique for ever: inserting the same key again does nothing. */
  key: string;
  /** Rows of one lane are processed in order, one at a time: `slack:<channel>`, `incident:<id>`. */
  lane?: string;
  payload: Record<string, unknown>;
  /** Not before this time: a timer that survives restarts. Default: at once. */
  runAt?: Date;
  now: Date;
  maxAttempts?: number;
}

/** Adds work in the caller's transaction. Returns false when this key was already there. */
export async function enqueue(trx: Trx, entry: OutboxEntry): Promise<boolean> {
  const result = await trx
    .insertInto('outbox')
    .values({
      kind: entry.kind,
      queue: entry.queue,
      key: entry.key,
      lane: entry.lane ?? null,
      payload: JSON.stringify(entry.payload),
      run_at: entry.runAt ?? entry.now,
      created_at: entry.now,
      ...(entry.maxAttempts === undefined ? {} : { max_attempts: entry.maxAttempts }),
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/**
 * Sets or moves a timer that may not have run yet: the row of this key gets the new time. A timer that already ran is
 * armed again.
 */
export async function setTimer(trx: Trx, entry: OutboxEntry & { runAt: Date }): Promise<void> {
  await trx
    .insertInto('outbox')
    .values({
      kind: entry.kind,
      queue: entry.queue,
      key: entry.key,
      lane: entry.lane ?? null,
      payload: JSON.stringify(entry.payload),
      run_at: entry.runAt,
      created_at: entry.now,
    })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({
        run_at: entry.runAt,
        payload: JSON.stringify(entry.payload),
        state: 'pending',
        attempts: 0,
        queued_at: null,
        finished_at: null,
        last_error: null,
      }),
    )
    .execute();
}

/** Takes back work that has not started. A timer that ran already stays as it is. */
export async function cancelWork(trx: Trx, key: string): Promise<void> {
  await trx.deleteFrom('outbox').where('key', '=', key).where('state', 'in', ['pending', 'queued']).execute();
}

import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Clock } from '../db/clock.js';
import type { Db } from '../db/database.js';
import { takeLane } from './lanes.js';

/** A delivery as it was stored before its ack. */
export interface InboxRow {
  id: string;
  key: string;
  transport: 'http' | 'socket' | 'webhook';
  kind: string;
  body: Record<string, unknown>;
  attempts: number;
  receivedAt: Date;
}

export interface InboxRunnerParams {
  /** Finishes the delivery. Throwing means: try again. */
  handle: (row: InboxRow) => Promise<void>;
  onRun?: (run: {
    kind: string;
    key: string;
    outcome: 'done' | 'failed' | 'again';
    ms: number;
    error?: string;
  }) => void;
}

/** After so many tries a delivery is set aside; `steward status` shows it. */
const maxAttempts = 8;

/** Works one stored delivery, once, whoever else tries at the same time. */
export function makeInboxRunner(
  context: { db: Db; clock: Clock; log: Logger },
  params: InboxRunnerParams,
): (id: string) => Promise<void> {
  const { db, clock, log } = context;
  return async (id) => {
    const lane = await takeLane(db, `inbox:${id}`, clock.now());
    if (!lane) return;
    try {
      const row = await db
        .selectFrom('inbox')
        .selectAll()
        .where('id', '=', id)
        .where('state', '=', 'received')
        .executeTakeFirst();
      if (!row) return;
      const beganMs = performance.now();
      try {
        await params.handle({
          id: row.id,
          key: row.key,
          transport: row.transport,
          kind: row.kind,
          body: row.body,
          attempts: row.attempts,
          receivedAt: row.received_at,
        });
        await db
          .updateTable('inbox')
          .set({ state: 'done', finished_at: clock.now(), last_error: null })
          .where('id', '=', id)
          .execute();
        params.onRun?.({ kind: row.kind, key: row.key, outcome: 'done', ms: performance.now() - beganMs });
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        const ended = row.attempts >= maxAttempts;
        log.warn(
          { err: error, kind: row.kind, key: row.key, attempt: row.attempts },
          'a delivery could not be worked',
        );
        await db
          .updateTable('inbox')
          .set({
            last_error: message,
            ...(ended
              ? { state: 'failed' as const, finished_at: clock.now() }
              : { run_at: new Date(clock.now().getTime() + Math.min(60_000, 1_000 * 2 ** row.attempts)) }),
          })
          .where('id', '=', id)
          .execute();
        if (!ended) await sql`select pg_notify('steward_outbox', '')`.execute(db);
        params.onRun?.({
          kind: row.kind,
          key: row.key,
          outcome: ended ? 'failed' : 'again',
          ms: performance.now() - beganMs,
          error: message,
        });
      }
    } finally {
      await db.deleteFrom('lane').where('key', '=', lane.key).where('fence', '=', lane.fence).execute();
    }
  };
}

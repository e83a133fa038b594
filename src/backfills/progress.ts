import type { Db, Trx } from '../db/database.js';
import { setTimer } from '../jobs/outbox.js';
import { refreshCards } from '../jobs/outgoing.js';
import { type BackfillRow, cardKind } from './events.js';
import { moveEta } from './notices.js';
import type { ChunkState } from './state.js';

export interface Progress {
  /** Partitions by the state of their chunk. */
  byState: Readonly<Partial<Record<ChunkState, number>>>;
  total: number;
  done: number;
  failed: number;
  running: number;
  percent: number;
  /** Partitions per hour of this run; null until one is done. */
  perHour: number | null;
  eta: Date | null;
  lastFailure: { partitions: string[]; error: string; logUrl: string | null } | null;
}

/** The bar moves on 5 % or 15 s, whichever comes first: live messages share one budget of updates. */
const stepPercent = 5;
const stepMs = 15_000;

export async function progressOf(db: Db | Trx, backfill: BackfillRow, now: Date): Promise<Progress> {
  const rows = await db
    .selectFrom('backfill_chunk')
    .select((select) => [
      'state',
      select.fn.sum<string>(select.fn<number>('cardinality', ['partition_keys'])).as('n'),
    ])
    .where('backfill_id', '=', backfill.id)
    .groupBy('state')
    .execute();
  const byState: Partial<Record<ChunkState, number>> = {};
  for (const row of rows) byState[row.state] = Number(row.n);
  const count = (...states: ChunkState[]): number =>
    states.reduce((sum, state) => sum + (byState[state] ?? 0), 0);
  const total = rows.length === 0 ? backfill.partitions : rows.reduce((sum, row) => sum + Number(row.n), 0);
  const done = count('succeeded', 'skipped');
  const failure = await db
    .selectFrom('backfill_chunk')
    .select(['partition_keys', 'error', 'log_url', 'external_url'])
    .where('backfill_id', '=', backfill.id)
    .where('state', '=', 'failed')
    .orderBy('finished_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  const elapsedMs =
    backfill.started_at === null
      ? 0
      : (backfill.finished_at ?? now).getTime() - backfill.started_at.getTime();
  const perHour = done === 0 || elapsedMs <= 0 ? null : (done / elapsedMs) * 3_600_000;
  return {
    byState,
    total,
    done,
    failed: count('failed'),
    running: count('starting', 'unknown', 'running', 'stalled', 'cancelling'),
    percent: total === 0 ? 0 : Math.floor((done / total) * 100),
    perHour,
    eta: etaOf(backfill, { total, done, perHour }, now),
    lastFailure:
      failure === undefined
        ? null
        : {
            partitions: failure.partition_keys,
            error: failure.error ?? 'The run failed.',
            logUrl: failure.log_url ?? failure.external_url,
          },
  };
}

/** By this run's own pace once it has one, else by past runs. */
function etaOf(
  backfill: BackfillRow,
  at: { total: number; done: number; perHour: number | null },
  now: Date,
): Date | null {
  if (at.perHour !== null && at.perHour > 0) {
    return new Date(now.getTime() + ((at.total - at.done) / at.perHour) * 3_600_000);
  }
  const seconds = backfill.preview.estimate.totalMedianSeconds;
  const start = backfill.started_at ?? now;
  return seconds === null ? null : new Date(Math.max(now.getTime(), start.getTime() + seconds * 1000));
}

/** Moves the bar when it is due; else a timer moves it 15 s after it last did. */
export async function showProgress(trx: Trx, backfill: BackfillRow, now: Date): Promise<void> {
  const progress = await progressOf(trx, backfill, now);
  const shownAt = backfill.shown_at?.getTime() ?? 0;
  const due = progress.percent - backfill.shown_percent >= stepPercent || now.getTime() - shownAt >= stepMs;
  if (due) {
    await trx
      .updateTable('backfill')
      .set({ shown_at: now, shown_percent: progress.percent, eta: progress.eta })
      .where('id', '=', backfill.id)
      .execute();
    await moveEta(trx, backfill.id, progress.eta, now);
    await refreshCards(trx, { kind: cardKind, id: backfill.id }, now);
    return;
  }
  await setTimer(trx, {
    kind: 'backfill.show',
    queue: 'work',
    key: `backfill.show:${backfill.id}`,
    payload: { backfillId: backfill.id },
    runAt: new Date(shownAt + stepMs),
    now,
  });
}

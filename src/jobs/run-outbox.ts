import { sql, type UpdateObject } from 'kysely';
import type { Database } from '../db/database.js';
import type { EffectResult, EffectServices, RegisteredEffect } from '../effects/effect.js';
import { keepLane, releaseLane, takeLane } from './lanes.js';

interface Row {
  id: string;
  kind: string;
  key: string;
  lane: string | null;
  payload: Record<string, unknown>;
  attempts: number;
  max_attempts: number;
  queue: string;
  run_at: Date;
}

export interface OutboxRunnerParams {
  effects: ReadonlyMap<string, RegisteredEffect>;
  signal: AbortSignal;
  /** Told about every ended piece of work: metrics, and the demo's "behind this" pane. */
  onRun?: (run: { kind: string; key: string; outcome: keyof Outcome; ms: number; error?: string }) => void;
}

interface Outcome {
  done: true;
  again: true;
  wait: true;
  dead: true;
  failed: true;
}

const columns = [
  'id',
  'queue',
  'kind',
  'key',
  'lane',
  'payload',
  'attempts',
  'max_attempts',
  'run_at',
] as const;

/** Works one outbox row, or the whole lane it stands in. */
export function makeOutboxRunner(
  services: EffectServices,
  params: OutboxRunnerParams,
): (id: string) => Promise<void> {
  const { db, clock, log } = services;

  async function perform(row: Row): Promise<Date | null> {
    const effect = params.effects.get(row.kind);
    const now = clock.now();
    const beganMs = performance.now();
    let result: EffectResult;
    let error: string | undefined;
    let outcome: keyof Outcome;
    try {
      if (!effect) throw new Error(`no effect is registered for ${row.kind}`);
      result = await effect.run(services, row.payload, {
        key: row.key,
        attempt: row.attempts + 1,
        now,
        signal: params.signal,
      });
    } catch (thrown) {
      error = thrown instanceof Error ? thrown.message : String(thrown);
      log.warn({ err: thrown, kind: row.kind, key: row.key, attempt: row.attempts + 1 }, 'an effect failed');
      result =
        row.attempts + 1 >= attemptsOf(row)
          ? { dead: error }
          : { again: new Date(now.getTime() + backoffMs(row)) };
    }
    if ('done' in result) {
      outcome = 'done';
      await finish(row, { state: 'done', finished_at: clock.now(), last_error: null });
    } else if ('dead' in result) {
      outcome = 'dead';
      await finish(row, { state: 'dead', finished_at: now, last_error: result.dead });
    } else {
      const at = 'again' in result ? result.again : result.waitUntil;
      outcome = error === undefined ? ('again' in result ? 'again' : 'wait') : 'failed';
      await finish(row, {
        state: 'pending',
        queued_at: null,
        run_at: at,
        attempts: error === undefined ? 0 : row.attempts + 1,
        last_error: error ?? ('reason' in result ? result.reason : null),
      });
    }
    params.onRun?.({
      kind: row.kind,
      key: row.key,
      outcome,
      ms: performance.now() - beganMs,
      ...(error === undefined ? {} : { error }),
    });
    if ('waitUntil' in result) return result.waitUntil;
    // A failed row keeps its place: what stands behind it in the lane waits too, or order would be lost.
    return outcome === 'failed' && 'again' in result ? result.again : null;
  }

  /** Notes down how it ended, unless its timer was moved meanwhile: what was asked for then is still to be done. */
  async function finish(row: Row, ending: UpdateObject<Database, 'outbox'>): Promise<void> {
    const ended = await db
      .updateTable('outbox')
      .set(ending)
      .where('id', '=', row.id)
      .where(sql<boolean>`date_trunc('milliseconds', run_at) = ${row.run_at}`)
      // Set again for the very same moment: it is pending once more.
      .$if(ending.state === 'done', (update) => update.where('state', '=', 'queued'))
      .executeTakeFirst();
    if (ended.numUpdatedRows > 0n) return;
    // Its next job may have come already, and found the row taken: another one is needed.
    await db
      .updateTable('outbox')
      .set({ state: 'pending', queued_at: null })
      .where('id', '=', row.id)
      .where('state', '=', 'queued')
      .execute();
  }

  async function drain(laneKey: string): Promise<void> {
    for (;;) {
      const lane = await takeLane(db, laneKey, clock.now());
      if (!lane) return;
      let closedUntil: Date | null = null;
      try {
        while (!params.signal.aborted) {
          const row = await nextInLane(laneKey);
          if (!row || !(await keepLane(db, lane))) break;
          closedUntil = await perform(row);
          if (closedUntil) break;
        }
      } finally {
        await releaseLane(db, lane, closedUntil);
      }
      // A row may have come in between the last look and the release; its own job found the lane taken and left.
      if (closedUntil || params.signal.aborted || !(await nextInLane(laneKey))) return;
    }
  }

  /** The first row of the lane that is due; a later timer does not hold up what is due now. */
  async function nextInLane(laneKey: string): Promise<Row | undefined> {
    const row = await db
      .selectFrom('outbox')
      .select([...columns, 'state'])
      .where('lane', '=', laneKey)
      .where('state', 'in', ['pending', 'queued'])
      .where('run_at', '<=', clock.now())
      .orderBy('id')
      .limit(1)
      .executeTakeFirst();
    if (row?.state === 'pending') {
      await db
        .updateTable('outbox')
        .set({ state: 'queued', queued_at: clock.now() })
        .where('id', '=', row.id)
        .execute();
    }
    return row;
  }

  return async (id) => {
    const row = await db
      .selectFrom('outbox')
      .select([...columns, 'state'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (!row || row.state === 'done' || row.state === 'dead') return;
    // A row without a lane is a lane of its own: two jobs for it never run at once.
    if (row.lane !== null) await drain(row.lane);
    else await alone(row);
  };

  async function alone(row: Row): Promise<void> {
    const lane = await takeLane(db, `outbox:${row.id}`, clock.now());
    if (!lane) return;
    try {
      const fresh = await db
        .selectFrom('outbox')
        .select([...columns, 'state'])
        .where('id', '=', row.id)
        .executeTakeFirst();
      if (fresh && (fresh.state === 'queued' || fresh.state === 'pending') && fresh.run_at <= clock.now())
        await perform(fresh);
    } finally {
      await db.deleteFrom('lane').where('key', '=', lane.key).where('fence', '=', lane.fence).execute();
    }
  }
}

type Tried = Pick<Row, 'queue' | 'attempts' | 'max_attempts'>;

/** People wait for what goes to Slack: after an outage it is there within a minute, and one of hours loses nothing. */
const slackBackoffMaxMs = 60_000;
const slackAttemptsMin = 400;

function attemptsOf({ queue, max_attempts }: Tried): number {
  return queue === 'slack' ? Math.max(slackAttemptsMin, max_attempts) : max_attempts;
}

/** 1 s, 2 s, 4 s … at most 10 minutes. */
function backoffMs({ queue, attempts }: Tried): number {
  return Math.min(queue === 'slack' ? slackBackoffMaxMs : 600_000, 1_000 * 2 ** attempts);
}

import pg from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '../db/clock.js';
import { readClockOffset } from '../db/clock.js';
import type { Db } from '../db/database.js';
import type { QueueName } from '../db/foundation-tables.js';
import type { JobData, JobQueue } from './queues.js';
import { requeueDue } from './requeue.js';

export interface DispatcherParams {
  databaseUrl: string;
  queues: ReadonlyMap<QueueName, JobQueue>;
  /** Told when another process moved the clock. */
  onClock: (offsetMs: number) => void;
  /** Told when a sync made a newer catalog. */
  onCatalog?: () => void;
}

export interface Dispatcher {
  /** Looks for due rows now. */
  wake: () => void;
  stop: () => Promise<void>;
}

const batch = 200;
/** Longest sleep between looks; a lost notification costs at most this. */
const maxSleepMs = 30_000;
const requeueEveryMs = 60_000;

/**
 * Turns due outbox and inbox rows into BullMQ jobs: on NOTIFY, at the next `run_at`, and every minute for what a crash left.
 * Any number of processes may run one: the row is claimed before its job is added, and a job added twice does nothing.
 */
export async function startDispatcher(
  context: { db: Db; clock: Clock; log: Logger },
  params: DispatcherParams,
): Promise<Dispatcher> {
  const { db, clock, log } = context;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  let again = false;
  let stopped = false;
  let listener: pg.Client | null = null;

  async function listen(): Promise<void> {
    const client = new pg.Client({
      connectionString: params.databaseUrl,
      keepAlive: true,
      application_name: 'steward-listen',
    });
    client.on('notification', (message) => {
      if (message.channel === 'steward_clock') params.onClock(Number(message.payload ?? 0));
      if (message.channel === 'steward_catalog') params.onCatalog?.();
      wake();
    });
    client.on('error', () => void relisten());
    client.on('end', () => void relisten());
    try {
      await client.connect();
      await client.query('listen steward_outbox; listen steward_clock; listen steward_catalog');
      params.onClock(await readClockOffset(db));
      listener = client;
    } catch (error) {
      // Half a listener would hear everything a second time once the next one stands.
      await client.end().catch(() => undefined);
      throw error;
    }
  }

  let relistening = false;
  async function relisten(): Promise<void> {
    if (stopped || relistening) return;
    relistening = true;
    listener = null;
    while (!stopped) {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      try {
        if (!stopped) await listen();
        break;
      } catch (error) {
        log.warn({ err: error }, 'the database does not answer; listening again in a second');
      }
    }
    relistening = false;
    wake();
  }

  async function pass(): Promise<void> {
    if (params.queues.size === 0) return;
    const now = clock.now();
    const [outbox, inbox] = [await claimOutbox(db, now), await claimInbox(db, now)];
    for (const [queueName, queue] of params.queues) {
      const jobs: { jobId: string; data: JobData }[] = outbox
        .filter((row) => row.queue === queueName)
        .map((row) => ({ jobId: `o-${row.id}-${now.getTime()}`, data: { table: 'outbox', id: row.id } }));
      if (queueName === 'work') {
        for (const row of inbox)
          jobs.push({ jobId: `i-${row.id}-${now.getTime()}`, data: { table: 'inbox', id: row.id } });
      }
      if (jobs.length > 0) await queue.addBulk(jobs);
    }
    if (outbox.length === batch || inbox.length === batch) again = true;
    const next = await nextDue(db);
    const sleepMs =
      next === null ? maxSleepMs : Math.min(maxSleepMs, Math.max(20, next.getTime() - clock.now().getTime()));
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(wake, sleepMs);
  }

  function wake(): void {
    if (stopped) return;
    if (running) {
      again = true;
      return;
    }
    running = (async () => {
      do {
        again = false;
        try {
          await pass();
        } catch (error) {
          log.error({ err: error }, 'dispatching failed; trying again in a second');
          clearTimeout(timer);
          if (!stopped) timer = setTimeout(wake, 1_000);
        }
      } while (again && !stopped);
      running = null;
    })();
  }

  await listen();
  if (params.queues.size > 0) await requeueDue(db, clock.now());
  const requeue = setInterval(() => {
    if (params.queues.size === 0) return;
    requeueDue(db, clock.now(), requeueEveryMs).then(wake, (error: unknown) =>
      log.error({ err: error }, 'requeueing failed'),
    );
  }, requeueEveryMs);
  wake();
  return {
    wake,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      clearInterval(requeue);
      await running;
      await listener?.end().catch(() => undefined);
    },
  };
}

function claimOutbox(db: Db, now: Date): Promise<{ id: string; queue: QueueName }[]> {
  return db
    .updateTable('outbox')
    .set({ state: 'queued', queued_at: now })
    .where('id', 'in', (where) =>
      where
        .selectFrom('outbox')
        .select('id')
        .where('state', '=', 'pending')
        .where('run_at', '<=', now)
        .orderBy('run_at')
        .orderBy('id')
        .limit(batch)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['id', 'queue'])
    .execute();
}

/** An inbox row is pushed on before its job is made, so that it is made again when nobody finished it. */
function claimInbox(db: Db, now: Date): Promise<{ id: string }[]> {
  return db
    .updateTable('inbox')
    .set((set) => ({ run_at: new Date(now.getTime() + 30_000), attempts: set('attempts', '+', 1) }))
    .where('id', 'in', (where) =>
      where
        .selectFrom('inbox')
        .select('id')
        .where('state', '=', 'received')
        .where('run_at', '<=', now)
        .orderBy('run_at')
        .orderBy('id')
        .limit(batch)
        .forUpdate()
        .skipLocked(),
    )
    .returning('id')
    .execute();
}

async function nextDue(db: Db): Promise<Date | null> {
  const [outbox, inbox] = await Promise.all([
    db
      .selectFrom('outbox')
      .select('run_at')
      .where('state', '=', 'pending')
      .orderBy('run_at')
      .limit(1)
      .executeTakeFirst(),
    db
      .selectFrom('inbox')
      .select('run_at')
      .where('state', '=', 'received')
      .orderBy('run_at')
      .limit(1)
      .executeTakeFirst(),
  ]);
  const times = [outbox?.run_at, inbox?.run_at].filter((time): time is Date => time instanceof Date);
  return times.length === 0 ? null : new Date(Math.min(...times.map((time) => time.getTime())));
}

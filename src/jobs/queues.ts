import { createPostgresBackend, isPgPool, Queue, Worker, withBackend } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { QueueName } from '../db/foundation-tables.js';
import { surviveLostClients } from '../db/pool.js';

/** What a job carries: which row to look at. The row says the rest. */
export interface JobData {
  /** `outbox` or `inbox`, and the row's id. */
  table: 'outbox' | 'inbox';
  id: string;
}

export const queueNames: readonly QueueName[] = ['slack', 'work', 'io'];

export interface QueueBackend {
  kind: 'redis' | 'postgres';
  makeQueue: (name: QueueName) => JobQueue;
  makeWorker: (name: QueueName, concurrency: number, process: (data: JobData) => Promise<void>) => JobWorker;
  /** Answers when the backend does. */
  ping: () => Promise<void>;
  close: () => Promise<void>;
}

export interface JobQueue {
  addBulk: (jobs: { jobId: string; data: JobData }[]) => Promise<void>;
  /** Forgets every job that waits, as a flushed Redis would: the rows know what is still to be done. */
  drop: () => Promise<void>;
  close: () => Promise<void>;
}

export interface JobWorker {
  /** Stops taking jobs and waits for the running ones. */
  close: () => Promise<void>;
}

/** BullMQ's tables live in this schema of Steward's own database: its default, and the only one that it takes with a pool of ours. */
const postgresSchema = 'bullmq';
/**
 * Connections that all queues and workers of a process share, beside the one that each worker keeps for LISTEN. Jobs wait for none of
 * it, and what is said of them takes a millisecond: with one of its own for each, 2,000 jobs on ten places were done no sooner.
 */
const sharedConnections = 3;

/**
 * A crashed worker's job is taken over after its lock ends: 15 s, looked for every 5 s. Stalls are no fault of the job (its
 * row counts the attempts), so many are allowed.
 */
const workerOptions = { lockDuration: 15_000, stalledInterval: 5_000, maxStalledCount: 1_000 };
const jobOptions = { removeOnComplete: true, removeOnFail: true, attempts: 1 };

const bound = withBackend(createPostgresBackend);

/** BullMQ on its PostgreSQL backend, in Steward's own database. */
export function makePostgresBackend(databaseUrl: string, onError: (error: Error) => void): QueueBackend {
  const connection = new pg.Pool({
    connectionString: databaseUrl,
    // BullMQ names its tables without their schema.
    options: `-c search_path=${postgresSchema}`,
    max: queueNames.length + sharedConnections,
    application_name: 'steward-queue',
    // One that is lost in silence would keep a worker waiting for a word that never comes.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // A job that comes after a quiet minute does not wait for a connection.
    idleTimeoutMillis: 0,
  });
  surviveLostClients(connection);
  // The two packages type the same pool differently.
  if (!isPgPool(connection)) throw new Error('BullMQ does not take the pools of this version of pg');
  const open = (name: QueueName) => {
    const queue = new bound.Queue<JobData>(name, { connection });
    queue.on('error', onError);
    return queue;
  };
  /** Opened when somebody asks, and then kept. */
  let probe: ReturnType<typeof open> | undefined;
  return {
    kind: 'postgres',
    makeQueue(name) {
      const queue = open(name);
      return {
        addBulk: async (jobs) => {
          await queue.addBulk(
            jobs.map((job) => ({ name, data: job.data, opts: { ...jobOptions, jobId: job.jobId } })),
          );
        },
        drop: () => queue.drain(true),
        close: () => queue.close(),
      };
    },
    makeWorker(name, concurrency, process) {
      const worker = new bound.Worker<JobData>(name, (job) => process(job.data), {
        connection,
        concurrency,
        ...workerOptions,
      });
      worker.on('error', onError);
      return { close: () => worker.close() };
    },
    ping: async () => {
      probe ??= open('io');
      const asked = probe;
      await asked.getJobCounts('wait').catch((error: unknown) => {
        // One that could not be opened never answers: the next question opens another.
        if (probe === asked) probe = undefined;
        void asked.close().catch(() => undefined);
        throw error;
      });
    },
    close: async () => {
      await probe?.close();
      await connection.end();
    },
  };
}

/** BullMQ on Redis. `prefix` keeps several installations on one Redis apart. */
export function makeRedisBackend(
  redisUrl: string,
  prefix: string,
  onError: (error: Error) => void,
): QueueBackend {
  const connect = (blocking: boolean): Redis => {
    const client = new Redis(redisUrl, { maxRetriesPerRequest: blocking ? null : 3, enableReadyCheck: true });
    client.on('error', onError);
    return client;
  };
  const shared = connect(false);
  return {
    kind: 'redis',
    makeQueue(name) {
      const queue = new Queue<JobData>(name, { connection: shared, prefix });
      queue.on('error', onError);
      return {
        addBulk: async (jobs) => {
          await queue.addBulk(
            jobs.map((job) => ({ name, data: job.data, opts: { ...jobOptions, jobId: job.jobId } })),
          );
        },
        drop: () => queue.drain(true),
        close: () => queue.close(),
      };
    },
    makeWorker(name, concurrency, process) {
      const connection = connect(true);
      const worker = new Worker<JobData>(name, (job) => process(job.data), {
        connection,
        prefix,
        concurrency,
        ...workerOptions,
      });
      worker.on('error', onError);
      return {
        close: async () => {
          await worker.close();
          connection.disconnect();
        },
      };
    },
    ping: async () => {
      await shared.ping();
    },
    close: async () => {
      shared.disconnect();
    },
  };
}

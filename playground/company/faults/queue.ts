import pg from 'pg';
import { makePostgresBackend, makeRedisBackend, queueNames } from '../../../src/jobs/queues.js';

/** Troubles of the queue that can be asked for. */
export const queueFaults = ['flushed', 'disconnected'] as const;
export type QueueFault = (typeof queueFaults)[number];

/** Where the demo's queue is. */
export interface QueuePlace {
  /** Steward's own database, as its superuser. */
  databaseUrl: string;
  redis?: { url: string; prefix: string };
}

/** A trouble that this backend cannot be given. */
export class FaultNotPossible extends Error {
  readonly code = 'fault_not_possible';
}

/** `flushed`: all that waits is gone, as after FLUSHALL. `disconnected`: every connection of the queue is cut at once. */
export async function troubleQueue(place: QueuePlace, kind: QueueFault): Promise<void> {
  if (kind === 'flushed') await flush(place);
  else await disconnect(place);
}

async function flush({ databaseUrl, redis }: QueuePlace): Promise<void> {
  const ignore = (): void => undefined;
  const backend = redis
    ? makeRedisBackend(redis.url, redis.prefix, ignore)
    : makePostgresBackend(databaseUrl, ignore);
  try {
    for (const name of queueNames) {
      const queue = backend.makeQueue(name);
      await queue.drop();
      await queue.close();
    }
  } finally {
    await backend.close();
  }
}

async function disconnect({ databaseUrl, redis }: QueuePlace): Promise<void> {
  if (redis)
    throw new FaultNotPossible(
      'The Redis is not the demo’s own, so its other users are left alone: cut it yourself with CLIENT KILL.',
    );
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'steward-queue' and datname = current_database()`,
    );
  } finally {
    await client.end();
  }
}

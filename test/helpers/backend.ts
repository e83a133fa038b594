import { makePostgresBackend, makeRedisBackend, type QueueBackend } from '../../src/jobs/queues.js';
import type { TestDatabase } from './database.js';

/** The queue backend of this run: Redis when REDIS_URL is set, else BullMQ's own PostgreSQL backend. */
export function makeTestBackend(
  database: TestDatabase,
  onError: (error: Error) => void = () => undefined,
): QueueBackend {
  const redisUrl = process.env.REDIS_URL;
  return redisUrl
    ? makeRedisBackend(redisUrl, database.name, onError)
    : makePostgresBackend(database.url, onError);
}

import type { Environment } from '../../config/env.js';
import { makePostgresBackend, makeRedisBackend } from '../../jobs/queues.js';
import type { OpenDatabase } from '../open-database.js';
import { answersInTime } from '../require-queue.js';
import { reasonOf, type Say } from './say.js';

export async function checkQueue(env: Environment, database: OpenDatabase, say: Say): Promise<void> {
  const { redisUrl } = env;
  const backend = redisUrl
    ? makeRedisBackend(redisUrl, 'steward', () => undefined)
    : makePostgresBackend(database.url, () => undefined);
  try {
    await answersInTime(backend.ping);
    say('Queue', 'ok', redisUrl ? 'Redis answers' : 'on PostgreSQL, in the same database');
  } catch (error) {
    if (redisUrl)
      say(
        'Queue',
        'error',
        `no Redis answers at ${new URL(redisUrl).host}`,
        'start Redis, correct REDIS_URL, or unset it to queue in PostgreSQL',
      );
    else say('Queue', 'error', reasonOf(error), '`steward migrate` makes the queue tables');
  } finally {
    await backend.close().catch(() => undefined);
  }
}

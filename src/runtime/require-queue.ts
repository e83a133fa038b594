import { StartRefusedError } from '../errors.js';

/** Throws when nothing answers within this many milliseconds. */
export async function answersInTime(ping: () => Promise<void>, patienceMs = 5_000): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${patienceMs / 1_000} s`)), patienceMs);
  });
  try {
    await Promise.race([ping(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Refuses the start when the Redis of REDIS_URL does not answer; the PostgreSQL backend is in a database that just did. */
export async function requireQueue(redisUrl: string | undefined, ping: () => Promise<void>): Promise<void> {
  if (!redisUrl) return;
  try {
    await answersInTime(ping);
  } catch (error) {
    throw new StartRefusedError(
      `REDIS_URL: no Redis answers at ${new URL(redisUrl).host} (${error instanceof Error ? error.message : 'unknown'}). Start it, or correct the URL.`,
    );
  }
}

import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database, Db } from './database.js';

export interface Pool {
  db: Db;
  /** For LISTEN and for what Kysely has no words for. */
  pg: pg.Pool;
  close: () => Promise<void>;
}

/**
 * A client that loses its server must not end the process: idle ones tell the pool, one at work tells itself while its query fails with the
 * same error, and Node takes an error that nobody listens to for fatal.
 */
export function surviveLostClients(pool: pg.Pool): void {
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
}

/** A pool of at most `max` connections. Waiting for one is bounded, so that an unreachable database is an error and not a hang. */
export function makePool(connectionString: string, params: { max?: number; name?: string } = {}): Pool {
  const pool = new pg.Pool({
    connectionString,
    max: params.max ?? 10,
    application_name: params.name ?? 'steward',
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
  });
  surviveLostClients(pool);
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  return { db, pg: pool, close: () => db.destroy() };
}

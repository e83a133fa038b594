import { access } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Environment } from '../config/env.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../db/embedded/server.js';
import { type MigrateResult, migrate, requireLevel } from '../db/migrate.js';
import { makePool, type Pool } from '../db/pool.js';
import { isUnreachable } from '../db/unreachable.js';
import { StartRefusedError } from '../errors.js';

export interface OpenDatabase {
  pool: Pool;
  /** URL of the role that serves. */
  url: string;
  embedded: EmbeddedPostgres | null;
  /** Ends the pool and, for the embedded server, stops PostgreSQL last. */
  close: () => Promise<void>;
}

/** Whether there is a database to ask: DATABASE_URL is set, or an embedded server ran from this data folder before. */
export async function hasDatabase(env: Pick<Environment, 'databaseUrl' | 'dataDir'>): Promise<boolean> {
  if (env.databaseUrl) return true;
  return access(path.join(env.dataDir, 'postgres.json')).then(
    () => true,
    () => false,
  );
}

/** Reaches the database: DATABASE_URL at its level, or the embedded server, which is migrated here. */
export async function openDatabase(
  env: Environment,
  log: Logger,
  params: {
    max?: number;
    /** `retention.audit`, for the embedded server: see `migrate`. */
    auditKeepMs?: number | undefined;
    /** For who serves: an embedded server that is killed is started again. */
    keepRunning?: boolean;
  } = {},
): Promise<OpenDatabase> {
  if (env.databaseUrl) {
    await reach(env.databaseUrl);
    await requireLevel(env.databaseUrl);
    const pool = makePool(env.databaseUrl, params);
    return { pool, url: env.databaseUrl, embedded: null, close: () => pool.close() };
  }
  const embedded = await startEmbeddedPostgres({
    dataDir: env.dataDir,
    ...(params.keepRunning ? { watchMs: 2_000 } : {}),
  });
  try {
    await migrate(embedded.url('steward_migrate', 'steward'), { auditKeepMs: params.auditKeepMs });
  } catch (error) {
    await embedded.stop();
    throw error;
  }
  const url = embedded.url('steward_app', 'steward');
  const pool = makePool(url, params);
  return {
    pool,
    url,
    embedded,
    close: async () => {
      await pool.close();
      const how = await embedded.stop();
      log.debug({ how }, 'embedded PostgreSQL');
    },
  };
}

/** `steward migrate`: brings whichever database is configured to this code's level. */
export async function migrateDatabase(
  env: Environment,
  params: { auditKeepMs?: number | undefined } = {},
): Promise<MigrateResult> {
  if (env.databaseUrl) {
    await reach(env.databaseUrl);
    try {
      return await migrate(env.databaseUrl, params);
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== insufficientPrivilege) throw error;
      throw new StartRefusedError(
        `DATABASE_URL: this role may not migrate (${error.message}). Give the address of the one that owns the tables: docs/operations.md.`,
      );
    }
  }
  const embedded = await startEmbeddedPostgres({ dataDir: env.dataDir });
  try {
    return await migrate(embedded.url('steward_migrate', 'steward'), params);
  } finally {
    await embedded.stop();
  }
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const insufficientPrivilege = '42501';

async function reach(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    const { host, pathname } = new URL(url);
    // One that says why it lets nobody in is there: to start it would change nothing.
    if (error instanceof pg.DatabaseError && !isUnreachable(error))
      throw new StartRefusedError(
        `DATABASE_URL: PostgreSQL at ${host}${pathname} lets nobody in (${error.message}). Correct user, password or database in the URL.`,
      );
    throw new StartRefusedError(
      `DATABASE_URL: no PostgreSQL answers at ${host}${pathname} (${error instanceof Error ? error.message : 'unknown'}). Start it, or correct the URL.`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

import { type LoadedConfig, loadConfig } from '../config/load-config.js';
import type { Db } from '../db/database.js';
import { auditKeyOf } from '../runtime/audit-key.js';
import { makeServices } from '../runtime/make-services.js';
import { openDatabase } from '../runtime/open-database.js';
import type { Services } from '../services.js';
import { makeLogger } from '../telemetry/logger.js';
import type { Cli } from './cli.js';

/** Runs on the configured database alone: no catalog, no Slack. */
export async function withDatabase<Result>(
  cli: Cli,
  body: (context: { db: Db; auditKey: string | null }) => Promise<Result>,
): Promise<Result> {
  const env = cli.environment();
  const log = makeLogger(cli.env.LOG_LEVEL ?? 'warn');
  const database = await openDatabase(env, log, { max: 4 });
  try {
    return await body({ db: database.pool.db, auditKey: await auditKeyOf(env, database.embedded !== null) });
  } finally {
    await database.close();
  }
}

/** Runs with everything a domain function needs, as the operator at the command line. */
export async function withServices<Result>(
  cli: Cli,
  body: (services: Services, loaded: LoadedConfig) => Promise<Result>,
  params: { people?: 'stored' } = {},
): Promise<Result> {
  const env = cli.environment();
  const log = makeLogger(cli.env.LOG_LEVEL ?? 'warn');
  const loaded = await loadConfig(env.configFile);
  const database = await openDatabase(env, log, { max: 4, auditKeepMs: loaded.config.retention.audit });
  try {
    const { services, close } = await makeServices({ env, log, loaded, database, ...params });
    try {
      return await body(services, loaded);
    } finally {
      await close();
    }
  } finally {
    await database.close();
  }
}

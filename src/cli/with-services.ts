import { type LoadedConfig, loadConfig } from '../config/load-config.js';
import type { Db } from '../db/database.js';
import type { Services } from '../services.js';
import { makeLogger } from '../telemetry/logger.js';
import type { Cli } from './cli.js';

/** Loaded only where it is used: a command on files alone is done sooner than all this is read. */
async function loadHouse() {
  const [{ auditKeyOf }, { makeServices }, { openDatabase }] = await Promise.all([
    import('../runtime/audit-key.js'),
    import('../runtime/make-services.js'),
    import('../runtime/open-database.js'),
  ]);
  return { auditKeyOf, makeServices, openDatabase };
}

/** Runs on the configured database alone: no catalog, no Slack. */
export async function withDatabase<Result>(
  cli: Cli,
  body: (context: { db: Db; auditKey: string | null }) => Promise<Result>,
): Promise<Result> {
  const env = cli.environment();
  const log = makeLogger(cli.env.LOG_LEVEL ?? 'warn');
  const { auditKeyOf, openDatabase } = await loadHouse();
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
  const { makeServices, openDatabase } = await loadHouse();
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

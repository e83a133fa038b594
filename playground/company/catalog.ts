import path from 'node:path';
import type { Logger } from 'pino';
import { writeDemoArtifacts } from '../../demo/generate/artifacts.js';
import { demoPath } from '../../demo/paths.js';
import { syncCatalog } from '../../src/catalog/sync.js';
import type { Environment } from '../../src/config/env.js';
import { type LoadedConfig, loadConfig } from '../../src/config/load-config.js';
import { readClockOffset } from '../../src/db/clock.js';
import type { EmbeddedPostgres } from '../../src/db/embedded/server.js';
import { prepareDomains } from '../../src/runtime/domains.js';
import { makeServices } from '../../src/runtime/make-services.js';
import type { OpenDatabase } from '../../src/runtime/open-database.js';
import { storyArtifacts } from './databases.js';
import { tellPast } from './past.js';
import type { SayThen } from './past-messages.js';

interface CompanyCatalog {
  /** As `companyConfig` gives it. */
  loaded: LoadedConfig;
  env: Environment;
  log: Logger;
  database: OpenDatabase;
  embedded: EmbeddedPostgres;
  /** Where dbt leaves what it makes. */
  targetDir: string;
  /** Puts what Steward said before the first day into a channel. */
  say: SayThen;
}

/** The demo's configuration. Its artifacts are made on day one into the data folder, with times relative to it: the source is read there. */
export async function companyConfig(targetDir: string): Promise<LoadedConfig> {
  return movedTo(await loadConfig(demoPath('steward.yml')), 'dbt/target', targetDir);
}

/**
 * Has the catalog read what dbt made of the company's project as the story stands, on the very first start after the past of its definitions.
 */
export async function readCompanyCatalog(company: CompanyCatalog): Promise<void> {
  const { loaded, env, database, embedded, targetDir } = company;
  const now = new Date(Date.now() + (await readClockOffset(database.pool.db)));
  const known = await database.pool.db.selectFrom('catalog_source').select('name').executeTakeFirst();
  if (!known) await tellPastOf(company, now);
  writeDemoArtifacts(await storyArtifacts(embedded, now), targetDir);
  const report = await syncCatalog(
    database.pool.db,
    loaded.config.catalog.sources,
    {
      now,
      signal: AbortSignal.timeout(60_000),
      secret: env.secret,
      fetch: globalThis.fetch,
      baseDir: loaded.baseDir,
    },
    { now },
  );
  const broken = report.sources.find((source) => source.error);
  if (broken) throw new Error(`the demo's catalog cannot be read: ${broken.error}`);
}

/** With services of its own, before anything is served: nobody is told today of what was told then. */
async function tellPastOf(company: CompanyCatalog, dayOne: Date): Promise<void> {
  const { loaded, targetDir: today, say } = company;
  const { services, catalog, close } = await makeServices(company);
  try {
    await prepareDomains(services, loaded);
    await tellPast({
      services,
      refresh: catalog.refresh,
      sourcesAt: (targetDir) => movedTo(loaded, today, targetDir).config.catalog.sources,
      baseDir: loaded.baseDir,
      workDir: path.join(today, '..', 'past'),
      dayOne,
      say,
    });
  } finally {
    await close();
  }
}

/** Reads what is read from one folder from another one. */
function movedTo(loaded: LoadedConfig, from: string, to: string): LoadedConfig {
  const sources = loaded.config.catalog.sources.map((source) =>
    source.path === from ? { ...source, path: to } : source,
  );
  return { ...loaded, config: { ...loaded.config, catalog: { ...loaded.config.catalog, sources } } };
}

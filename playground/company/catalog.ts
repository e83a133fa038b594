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

interface CompanyCatalog {
  env: Environment;
  log: Logger;
  database: OpenDatabase;
  embedded: EmbeddedPostgres;
  /** Where dbt leaves what it makes. */
  targetDir: string;
}

/**
 * Has the catalog read what dbt made of the company's project as the story stands, on the very first start after the past of its definitions.
 * Resolves to the demo's configuration, whose source is the folder that was read.
 */
export async function readCompanyCatalog(company: CompanyCatalog): Promise<LoadedConfig> {
  const { env, database, embedded, targetDir } = company;
  const now = new Date(Date.now() + (await readClockOffset(database.pool.db)));
  const given = await loadConfig(demoPath('steward.yml'));
  const known = await database.pool.db.selectFrom('catalog_source').select('name').executeTakeFirst();
  if (!known) await tellPastOf(company, given, now);
  writeDemoArtifacts(await storyArtifacts(embedded, now), targetDir);
  const loaded = atPath(given, targetDir);
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
  return loaded;
}

/** With services of its own, before anything is served: nobody is told today of what was told then. */
async function tellPastOf(company: CompanyCatalog, loaded: LoadedConfig, dayOne: Date): Promise<void> {
  const { services, catalog, close } = await makeServices({ ...company, loaded });
  try {
    await prepareDomains(services, loaded);
    await tellPast({
      services,
      refresh: catalog.refresh,
      sourcesAt: (targetDir) => atPath(loaded, targetDir).config.catalog.sources,
      baseDir: loaded.baseDir,
      workDir: path.join(company.targetDir, '..', 'past'),
      dayOne,
    });
  } finally {
    await close();
  }
}

/** The demo's artifacts are made on day one into the data folder, with times relative to it; the configuration is pointed there. */
function atPath(loaded: LoadedConfig, targetDir: string): LoadedConfig {
  const sources = loaded.config.catalog.sources.map((source) =>
    source.path === 'dbt/target' ? { ...source, path: targetDir } : source,
  );
  return { ...loaded, config: { ...loaded.config, catalog: { ...loaded.config.catalog, sources } } };
}

import { syncCatalog } from '../catalog/sync.js';
import type { LoadedConfig } from '../config/load-config.js';
import type { Services } from '../services.js';

/** How long a first start waits for its sources, in milliseconds. */
const patienceMs = 60_000;

/** On the very first start the catalog is read before anybody is answered: "I do not know" would not be true. */
export async function syncIfNeverSynced(
  services: Services,
  loaded: LoadedConfig,
  refresh: () => Promise<void>,
): Promise<void> {
  const entries = loaded.config.catalog.sources;
  if (entries.length === 0 || services.catalog.current().syncedAt !== null) return;
  const now = services.clock.now();
  const report = await syncCatalog(
    services.db,
    entries,
    {
      now,
      signal: AbortSignal.timeout(patienceMs),
      secret: services.secret,
      fetch: globalThis.fetch,
      baseDir: loaded.baseDir,
    },
    { now },
  );
  for (const source of report.sources) {
    if (source.error)
      services.log.error({ source: source.source, reason: source.error }, 'a catalog source cannot be read');
  }
  await refresh();
}

import { syncCatalog } from '../../src/catalog/sync.js';
import { tellOfChanges } from '../../src/releases/tell-of-changes.js';
import type { TestSteward } from './steward.js';

/** Reads every source once more, as the schedule does, and tells of what changed. Sources are given by whole paths. */
export async function syncAgain({ steward }: TestSteward): Promise<void> {
  const { services } = steward;
  const now = services.clock.now();
  await syncCatalog(
    services.db,
    services.config.catalog.sources,
    {
      now,
      signal: AbortSignal.timeout(30_000),
      secret: () => undefined,
      fetch: globalThis.fetch,
      baseDir: process.cwd(),
    },
    { now, onChanges: tellOfChanges(services, now) },
  );
  await steward.refreshCatalog();
}

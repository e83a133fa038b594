import { sourceIdentities, syncCatalog } from '../catalog/sync.js';
import type { LoadedConfig } from '../config/load-config.js';
import { tellOfSource } from '../notices/tell-of-source.js';
import { tellOfChanges } from '../releases/tell-of-changes.js';
import type { RegisteredEffect } from './effect.js';
import { makeSchedule } from './schedules.js';

/** How often a source is read when its entry does not say. */
const defaultEveryMs = 15 * 60_000;

/** One schedule per source, so that a slow or broken one holds up no other. */
export function catalogSchedules(loaded: LoadedConfig): RegisteredEffect[] {
  const entries = loaded.config.catalog.sources;
  return sourceIdentities(entries).map((identity, index) =>
    makeSchedule({
      kind: `catalog.sync.${identity.name}`,
      everyMs: entries[index]?.every ?? defaultEveryMs,
      run: async (services, now) => {
        const report = await syncCatalog(
          services.db,
          entries,
          {
            now,
            signal: AbortSignal.timeout(120_000),
            secret: services.secret,
            fetch: services.fetch,
            baseDir: loaded.baseDir,
          },
          {
            now,
            only: [identity.name],
            onChanges: tellOfChanges(services, now),
            onStanding: tellOfSource(services, now),
          },
        );
        for (const source of report.sources) {
          if (source.error)
            services.log.error(
              { source: source.source, reason: source.error },
              'a catalog source cannot be read; its last good content goes on',
            );
        }
      },
    }),
  );
}

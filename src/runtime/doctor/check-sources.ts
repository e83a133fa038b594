import { access } from 'node:fs/promises';
import path from 'node:path';
import { connectorOf } from '../../catalog/sync.js';
import type { LoadedConfig } from '../../config/load-config.js';
import { reasonOf, type Say } from './say.js';

/** Whether each catalog source can be what it says, and is there where it lies on this machine; what a source's address answers is for a sync to find out. */
export async function checkSources({ config, baseDir }: LoadedConfig, say: Say): Promise<void> {
  for (const [index, source] of config.catalog.sources.entries()) {
    try {
      connectorOf(source);
    } catch (error) {
      say('Catalog source', 'error', reasonOf(error), `correct catalog.sources[${index}]`);
      continue;
    }
    if (source.path === undefined) continue;
    const found = await access(path.resolve(baseDir, source.path)).then(
      () => true,
      () => false,
    );
    if (!found)
      say(
        'Catalog source',
        'error',
        `${source.name ?? source.type}: there is no ${source.path}; it is looked for beside steward.yml`,
        `correct catalog.sources[${index}].path`,
      );
  }
}

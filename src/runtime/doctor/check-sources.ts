import { access } from 'node:fs/promises';
import path from 'node:path';
import type { LoadedConfig } from '../../config/load-config.js';
import type { Say } from './say.js';

/** Whether each catalog source that lies on this machine is there; what a source's address answers is for a sync to find out. */
export async function checkSources({ config, baseDir }: LoadedConfig, say: Say): Promise<void> {
  for (const [index, source] of config.catalog.sources.entries()) {
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

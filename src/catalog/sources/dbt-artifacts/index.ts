import path from 'node:path';
import { z } from 'zod';
import type { SourceConnector } from '../../connector.js';
import { artifactsSnapshot } from './artifacts-snapshot.js';
import { readArtifacts } from './files.js';

const Config = z.strictObject({
  /** Folder with the artifacts, a project that has them in `target/`, or one artifact file. */
  path: z.string().min(1),
  /** Folder of the dbt project, where formulas that the manifest lost can be looked up. */
  project: z.string().min(1).optional(),
  /** Name under `warehouses` that this project builds into. */
  warehouse: z.string().min(1).optional(),
});
type Config = z.infer<typeof Config>;

/** What `dbt build`, `dbt parse`, `dbt docs generate` and `dbt source freshness` leave in `target/`. */
export const dbtArtifacts = {
  type: 'dbt-artifacts',
  config: Config,
  fromPath: (given) => ({ path: given }),
  read: async (config, context) => {
    const given = path.resolve(context.baseDir, config.path);
    const found = await readArtifacts(given);
    const project = config.project === undefined ? undefined : path.resolve(context.baseDir, config.project);
    return artifactsSnapshot(
      found,
      config,
      context.now,
      [project, path.dirname(found.folder), found.folder].filter((folder) => folder !== undefined),
    );
  },
} satisfies SourceConnector<Config>;

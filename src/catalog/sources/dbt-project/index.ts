import path from 'node:path';
import { z } from 'zod';
import type { SourceConnector } from '../../connector.js';
import { projectSnapshot } from './project.js';
import { readProject } from './project-files.js';

const Config = z.strictObject({
  /** Folder of the dbt project (the one with `dbt_project.yml`), or a single YAML file. */
  path: z.string().min(1),
  /** Name under `warehouses` that this project builds into. */
  warehouse: z.string().min(1).optional(),
});
type Config = z.infer<typeof Config>;

/** A dbt project as it lies on disk: its YAML, and the `ref()` and `source()` calls of its SQL. dbt itself is not run. */
export const dbtProject = {
  type: 'dbt-project',
  isWritten: true,
  config: Config,
  fromPath: (given) => ({ path: given }),
  read: async (config, context) => {
    const files = await readProject(path.resolve(context.baseDir, config.path), context.signal);
    return projectSnapshot(files, {
      now: context.now,
      ...(config.warehouse === undefined ? {} : { warehouse: config.warehouse }),
    });
  },
} satisfies SourceConnector<Config>;

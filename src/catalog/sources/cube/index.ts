import path from 'node:path';
import { z } from 'zod';
import type { SourceSnapshot } from '../../asset.js';
import { type SourceConnector, SourceError } from '../../connector.js';
import { present } from '../../meta/meta-facts.js';
import { makeApiClient, secretOf, secretSetting } from '../api-client.js';
import { readSourceFiles } from '../source-files.js';
import { cubeAssets } from './cube-assets.js';
import { modelOf } from './model.js';
import { CubeMeta } from './schema.js';

const Config = z
  .strictObject({
    /** Folder with the model (YAML or JavaScript), a file of it, or a saved answer of `/v1/meta`. */
    path: z.string().min(1).optional(),
    /** Address of the API with its base path: `https://cube.example.com/cubejs-api`. */
    url: z.url().optional(),
    token: secretSetting.optional(),
    warehouse: z.string().min(1).optional(),
  })
  .refine((config) => (config.path === undefined) !== (config.url === undefined), 'set either path or url');
type Config = z.infer<typeof Config>;

/** Cube's semantic layer: its model on disk (YAML, or JavaScript as far as it is plainly written), or the metadata its API gives. */
export const cube = {
  type: 'cube',
  isWritten: true,
  config: Config,
  fromPath: (given) => ({ path: given }),
  read: async (config, context) => {
    const settings = { now: context.now, ...present({ warehouse: config.warehouse }) };
    if (config.url !== undefined) {
      const token = secretOf(context, config.token, 'Cube');
      const client = makeApiClient(context, {
        system: 'Cube',
        url: config.url,
        ...(token === undefined ? {} : { authorization: token }),
      });
      const meta = await client.get('/v1/meta', CubeMeta);
      return snapshotOf(cubeAssets(meta.cubes, { ...settings, fileOf: () => '/v1/meta' }), [], config.url);
    }
    const folder = path.resolve(context.baseDir, config.path ?? '.');
    const wanted = {
      pattern: /\.(?:ya?ml|json|js)$/i,
      what: 'model (YAML, JavaScript) or saved metadata of Cube',
    };
    const files = await readSourceFiles(folder, wanted, context.signal);
    const warnings: string[] = [];
    const model = modelOf(files, warnings);
    const found = cubeAssets(model.cubes, { ...settings, fileOf: model.fileOf });
    return snapshotOf(found, warnings, folder);
  },
} satisfies SourceConnector<Config>;

function snapshotOf(
  found: Pick<SourceSnapshot, 'assets' | 'edges'>,
  warnings: string[],
  where: string,
): SourceSnapshot {
  if (found.assets.length === 0) throw new SourceError(`${where} has no cubes. ${warnings.join(' ')}`.trim());
  return { ...found, signals: [], warnings, info: {} };
}

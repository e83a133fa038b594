import { mayRead } from '../catalog/visibility.js';
import type { StewardConfig } from '../config/steward-schema.js';
import type { MaySee } from './pipelines.js';

/** What a person of these teams may read in full; everything for the operator. */
export function maySeeOf(
  config: StewardConfig,
  viewer: { teams: readonly string[]; seesAll?: boolean },
): MaySee {
  return (asset) => mayRead(asset, viewer, config.catalog.visibility);
}

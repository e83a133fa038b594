import type { Asset } from '../asset.js';
import type { SearchIndex } from './index-types.js';
import { priorOf } from './priors.js';
import type { UsageShare } from './usage-share.js';

/** Facts of each asset, by its position, that ranking and deciding use as they are. */
export function assetFacts(
  assets: readonly Asset[],
  usage: UsageShare,
): Pick<SearchIndex, 'ids' | 'sourceIds' | 'names' | 'kinds' | 'teams' | 'priors'> {
  return {
    ids: assets.map((asset) => asset.id),
    sourceIds: assets.map((asset) => asset.sourceId),
    names: assets.map((asset) => asset.name),
    kinds: assets.map((asset) => asset.kind),
    priors: Float32Array.from(assets, (asset) => priorOf(asset, usage)),
    teams: assets.map(({ owners }) =>
      owners
        .map(({ team }) => team ?? '')
        .join(' ')
        .toLowerCase()
        .trim(),
    ),
  };
}

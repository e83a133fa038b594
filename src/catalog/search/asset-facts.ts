import type { Asset } from '../asset.js';
import type { SearchIndex } from './index-types.js';

/** Facts of each asset, by its position, that ranking and deciding use as they are. */
export function assetFacts(
  assets: readonly Asset[],
): Pick<SearchIndex, 'ids' | 'sourceIds' | 'names' | 'kinds' | 'teams'> {
  return {
    ids: assets.map((asset) => asset.id),
    sourceIds: assets.map((asset) => asset.sourceId),
    names: assets.map((asset) => asset.name),
    kinds: assets.map((asset) => asset.kind),
    teams: assets.map(({ owners }) =>
      owners
        .map(({ team }) => team ?? '')
        .join(' ')
        .toLowerCase()
        .trim(),
    ),
  };
}

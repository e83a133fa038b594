import type { CatalogView } from '../../catalog/view.js';
import type { MaySee } from '../pipelines.js';
import type { DownstreamAsset } from './preview.js';

/**
 * Everything built from the asset, most important first: what the asker may read is named. `total` counts all, `known` what everybody may
 * know of.
 */
export function downstreamOf(
  view: CatalogView,
  assetId: string,
  { maySee, knownToAll }: { maySee: MaySee; knownToAll: MaySee },
  limit = 50,
): { shown: DownstreamAsset[]; total: number; known: number } {
  const reached = view.downstream(assetId);
  const shown = reached
    .filter(({ asset }) => maySee(asset))
    .map(({ asset, distance }) => ({
      assetId: asset.id,
      name: asset.label ?? asset.name,
      kind: asset.kind,
      ...(asset.tier === undefined ? {} : { tier: asset.tier }),
      owners: asset.owners
        .map((owner) => owner.name ?? owner.team ?? owner.email ?? '')
        .filter((owner) => owner !== ''),
      distance,
      ...(knownToAll(asset) ? {} : { restricted: true as const }),
    }))
    .sort((a, b) => (a.tier ?? 9) - (b.tier ?? 9) || a.distance - b.distance || a.name.localeCompare(b.name));
  return {
    shown: shown.slice(0, limit),
    total: reached.length,
    known: reached.filter(({ asset }) => knownToAll(asset)).length,
  };
}

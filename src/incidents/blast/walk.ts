import type { Asset } from '../../catalog/asset.js';
import type { CatalogView } from '../../catalog/view.js';

export interface RadiusAsset {
  assetId: string;
  sourceId: string;
  relation: 'direct' | 'downstream';
  kind: Asset['kind'];
  name: string;
  tier: number | null;
  domain: string | null;
  /** Steps from the nearest broken asset; 0 for a broken one. */
  distance: number;
  /** The asset one step nearer to what is broken. */
  viaId: string | null;
  owners: string[];
}

/** Everything that is broken and everything built from it, nearest first. Pure; ends on cyclic lineage. */
export function walkRadius(view: CatalogView, brokenIds: readonly string[]): RadiusAsset[] {
  const found = new Map<string, RadiusAsset>();
  for (const brokenId of brokenIds) {
    const asset = tableOf(view, brokenId);
    if (asset !== undefined) found.set(asset.id, describe(asset, 'direct', 0, null));
  }
  for (const start of [...found.keys()]) {
    for (const { asset, distance, viaId } of view.downstream(start)) {
      const known = found.get(asset.id);
      if (known !== undefined && known.distance <= distance) continue;
      found.set(asset.id, describe(asset, 'downstream', distance, viaId));
    }
  }
  return [...found.values()].sort(
    (a, b) => a.distance - b.distance || (a.tier ?? 99) - (b.tier ?? 99) || (a.name < b.name ? -1 : 1),
  );
}

/** A column stands for its table. */
function tableOf(view: CatalogView, id: string): Asset | undefined {
  return view.tableOf(id) ?? view.get(id);
}

function describe(
  asset: Asset,
  relation: 'direct' | 'downstream',
  distance: number,
  viaId: string | null,
): RadiusAsset {
  return {
    assetId: asset.id,
    sourceId: asset.sourceId,
    relation,
    kind: asset.kind,
    name: asset.label ?? asset.name,
    tier: asset.tier ?? null,
    domain: asset.domain ?? null,
    distance,
    viaId,
    owners: [
      ...new Set(
        asset.owners
          .map((owner) => owner.name ?? owner.team ?? owner.email ?? '')
          .filter((owner) => owner !== ''),
      ),
    ],
  };
}

/** `4 models, 2 dashboards, 7 metrics` of what stands downstream. */
export function countWords(radius: readonly Pick<RadiusAsset, 'kind' | 'relation'>[]): string {
  const words = {
    metric: 'metric',
    model: 'model',
    source: 'source',
    column: 'column',
    exposure: 'dashboard',
    term: 'term',
    pipeline: 'pipeline',
  };
  const counts = new Map<string, number>();
  for (const { kind, relation } of radius)
    if (relation === 'downstream') counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const parts = Object.entries(words).flatMap(([kind, word]) => {
    const count = counts.get(kind) ?? 0;
    return count === 0 ? [] : [`${count} ${word}${count === 1 ? '' : 's'}`];
  });
  return parts.length === 0 ? 'nothing downstream' : parts.join(', ');
}

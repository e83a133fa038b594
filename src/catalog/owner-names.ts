import type { AssetDraft } from './asset.js';

/** Whoever answers for an asset, as its source wrote them. */
export function ownerNames(asset: Pick<AssetDraft, 'owners'>): string[] {
  return asset.owners
    .map((owner) => owner.name ?? owner.team ?? owner.email ?? '')
    .filter((name) => name !== '');
}

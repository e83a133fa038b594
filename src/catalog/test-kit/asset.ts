import type { AssetDraft, SourceSnapshot } from '../asset.js';
import { newAsset } from '../new-asset.js';

/** An asset with nothing said about it but what the test says. */
export function draft(changes: Partial<AssetDraft> & Pick<AssetDraft, 'name'>): AssetDraft {
  const kind = changes.kind ?? 'metric';
  const sourceId = changes.sourceId ?? `${kind}.shop.${changes.name}`;
  return newAsset({ sourceId, kind, name: changes.name }, changes);
}

export function snapshot(changes: Partial<SourceSnapshot> = {}): SourceSnapshot {
  return { assets: [], edges: [], signals: [], warnings: [], info: {}, ...changes };
}

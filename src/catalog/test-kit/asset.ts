import type { AssetDraft, SourceSnapshot } from '../asset.js';

/** An asset with nothing said about it but what the test says. */
export function draft(changes: Partial<AssetDraft> & Pick<AssetDraft, 'name'>): AssetDraft {
  const kind = changes.kind ?? 'metric';
  return {
    sourceId: `${kind}.shop.${changes.name}`,
    kind,
    description: '',
    synonyms: [],
    dimensions: [],
    filters: [],
    caveats: [],
    owners: [],
    certified: false,
    status: 'active',
    classification: [],
    tags: [],
    columns: [],
    context: [],
    meta: {},
    provenance: {},
    ...changes,
  };
}

export function snapshot(changes: Partial<SourceSnapshot> = {}): SourceSnapshot {
  return { assets: [], edges: [], signals: [], warnings: [], info: {}, ...changes };
}

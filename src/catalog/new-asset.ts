import type { AssetDraft, AssetKind } from './asset.js';
import { metaLayers } from './meta/layers.js';
import { type MetaFacts, readMetaFacts } from './meta/meta-facts.js';

/** What an asset cannot be without. */
export interface AssetIdentity {
  sourceId: string;
  kind: AssetKind;
  name: string;
}

/** Facts that people wrote by hand beside something, in whichever of the usual spellings. */
export function factsFrom(metas: readonly unknown[], tags: readonly string[], now: Date): MetaFacts {
  return readMetaFacts(metaLayers(...metas), tags, now);
}

/** An asset with its facts; whatever nobody said is absent or empty. */
export function newAsset(
  identity: AssetIdentity,
  fields: Partial<AssetDraft>,
  facts?: MetaFacts,
): AssetDraft {
  return {
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
    ...facts,
    ...fields,
    ...identity,
  };
}

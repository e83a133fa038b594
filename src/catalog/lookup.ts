import type { Asset, AssetKind } from './asset.js';
import { foldName, plainRelation } from './names.js';
import type { Paused } from './turns.js';
import type { ResolveOptions } from './view.js';

export interface Lookup {
  bySourceId: (sourceId: string, source?: string) => Asset | undefined;
  resolve: (text: string, options?: ResolveOptions) => Asset[];
  byName: (name: string, kind?: AssetKind) => Asset[];
  byRelation: (relation: string) => Asset[];
}

type Index = Map<string, Asset[]>;

/** Assets between two pauses: some 10 ms. */
const inOneGo = 1_000;

/** Finding an asset by what it is called. Ranked search is elsewhere (`search/`); this is exact, and says when it is not unique. */
export function* buildLookup(assets: readonly Asset[]): Paused<Lookup> {
  const sourceIds: Index = new Map();
  const relations: Index = new Map();
  const names: Index = new Map();
  const labels: Index = new Map();
  const synonyms: Index = new Map();
  for (const [number, asset] of assets.entries()) {
    if (number % inOneGo === inOneGo - 1) yield;
    add(sourceIds, asset.sourceId, asset);
    add(names, foldName(asset.name), asset);
    if (asset.label !== undefined) add(labels, foldName(asset.label), asset);
    for (const synonym of asset.synonyms) add(synonyms, foldName(synonym), asset);
    for (const suffix of suffixes(asset.relation)) add(relations, suffix, asset);
  }

  const byRelation = (relation: string): Asset[] => [
    ...(relations.get(plainRelation(relation).toLowerCase()) ?? []),
  ];

  return {
    bySourceId: (sourceId, source) =>
      sourceIds.get(sourceId)?.find((asset) => source === undefined || asset.source === source),
    byName: (name, kind) =>
      (names.get(foldName(name)) ?? []).filter(
        (asset) => asset.name === name && (kind === undefined || asset.kind === kind),
      ),
    byRelation,
    resolve: (text, options = {}) => {
      const { kinds, where = () => true } = options;
      const folded = foldName(text);
      const tiers = [
        () => sourceIds.get(text.trim()) ?? [],
        () => (text.includes('.') ? byRelation(text) : []),
        () => names.get(folded) ?? [],
        () => labels.get(folded) ?? [],
        () => synonyms.get(folded) ?? [],
        () => byRelation(text),
      ];
      for (const tier of tiers) {
        const found = tier().filter(
          (asset) => (kinds === undefined || kinds.includes(asset.kind)) && where(asset),
        );
        if (found.length > 0) return found;
      }
      return [];
    },
  };
}

function add(index: Index, key: string, asset: Asset): void {
  if (key === '') return;
  const list = index.get(key);
  if (list === undefined) index.set(key, [asset]);
  else if (!list.includes(asset)) list.push(asset);
}

/** `a.b.c`, `b.c` and `c`: people leave out the database, then the schema. */
function suffixes(relation: string | undefined): string[] {
  if (relation === undefined) return [];
  const parts = plainRelation(relation).toLowerCase().split('.');
  return parts.map((_, start) => parts.slice(start).join('.'));
}

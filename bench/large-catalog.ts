import type { Asset } from '../src/catalog/asset.js';
import { assetId } from '../src/catalog/asset-id.js';
import { newAsset } from '../src/catalog/new-asset.js';

const places = [
  'north',
  'south',
  'east',
  'west',
  'lab',
  'core',
  'edge',
  'retail',
  'wholesale',
  'risk',
  'audit',
  'mobile',
  'web',
  'partner',
  'legacy',
  'pilot',
];

/** A catalog of `size` assets: the given ones again and again, each round under names and words of its own. */
export function enlarge(assets: readonly Asset[], size: number): Asset[] {
  const result: Asset[] = [];
  for (let round = 0; result.length < size && assets.length > 0; round++) {
    const place = places[round % places.length] ?? '';
    const mark = `${place}${Math.floor(round / places.length) || ''}`;
    for (const asset of assets) {
      if (result.length >= size) break;
      const sourceId = `${asset.sourceId}.${mark}`;
      result.push(
        round === 0
          ? asset
          : {
              ...asset,
              id: assetId(asset.source, sourceId),
              sourceId,
              name: `${mark}_${asset.name}`,
              ...(asset.label === undefined ? {} : { label: `${asset.label} ${mark}` }),
              description: `${asset.description} In ${mark} only, code ${(round * 7919 + result.length) % 9973}.`,
              synonyms: asset.synonyms.map((synonym) => `${synonym} ${mark}`),
            },
      );
    }
  }
  return result;
}

/** Tables and their columns as entries of their own, each with a name and what is said of it and no more: a data dictionary. */
export function dictionaryEntries(assets: readonly Asset[]): Asset[] {
  return assets.flatMap((asset) => [
    entryOf(asset, asset.sourceId, asset.name, asset.description),
    ...asset.columns.map(({ name, description }) =>
      entryOf(asset, `${asset.sourceId}.${name}`, name, description),
    ),
  ]);
}

function entryOf(
  { source, sourceId: tableId, kind }: Asset,
  sourceId: string,
  name: string,
  description: string,
): Asset {
  const entry = newAsset({ sourceId, kind: sourceId === tableId ? kind : 'column', name }, { description });
  return { ...entry, id: assetId(source, sourceId), source };
}

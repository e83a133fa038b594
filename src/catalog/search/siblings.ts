import type { Asset } from '../asset.js';

const largestGroup = 40;

/**
 * Names of the assets that are defined beside one: those that share its rarest context (the semantic model, the
 * measure). What people call one of them they often call the others too.
 */
export function makeSiblings(assets: readonly Asset[]): (asset: Asset, doc: number) => string[] {
  const groups = new Map<string, number[]>();
  assets.forEach((asset, doc) => {
    for (const entry of new Set(asset.context)) {
      if (entry.length < 6 || entry.length > 200) continue;
      const group = groups.get(entry);
      if (group === undefined) groups.set(entry, [doc]);
      else if (group.length <= largestGroup) group.push(doc);
    }
  });
  return (asset, doc) => {
    let smallest: number[] = [];
    for (const entry of asset.context) {
      const group = groups.get(entry);
      if (group === undefined || group.length < 2 || group.length > largestGroup) continue;
      if (smallest.length === 0 || group.length > smallest.length) smallest = group;
    }
    const texts: string[] = [];
    for (const other of smallest) if (other !== doc) texts.push(...(assets[other]?.synonyms ?? []));
    return texts;
  };
}

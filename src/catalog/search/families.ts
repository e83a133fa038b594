import type { Asset } from '../asset.js';

/**
 * Variants of one thing: the same kind and the same slug, in another package, on another platform (`platform.metric`,
 * `platform__metric`), or in another version (`orders_v2`). Returns a family number per asset; most are alone in theirs.
 */
export function groupFamilies(assets: readonly Asset[]): Int32Array {
  const numbers = new Map<string, number>();
  const families = new Int32Array(assets.length);
  assets.forEach((asset, doc) => {
    const key = familyKey(asset);
    const known = numbers.get(key);
    families[doc] = known ?? doc;
    if (known === undefined) numbers.set(key, doc);
  });
  return families;
}

/** What variants share: kind, and the label where there is one, else the name without its version. */
export function familyKey(asset: Asset): string {
  const slug = (asset.label ?? asset.name)
    .toLowerCase()
    .replace(/[\s_.-]+/g, ' ')
    .trim();
  const bare = asset.version === undefined ? slug : slug.replace(/ v?\d+$/, '');
  return `${asset.kind} ${bare}`;
}

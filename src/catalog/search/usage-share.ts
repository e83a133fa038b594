import type { CatalogView } from '../view.js';

/** How often an asset is used, 0 to 1 of the most used one; absent means unknown. */
export type UsageShare = (assetId: string) => number | undefined;

/** Of a catalog that says nothing of use. */
export const nothingUsed: UsageShare = () => undefined;

/** A count that is so much older than the newest of the catalog says nothing of today. */
const countsForMs = 30 * 86_400_000;

/**
 * Share of use by what the catalog's `usage` sources counted last. Counted in orders of magnitude, for a few tables take most of the
 * queries: with plain counts all others would be alike.
 */
export function usageShare(view: CatalogView): UsageShare {
  const counts = new Map<string, { uses: number; atMs: number }>();
  let newestMs = 0;
  for (const { id } of view.assets()) {
    // The newest stands first.
    const counted = view.signals(id).find(({ type, name }) => type === 'usage' && name === 'uses');
    if (counted?.value === undefined) continue;
    const atMs = Date.parse(counted.observedAt);
    counts.set(id, { uses: counted.value, atMs });
    newestMs = Math.max(newestMs, atMs);
  }
  for (const [id, { atMs }] of counts) if (newestMs - atMs > countsForMs) counts.delete(id);
  const most = Math.max(0, ...[...counts.values()].map(({ uses }) => uses));
  if (most === 0) return nothingUsed;
  return (id) => {
    const counted = counts.get(id);
    return counted === undefined ? undefined : Math.log1p(counted.uses) / Math.log1p(most);
  };
}

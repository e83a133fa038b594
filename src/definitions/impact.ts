import type { Asset } from '../catalog/asset.js';
import { ownerNames } from '../catalog/owner-names.js';
import type { CatalogView } from '../catalog/view.js';
import type { Impact } from './text.js';

const namedAtMost = 25;

/**
 * Everything that is built from an asset, most important first: named is what the proposer may see, counted what everybody may know of. What a reader may see beyond
 * that is among the named, marked as restricted.
 */
export function impactOf(
  view: CatalogView,
  assetId: string,
  { maySee, knownToAll }: { maySee: (asset: Asset) => boolean; knownToAll: (asset: Asset) => boolean },
): Impact {
  const reached = view.downstream(assetId);
  const known = reached.filter(({ asset }) => knownToAll(asset));
  const named = reached
    .filter(({ asset }) => maySee(asset))
    .sort(
      (a, b) =>
        (a.asset.tier ?? 9) - (b.asset.tier ?? 9) ||
        a.distance - b.distance ||
        a.asset.name.localeCompare(b.asset.name),
    )
    .slice(0, namedAtMost)
    .map(({ asset }) => ({
      assetId: asset.id,
      name: asset.label ?? asset.name,
      kind: asset.kind,
      ...(asset.tier === undefined ? {} : { tier: asset.tier }),
      owners: ownerNames(asset),
      ...(knownToAll(asset) ? {} : { restricted: true as const }),
    }));
  return {
    total: known.length,
    dashboards: known.filter(({ asset }) => asset.kind === 'exposure').length,
    metrics: known.filter(({ asset }) => asset.kind === 'metric').length,
    named,
  };
}

/** The same as one reader may know it. */
export function impactFor(impact: Impact, maySee: (assetId: string) => boolean): Impact {
  const named = impact.named.filter(({ assetId }) => maySee(assetId));
  const restricted = named.filter((one) => one.restricted);
  return {
    total: impact.total + restricted.length,
    dashboards: impact.dashboards + restricted.filter(({ kind }) => kind === 'exposure').length,
    metrics: impact.metrics + restricted.filter(({ kind }) => kind === 'metric').length,
    named,
  };
}

/** `3 dashboards, 2 metrics and 1 other build on it`. */
export function impactSentence(impact: Impact): string {
  if (impact.total === 0) return 'Nothing in the catalog builds on it.';
  const rest = impact.total - impact.dashboards - impact.metrics;
  const parts = [
    count(impact.dashboards, 'dashboard'),
    count(impact.metrics, 'metric'),
    count(rest, 'other asset'),
  ].filter((part) => part !== '');
  return `What builds on it: ${parts.join(', ')}.`;
}

function count(n: number, word: string): string {
  return n === 0 ? '' : `${n} ${word}${n === 1 ? '' : 's'}`;
}

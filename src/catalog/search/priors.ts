import type { Asset } from '../asset.js';
import type { UsageShare } from './usage-share.js';

/**
 * A bounded nudge, about -0.5 to 0.5, from what is known about an asset and not about its words. Ranking multiplies it by a
 * small constant: it reorders near-ties and nothing else.
 */
export function priorOf(asset: Asset, usage: UsageShare): number {
  let prior = 0;
  if (asset.status === 'deprecated') prior -= 0.4;
  if (asset.status === 'draft') prior -= 0.15;
  if (asset.certified) prior += 0.15;
  if (asset.tier !== undefined) prior += asset.tier <= 1 ? 0.15 : asset.tier === 2 ? 0.08 : 0;
  prior += 0.15 * Math.log2(1 + Math.min(1, Math.max(0, usage(asset.id) ?? 0)));
  if (asset.description === '') prior -= 0.05;
  prior += kindPrior[asset.kind];
  return Math.max(-0.5, Math.min(0.5, prior));
}

/** People ask what metrics and terms mean far more often than what a table is. */
const kindPrior: Record<Asset['kind'], number> = {
  metric: 0.1,
  term: 0.1,
  model: -0.05,
  exposure: -0.05,
  pipeline: -0.05,
  source: -0.1,
  column: -0.15,
};

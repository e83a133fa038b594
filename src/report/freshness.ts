import type { Asset, Signal } from '../catalog/asset.js';
import type { StewardConfig } from '../config/steward-schema.js';
import type { Services } from '../services.js';

export interface TierFreshness {
  tier: number;
  /** As steward.yml calls the tier. */
  name: string;
  /** Of the sources that were checked, those that were fresh; null where none was. */
  share: number | null;
  count: number;
}

/**
 * Share of checked sources that were fresh at their newest check, by the tier of what they feed. Where steward.yml promises a freshness for the
 * tier (`tiers[].freshness`), a source that its own check lets pass is fresh only within that promise.
 */
export function freshnessByTier(
  { catalog, config }: Pick<Services, 'catalog' | 'config'>,
  counted: (asset: Asset) => boolean,
): TierFreshness[] {
  const { view } = catalog.current();
  const counts = new Map<number, { fresh: number; all: number }>();
  for (const asset of view.assets().filter(counted)) {
    const newest = view.latestSignals(asset.id).find((signal) => signal.type === 'freshness');
    if (!newest) continue;
    const tiers = [asset, ...view.downstream(asset.id).map((reached) => reached.asset)]
      .filter(counted)
      .flatMap((one) => one.tier ?? []);
    const tier = tiers.length > 0 ? Math.min(...tiers) : 3;
    const entry = counts.get(tier) ?? { fresh: 0, all: 0 };
    entry.all += 1;
    if (isFresh(newest, tierOf(config, tier)?.freshness)) entry.fresh += 1;
    counts.set(tier, entry);
  }
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([tier, { fresh, all }]) => ({
      tier,
      name: tierOf(config, tier)?.name ?? `tier ${tier}`,
      count: all,
      share: all === 0 ? null : fresh / all,
    }));
}

/** @param promisedMs how old the newest row may have been when it was checked, in milliseconds. */
function isFresh({ status, loadedAt, observedAt }: Signal, promisedMs: number | undefined): boolean {
  if (status !== 'pass') return false;
  if (promisedMs === undefined || loadedAt === undefined) return true;
  return Date.parse(observedAt) - Date.parse(loadedAt) <= promisedMs;
}

function tierOf(config: StewardConfig, tier: number): StewardConfig['tiers'][number] | undefined {
  return config.tiers.find((one) => one.tier === tier);
}

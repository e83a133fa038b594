import type { CatalogView } from '../../catalog/view.js';
import type { AlertKind } from '../alerts/alert.js';
import type { Episode } from './episodes.js';
import type { GroupingRules } from './rules.js';

export interface Ancestry {
  /** The likeliest cause of each episode among the others, where there is one. */
  parents: (episodes: readonly Episode[], rules: GroupingRules) => Map<Episode, Episode>;
}

/** How long a consequence usually takes per step of lineage: what a candidate's time is compared with. */
const perStepMs = 12 * 60_000;
/** Costs are in units of this share of the window: at the default of four hours, 40 minutes. */
const toleranceShare = 1 / 6;
/** An unseen step between cause and consequence: most broken tables have a check that says so. */
const costPerStep = 0.3;
/** What a recovered upstream costs as an explanation for something that breaks afterwards. */
const costOfRecovered = 0.9;
/** Late data does not stop a model from running, and only a schema changes a schema. */
const costOfOddKind = 1.2;
/** Above this it is likelier that the episode has a cause of its own. */
const maxCost = 2.6;

export function makeAncestry(view: CatalogView): Ancestry {
  const memo = new Map<string, ReadonlyMap<string, number>>();
  const upstreamOf = (assetId: string): ReadonlyMap<string, number> => {
    const known = memo.get(assetId);
    if (known !== undefined) return known;
    const distances = new Map([[assetId, 0]]);
    for (const { asset, distance } of view.upstream(assetId)) distances.set(asset.id, distance);
    memo.set(assetId, distances);
    return distances;
  };
  return {
    parents(episodes, rules) {
      const byAsset = new Map<string, Episode[]>();
      for (const episode of episodes) {
        if (episode.assetId === null) continue;
        const list = byAsset.get(episode.assetId);
        if (list === undefined) byAsset.set(episode.assetId, [episode]);
        else list.push(episode);
      }
      const parents = new Map<Episode, Episode>();
      for (const episode of episodes) {
        if (episode.assetId === null) continue;
        let best: { episode: Episode; cost: number } | null = null;
        for (const [assetId, distance] of upstreamOf(episode.assetId)) {
          for (const candidate of byAsset.get(assetId) ?? []) {
            const cost = costOf(episode, candidate, distance, rules);
            if (cost === null) continue;
            if (
              best === null ||
              cost < best.cost ||
              (cost === best.cost && candidate.key < best.episode.key)
            ) {
              best = { episode: candidate, cost };
            }
          }
        }
        if (best !== null) parents.set(episode, best.episode);
      }
      return parents;
    },
  };
}

/** How far-fetched it is that `candidate` caused `episode`; null when it cannot have. */
function costOf(episode: Episode, candidate: Episode, distance: number, rules: GroupingRules): number | null {
  if (candidate === episode) return null;
  const after = episode.firstAt - candidate.firstAt;
  if (distance === 0) {
    // On one asset the earlier one leads, so that two of them never lead each other.
    if (after < 0 || (after === 0 && candidate.key > episode.key)) return null;
  } else if (after < -rules.seenBeforeMs) return null;
  if (after > rules.groupWithinMs) return null;
  const late = Math.abs(after - distance * perStepMs) / (rules.groupWithinMs * toleranceShare);
  const recovered = !candidate.open && episode.firstAt > candidate.lastAt ? costOfRecovered : 0;
  const odd = distance > 0 && isOdd(kindOf(candidate), kindOf(episode)) ? costOfOddKind : 0;
  const cost = late + Math.max(0, distance - 1) * costPerStep + recovered + odd;
  return cost > maxCost ? null : cost;
}

function kindOf(episode: Episode): AlertKind {
  return episode.alerts[0]?.alert.kind ?? 'other';
}

function isOdd(cause: AlertKind, consequence: AlertKind): boolean {
  if (consequence === 'schema') return cause !== 'schema';
  return consequence === 'run' && (cause === 'freshness' || cause === 'volume');
}

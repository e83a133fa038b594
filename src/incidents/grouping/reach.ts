import type { CatalogView } from '../../catalog/view.js';
import { byStart, type Episode } from './episodes.js';

/** Steps of lineage between assets, and the episodes at or above one. */
export interface Reach {
  /** Steps from `from` down to `to`; 0 for the same asset, null where there is no way. */
  steps: (from: string, to: string) => number | null;
  /**
   * Episodes on the asset of `episode` and upstream of it that began within this time of it (ms, negative for before), itself left out.
   * Of checks of one asset that saw the same failure only the first is given: a thousand of them are one witness, and a storm stays cheap.
   */
  above: (episode: Episode, fromMs: number, toMs: number) => { episode: Episode; steps: number }[];
}

/** Checks of one asset that fail within this time of each other saw the same failure. */
export const sameFailureMs = 15 * 60_000;

export function makeReach(view: CatalogView, episodes: readonly Episode[]): Reach {
  const witnesses = firstWitnesses(episodes);
  const memo = new Map<string, ReadonlyMap<string, number>>();
  const stepsTo = (assetId: string): ReadonlyMap<string, number> => {
    const known = memo.get(assetId);
    if (known !== undefined) return known;
    const steps = new Map([[assetId, 0]]);
    for (const { asset, distance } of view.upstream(assetId)) steps.set(asset.id, distance);
    memo.set(assetId, steps);
    return steps;
  };
  return {
    steps: (from, to) => stepsTo(to).get(from) ?? null,
    above(episode, fromMs, toMs) {
      const found: { episode: Episode; steps: number }[] = [];
      if (episode.assetId === null) return found;
      for (const [assetId, steps] of stepsTo(episode.assetId)) {
        const list = witnesses.get(assetId) ?? [];
        for (let at = firstFrom(list, episode.firstAt + fromMs); at < list.length; at += 1) {
          const other = list[at];
          if (other === undefined || other.firstAt > episode.firstAt + toMs) break;
          if (other !== episode) found.push({ episode: other, steps });
        }
      }
      return found;
    },
  };
}

function firstWitnesses(episodes: readonly Episode[]): Map<string, Episode[]> {
  const byAsset = new Map<string, Episode[]>();
  const latest = new Map<string, number>();
  for (const episode of [...episodes].sort(byStart)) {
    if (episode.assetId === null) continue;
    const failure = `${episode.assetId} ${episode.kind}`;
    const known = latest.get(failure);
    // Counted from the first, so that a long row of failures has a witness every quarter of an hour.
    if (known !== undefined && episode.firstAt - known <= sameFailureMs) continue;
    latest.set(failure, episode.firstAt);
    const list = byAsset.get(episode.assetId);
    if (list === undefined) byAsset.set(episode.assetId, [episode]);
    else list.push(episode);
  }
  return byAsset;
}

/** Index of the first that began at `at` or later, in a list in the order of their start. */
export function firstFrom(list: readonly Episode[], at: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if ((list[mid]?.firstAt ?? at) < at) low = mid + 1;
    else high = mid;
  }
  return low;
}

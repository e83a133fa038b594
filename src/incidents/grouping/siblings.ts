import type { CatalogView } from '../../catalog/view.js';
import type { Episode } from './episodes.js';
import type { GroupingRules } from './rules.js';

/** Share of an upstream's children that must be in trouble before it is suspected. */
const coverageNeeded = 0.6;
const maxStepsUp = 4;

/**
 * Several tables break at once and their common upstream says nothing: bronze has no test. When most of the children of one upstream
 * are in trouble within the window, that upstream is the cause and they are one. Changes `joined`; returns the suspect per leader.
 */
export function joinSiblings(
  roots: readonly Episode[],
  view: CatalogView,
  rules: GroupingRules,
  joined: Map<Episode, Episode>,
): Map<Episode, string> {
  const suspects = new Map<Episode, string>();
  const below = new Map<string, Set<string>>();
  const downstreamOf = (assetId: string): Set<string> => {
    const known = below.get(assetId);
    if (known !== undefined) return known;
    const ids = new Set([assetId, ...view.downstream(assetId).map(({ asset }) => asset.id)]);
    below.set(assetId, ids);
    return ids;
  };
  const taken = new Set<Episode>();
  for (const [index, leader] of roots.entries()) {
    if (leader.assetId === null || taken.has(leader)) continue;
    const near: Episode[] = [];
    for (const other of roots.slice(index + 1)) {
      if (other.firstAt - leader.firstAt > rules.siblingsWithinMs) break;
      if (other.assetId !== null && !taken.has(other)) near.push(other);
    }
    if (near.length === 0) continue;
    const ancestors = view
      .upstream(leader.assetId, { maxDistance: maxStepsUp })
      .sort(
        (a, b) =>
          a.distance - b.distance ||
          downstreamOf(a.asset.id).size - downstreamOf(b.asset.id).size ||
          (a.asset.id < b.asset.id ? -1 : 1),
      );
    for (const { asset } of ancestors) {
      const under = downstreamOf(asset.id);
      const followers = near.filter((other) => other.assetId !== null && under.has(other.assetId));
      if (followers.length === 0) continue;
      const troubled = new Set([leader, ...followers].map(({ assetId }) => assetId ?? ''));
      const children = view.children(asset.id).map((child) => child.asset.id);
      const hit = children.filter((child) => [...downstreamOf(child)].some((id) => troubled.has(id)));
      if (hit.length < 2 || hit.length / children.length < coverageNeeded) continue;
      suspects.set(leader, asset.id);
      for (const follower of followers) {
        joined.set(follower, leader);
        taken.add(follower);
      }
      break;
    }
  }
  return suspects;
}

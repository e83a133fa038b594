import type { Paused } from '../../catalog/turns.js';
import { betweenPauses } from './board.js';
import type { Episode } from './episodes.js';
import { costOfGoingOn, costOfLink } from './fit.js';
import type { Reach } from './reach.js';
import type { GroupingRules } from './rules.js';

/** The likeliest reason for each episode among the others, where there is one: an upstream, or its own check before. */
export function* likeliestParents(
  episodes: readonly Episode[],
  reach: Reach,
  rules: GroupingRules,
): Paused<Map<Episode, Episode>> {
  const parents = new Map<Episode, Episode>();
  for (const [index, episode] of episodes.entries()) {
    if (index % betweenPauses === 0) yield;
    let best: { episode: Episode; cost: number } | null = null;
    const offer = (candidate: Episode, cost: number | null): void => {
      if (cost === null) return;
      if (best === null || cost < best.cost || (cost === best.cost && candidate.key < best.episode.key))
        best = { episode: candidate, cost };
    };
    if (episode.before !== null) offer(episode.before, costOfGoingOn(episode.before, episode, rules));
    for (const { episode: candidate, steps } of reach.above(
      episode,
      -rules.groupWithinMs,
      rules.seenBeforeMs,
    ))
      offer(candidate, costOfLink(episode, candidate, steps, rules));
    const found = best as { episode: Episode } | null;
    if (found !== null) parents.set(episode, found.episode);
  }
  return parents;
}

import type { Paused } from '../../catalog/turns.js';
import { type Cause, costIn } from './cause.js';
import { byStart, type Episode } from './episodes.js';
import { costOfOwnCause } from './fit.js';
import type { Reach } from './reach.js';
import type { GroupingRules } from './rules.js';

/** Where every episode stands, and what it would cost elsewhere. */
export interface Board {
  causes: Set<Cause>;
  causeOf: (episode: Episode) => Cause | undefined;
  cost: (cause: Cause, episode: Episode) => number;
  /** What the episode costs where it is. */
  costNow: (episode: Episode) => number;
  /** Episodes whose causes might hold it. */
  near: (episode: Episode) => readonly Episode[];
  /** Causes that might hold it, in the order of their start. */
  candidates: (episode: Episode) => Cause[];
  /** Episodes that it might have caused; of the first witness of a failure only. */
  below: (episode: Episode) => readonly Episode[];
  put: (episode: Episode, cause: Cause) => void;
  /** Something about the cause has changed. */
  touch: (cause: Cause) => void;
  /**
   * Whether nothing has changed since `looked` said that there was nothing to do here: neither the cause of `episode` nor those of the others.
   * Most of what broke has found its place after a round or two.
   */
  unchanged: (looks: Looks, episode: Episode, others: readonly Episode[]) => boolean;
  /** Nothing is to be done here, as it stands. */
  looked: (looks: Looks, episode: Episode) => void;
}

/** When each was looked at in vain. */
export type Looks = Map<Episode, number>;

/** So many are looked at between two pauses. */
export const betweenPauses = 64;

export function* makeBoard(
  causes: Set<Cause>,
  episodes: readonly Episode[],
  reach: Reach,
  rules: GroupingRules,
): Paused<Board> {
  const causeOf = new Map<Episode, Cause>();
  for (const cause of causes) for (const member of cause.members) causeOf.set(member, cause);
  const next = new Map<Episode, Episode>();
  for (const episode of episodes) if (episode.before !== null) next.set(episode.before, episode);
  const near = new Map<Episode, Episode[]>();
  const below = new Map<Episode, Episode[]>();
  for (const [index, episode] of episodes.entries()) {
    if (index % betweenPauses === 0) yield;
    const follower = next.get(episode);
    const list = [
      ...(episode.before === null ? [] : [episode.before]),
      ...(follower === undefined ? [] : [follower]),
    ];
    for (const { episode: other } of reach.above(episode, -2 * rules.groupWithinMs, rules.groupWithinMs)) {
      list.push(other);
      const after = episode.firstAt - other.firstAt;
      if (after < -rules.seenBeforeMs || after > rules.groupWithinMs) continue;
      const caused = below.get(other);
      if (caused === undefined) below.set(other, [episode]);
      else caused.push(episode);
    }
    near.set(episode, list);
  }
  const cost = (cause: Cause, episode: Episode) => costIn(cause, episode, reach, rules);
  let now = 0;
  const changedAt = new Map<Cause, number>();
  const touch = (cause: Cause): void => {
    now += 1;
    changedAt.set(cause, now);
  };
  const nearOf = (episode: Episode) => near.get(episode) ?? [];
  return {
    causes,
    causeOf: (episode) => causeOf.get(episode),
    cost,
    costNow(episode) {
      const cause = causeOf.get(episode);
      return cause === undefined || cause.root === episode ? costOfOwnCause : cost(cause, episode);
    },
    near: nearOf,
    candidates(episode) {
      const found = new Set<Cause>();
      for (const other of nearOf(episode)) {
        const cause = causeOf.get(other);
        if (cause !== undefined) found.add(cause);
      }
      return [...found].sort((a, b) => byStart(a.root, b.root));
    },
    below: (episode) => below.get(episode) ?? [],
    put(episode, cause) {
      const from = causeOf.get(episode);
      from?.remove(episode);
      if (from !== undefined) touch(from);
      if (from !== undefined && from.members.size === 0) causes.delete(from);
      cause.add(episode);
      touch(cause);
      causes.add(cause);
      causeOf.set(episode, cause);
    },
    touch,
    unchanged(looks, episode, others) {
      const at = looks.get(episode);
      if (at === undefined) return false;
      const since = (one: Episode): boolean => {
        const cause = causeOf.get(one);
        return cause !== undefined && (changedAt.get(cause) ?? 0) > at;
      };
      return !since(episode) && !others.some(since);
    },
    looked: (looks, episode) => looks.set(episode, now),
  };
}

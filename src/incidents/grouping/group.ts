import type { CatalogView } from '../../catalog/view.js';
import { digest } from '../alerts/alert.js';
import { type Ancestry, makeAncestry } from './ancestry.js';
import { cutEpisodes, type Episode, type PlacedAlert, staleRepeats } from './episodes.js';
import { joinByOwner } from './owners.js';
import type { GroupingRules } from './rules.js';
import { joinSiblings } from './siblings.js';

/** Alerts of one cause. */
export interface AlertGroup {
  /** Same for the same set of alerts, whatever order they came in. */
  key: string;
  /** Most upstream asset that is known to be broken; null when nothing in it is in the catalog. */
  rootAssetId: string | null;
  /** A common upstream that gave no alert itself but whose children broke together. */
  suspectAssetId: string | null;
  fingerprint: string;
  title: string;
  /** Sorted by time. */
  alerts: PlacedAlert[];
  assetIds: string[];
  firstAt: Date;
  lastAt: Date;
  state: 'firing' | 'recovered';
  flaps: number;
  /** Why these belong together, in words. */
  because: string;
}

/**
 * Alerts to causes: same fingerprint, then same lineage within a window, then owner. Pure, and a function of the set of alerts:
 * their order means nothing, only their own times do. Each episode is hung under the likeliest broken upstream, never joined with
 * it by transitivity alone, so that two causes which meet downstream stay two.
 */
export function groupAlerts(
  placed: readonly PlacedAlert[],
  view: CatalogView,
  rules: GroupingRules,
): AlertGroup[] {
  const ancestry = makeAncestry(view);
  const first = groupEpisodes(cutEpisodes(placed, rules), view, rules, ancestry);
  const cuts = staleRepeats([...first.members.values()], rules);
  const last =
    cuts.size === 0 ? first : groupEpisodes(cutEpisodes(placed, rules, cuts), view, rules, ancestry);
  return [...last.members].map(([root, list]) => toGroup(root, list, last.suspects.get(root) ?? null));
}

interface EpisodeGroups {
  members: Map<Episode, Episode[]>;
  suspects: Map<Episode, string>;
}

function groupEpisodes(
  episodes: Episode[],
  view: CatalogView,
  rules: GroupingRules,
  ancestry: Ancestry,
): EpisodeGroups {
  const parentOf = ancestry.parents(episodes, rules);
  const joined = new Map<Episode, Episode>();
  for (const episode of episodes) joined.set(episode, topOf(episode, parentOf));
  const roots = episodes.filter((episode) => joined.get(episode) === episode);
  const suspects = joinSiblings(roots, view, rules, joined);
  joinByOwner(roots, episodes, view, rules, joined);
  const members = new Map<Episode, Episode[]>();
  for (const episode of episodes) {
    const top = resolveTop(episode, joined);
    const list = members.get(top);
    if (list === undefined) members.set(top, [episode]);
    else list.push(episode);
  }
  return { members, suspects };
}

function topOf(episode: Episode, parentOf: ReadonlyMap<Episode, Episode>): Episode {
  const path = new Set<Episode>();
  let current = episode;
  while (true) {
    if (path.has(current)) {
      // Cyclic lineage: the earliest of the circle stands for it.
      return [...path].reduce((a, b) =>
        b.firstAt < a.firstAt || (b.firstAt === a.firstAt && b.key < a.key) ? b : a,
      );
    }
    path.add(current);
    const parent = parentOf.get(current);
    if (parent === undefined) return current;
    current = parent;
  }
}

function resolveTop(episode: Episode, joined: ReadonlyMap<Episode, Episode>): Episode {
  let current = episode;
  for (let steps = 0; steps < joined.size; steps += 1) {
    const next = joined.get(current) ?? current;
    if (next === current) return current;
    current = next;
  }
  return current;
}

function toGroup(root: Episode, episodes: Episode[], suspectAssetId: string | null): AlertGroup {
  const alerts = episodes
    .flatMap((episode) => episode.alerts)
    .sort((a, b) => a.alert.at.getTime() - b.alert.at.getTime() || (a.alert.id < b.alert.id ? -1 : 1));
  const first = root.alerts[0]?.alert;
  const assetIds = [...new Set(episodes.flatMap(({ assetId }) => (assetId === null ? [] : [assetId])))];
  return {
    key: digest(['group', root.key]),
    rootAssetId: root.assetId,
    suspectAssetId,
    fingerprint: root.fingerprint,
    title: first?.title ?? '',
    alerts,
    assetIds,
    firstAt: new Date(Math.min(...episodes.map(({ firstAt }) => firstAt))),
    lastAt: new Date(Math.max(...episodes.map(({ lastAt }) => lastAt))),
    state: episodes.some(({ open }) => open) ? 'firing' : 'recovered',
    flaps: Math.max(...episodes.map(({ flaps }) => flaps)),
    because:
      suspectAssetId !== null
        ? 'siblings of one upstream broke together'
        : episodes.length === 1
          ? 'one check'
          : assetIds.length > 1
            ? 'same lineage within the window'
            : 'same asset, run or owner within the window',
  };
}

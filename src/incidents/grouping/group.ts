import { atOnce, type Paused } from '../../catalog/turns.js';
import type { CatalogView } from '../../catalog/view.js';
import { type AlertSeverity, digest } from '../alerts/alert.js';
import { likeliestParents } from './ancestry.js';
import { beginAt, type Cause, makeCause } from './cause.js';
import { cutEpisodes, type Episode, newestOfEachCheck, type PlacedAlert } from './episodes.js';
import { joinByOwner } from './owners.js';
import { makeReach, type Reach } from './reach.js';
import type { GroupingRules } from './rules.js';
import { settle } from './settle.js';
import { joinSiblings } from './siblings.js';
import { severityOfChecks } from './worst.js';

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
  /** How bad its checks say it is: the worst last word of those that still fire, of all where none does. */
  severity: AlertSeverity;
  /** Why these belong together, in words. */
  because: string;
}

/**
 * Alerts to causes: same fingerprint, then same lineage within a window, then owner. Pure, and a function of the set of alerts:
 * their order means nothing, only their own times do. Each episode is hung under the likeliest broken upstream, siblings under a silent
 * one are joined, and then causes that meet downstream are weighed as wholes, so that two stay two.
 */
export function groupAlerts(
  placed: readonly PlacedAlert[],
  view: CatalogView,
  rules: GroupingRules,
): AlertGroup[] {
  return atOnce(groupingOf(placed, view, rules));
}

/** The same with pauses, for a process that has to answer meanwhile: many thousand different alerts take seconds. */
export function* groupingOf(
  placed: readonly PlacedAlert[],
  view: CatalogView,
  rules: GroupingRules,
): Paused<AlertGroup[]> {
  const episodes = cutEpisodes(placed, rules);
  const reach = makeReach(view, episodes);
  const causes = yield* firstCauses(episodes, view, reach, rules);
  yield* settle(causes, episodes, reach, rules);
  const joined = new Map<Episode, Episode>();
  for (const cause of causes) for (const member of cause.members) joined.set(member, cause.root);
  const roots = episodes.filter((episode) => joined.get(episode) === episode);
  joinByOwner(roots, episodes, view, rules, joined);
  const silent = new Map<Episode, string>();
  for (const cause of causes)
    if (cause.silent && cause.assetId !== null) silent.set(cause.root, cause.assetId);
  return [...gather(episodes, joined)].map(([root, list]) =>
    toGroup(root, list, silent.get(root) ?? null, view),
  );
}

function* firstCauses(
  episodes: readonly Episode[],
  view: CatalogView,
  reach: Reach,
  rules: GroupingRules,
): Paused<Set<Cause>> {
  const parentOf = yield* likeliestParents(episodes, reach, rules);
  const joined = new Map<Episode, Episode>();
  for (const episode of episodes) joined.set(episode, topOf(episode, parentOf));
  const roots = episodes.filter((episode) => joined.get(episode) === episode);
  const suspects = joinSiblings(roots, view, rules, joined);
  const causes = new Set<Cause>();
  for (const [root, members] of gather(episodes, joined)) {
    const cause = makeCause(root, members);
    const suspect = suspects.get(root);
    if (suspect !== undefined) beginAt(cause, suspect, reach);
    causes.add(cause);
  }
  return causes;
}

/** Everything by what it was joined to in the end. */
function gather(
  episodes: readonly Episode[],
  joined: ReadonlyMap<Episode, Episode>,
): Map<Episode, Episode[]> {
  const members = new Map<Episode, Episode[]>();
  for (const episode of episodes) {
    const top = resolveTop(episode, joined);
    const list = members.get(top);
    if (list === undefined) members.set(top, [episode]);
    else list.push(episode);
  }
  return members;
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

function toGroup(
  root: Episode,
  episodes: Episode[],
  suspectAssetId: string | null,
  view: CatalogView,
): AlertGroup {
  const alerts = episodes
    .flatMap((episode) => episode.alerts)
    .sort((a, b) => a.alert.at.getTime() - b.alert.at.getTime() || (a.alert.id < b.alert.id ? -1 : 1));
  const first = root.alerts[0]?.alert;
  const assetIds = [...new Set(episodes.flatMap(({ assetId }) => (assetId === null ? [] : [assetId])))];
  const members = new Set(episodes);
  const newest = [...newestOfEachCheck(episodes).values()];
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
    state: newest.some(({ open }) => open) ? 'firing' : 'recovered',
    flaps: episodes.filter(({ before }) => before !== null && !before.open && members.has(before)).length,
    severity: severityOfChecks(newest),
    because: reasonOf(root, episodes, assetIds, suspectAssetId, view),
  };
}

function reasonOf(
  root: Episode,
  episodes: readonly Episode[],
  assetIds: readonly string[],
  suspectAssetId: string | null,
  view: CatalogView,
): string {
  const nameOf = (id: string): string => view.get(id)?.name ?? 'one table';
  if (suspectAssetId !== null) return `all of it is fed by ${nameOf(suspectAssetId)}, which no check watches`;
  if (new Set(episodes.map(({ fingerprint }) => fingerprint)).size === 1) return 'one check';
  if (root.assetId === null || episodes.some(({ assetId }) => assetId === null))
    return 'same job or owner, at the same time';
  return assetIds.length > 1
    ? `all of it is fed by ${nameOf(root.assetId)}, which broke first`
    : `several checks of ${nameOf(root.assetId)}`;
}

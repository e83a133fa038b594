import type { CatalogView } from '../../catalog/view.js';
import { byStart, type Episode } from './episodes.js';
import { firstFrom } from './reach.js';
import type { GroupingRules } from './rules.js';

/**
 * What is left has no lineage: an alert about something the catalog does not know joins the nearest episode of its own run at that time,
 * one that the catalog knows first, else those of its owner. Changes `joined`. `roots` and `all` are in the order of their start.
 */
export function joinByOwner(
  roots: readonly Episode[],
  all: readonly Episode[],
  view: CatalogView,
  rules: GroupingRules,
  joined: Map<Episode, Episode>,
): void {
  const known = new Map<string, Episode[]>();
  const unknown = new Map<string, Episode[]>();
  for (const episode of all) if (episode.assetId !== null) remember(known, runsOf(episode), episode);
  const leaders = makeLeaders(view);
  for (const episode of roots) {
    if (episode.assetId !== null) {
      leaders.add(episode);
      continue;
    }
    const runs = runsOf(episode);
    const sameRun =
      nearestOfRun(known, runs, episode, rules.groupWithinMs) ??
      nearestOfRun(unknown, runs, episode, rules.groupWithinMs);
    if (sameRun !== null) {
      joined.set(episode, joined.get(sameRun) ?? sameRun);
      continue;
    }
    remember(unknown, runs, episode);
    const leader = leaders.latest(episode, rules.ownerWithinMs);
    if (leader === null) leaders.add(episode);
    else joined.set(episode, leader);
  }
}

function remember(byRun: Map<string, Episode[]>, runs: readonly string[], episode: Episode): void {
  for (const run of runs) {
    const list = byRun.get(run);
    if (list === undefined) byRun.set(run, [episode]);
    else list.push(episode);
  }
}

/** Some tools call every run the same: a run that lasts for days is none. */
function nearestOfRun(
  byRun: ReadonlyMap<string, readonly Episode[]>,
  runs: readonly string[],
  episode: Episode,
  withinMs: number,
): Episode | null {
  let best: Episode | null = null;
  let bestMs = withinMs;
  for (const run of runs) {
    const list = byRun.get(run) ?? [];
    const after = firstFrom(list, episode.firstAt);
    for (const candidate of [list[after - 1], list[after]]) {
      if (candidate === undefined) continue;
      const apartMs = Math.abs(episode.firstAt - candidate.firstAt);
      if (best === null ? apartMs > bestMs : apartMs >= bestMs) continue;
      best = candidate;
      bestMs = apartMs;
    }
  }
  return best;
}

/** The latest leader of each owner; of those without lineage apart, who come first: they are alike in what is unknown. */
function makeLeaders(view: CatalogView) {
  const unknown = new Map<string, Episode>();
  const known = new Map<string, Episode>();
  return {
    add(episode: Episode): void {
      const latest = episode.assetId === null ? unknown : known;
      for (const owner of ownersOf(episode, view)) latest.set(owner, episode);
    },
    latest(episode: Episode, withinMs: number): Episode | null {
      const owners = ownersOf(episode, view);
      return latestOf(unknown, owners, episode, withinMs) ?? latestOf(known, owners, episode, withinMs);
    },
  };
}

function latestOf(
  latest: ReadonlyMap<string, Episode>,
  owners: Iterable<string>,
  episode: Episode,
  withinMs: number,
): Episode | null {
  let best: Episode | null = null;
  for (const owner of owners) {
    const leader = latest.get(owner);
    if (leader === undefined || episode.firstAt - leader.firstAt > withinMs) continue;
    if (best === null || byStart(best, leader) < 0) best = leader;
  }
  return best;
}

function runsOf(episode: Episode): string[] {
  return [...new Set(episode.alerts.flatMap(({ alert }) => (alert.run === null ? [] : [alert.run])))].sort();
}

function ownersOf(episode: Episode, view: CatalogView): Set<string> {
  const owners = episode.alerts.flatMap(({ alert }) => alert.owners);
  if (episode.assetId !== null) {
    for (const owner of view.get(episode.assetId)?.owners ?? []) {
      for (const name of [owner.email, owner.team, owner.name]) if (name !== undefined) owners.push(name);
    }
  }
  return new Set(owners.map((owner) => owner.trim().toLowerCase()).filter((owner) => owner !== ''));
}

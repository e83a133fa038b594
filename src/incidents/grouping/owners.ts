import type { CatalogView } from '../../catalog/view.js';
import type { Episode } from './episodes.js';
import type { GroupingRules } from './rules.js';

/**
 * What is left has no lineage: an alert about something the catalog does not know joins the episodes of its own run at that time, known to the
 * catalog or not, else those of its owner. Changes `joined`.
 */
export function joinByOwner(
  roots: readonly Episode[],
  all: readonly Episode[],
  view: CatalogView,
  rules: GroupingRules,
  joined: Map<Episode, Episode>,
): void {
  const byRun = new Map<string, Episode[]>();
  const remember = (episode: Episode): void => {
    for (const run of runsOf(episode)) {
      const list = byRun.get(run);
      if (list === undefined) byRun.set(run, [episode]);
      else list.push(episode);
    }
  };
  for (const episode of all) if (episode.assetId !== null) remember(episode);
  const leaders: Episode[] = [];
  for (const episode of roots) {
    if (episode.assetId !== null) {
      leaders.push(episode);
      continue;
    }
    // Some tools call every run the same: a run that lasts for days is none.
    const sameRun = runsOf(episode)
      .flatMap((run) => byRun.get(run) ?? [])
      .find(({ firstAt }) => Math.abs(episode.firstAt - firstAt) <= rules.groupWithinMs);
    if (sameRun !== undefined) {
      joined.set(episode, joined.get(sameRun) ?? sameRun);
      continue;
    }
    remember(episode);
    const owners = ownersOf(episode, view);
    const leader = owners.size === 0 ? undefined : nearest(leaders, episode, owners, view, rules);
    if (leader === undefined) leaders.push(episode);
    else joined.set(episode, leader);
  }
}

function nearest(
  leaders: readonly Episode[],
  episode: Episode,
  owners: ReadonlySet<string>,
  view: CatalogView,
  rules: GroupingRules,
): Episode | undefined {
  let best: Episode | undefined;
  for (const leader of leaders) {
    if (episode.firstAt - leader.firstAt > rules.ownerWithinMs) continue;
    if (![...ownersOf(leader, view)].some((owner) => owners.has(owner))) continue;
    // Both without lineage first: they are alike in what is unknown.
    if (
      best === undefined ||
      (best.assetId !== null && leader.assetId === null) ||
      leader.firstAt > best.firstAt
    )
      best = leader;
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

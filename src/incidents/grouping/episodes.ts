import type { Alert } from '../alerts/alert.js';
import type { GroupingRules } from './rules.js';

/** An alert with what the catalog knows of it. */
export interface PlacedAlert {
  alert: Alert;
  assetId: string | null;
}

/** One stretch of trouble of one check: its firings, flaps and recoveries. */
export interface Episode {
  /** Same for the same set of alerts, whatever order they came in. */
  key: string;
  fingerprint: string;
  assetId: string | null;
  alerts: PlacedAlert[];
  firstAt: number;
  lastAt: number;
  /** Recovered and broken again. */
  flaps: number;
  open: boolean;
}

/** A recovery that comes long after is still the end of what it ends. */
const recoveryWithinMs = 30 * 86_400_000;

/**
 * Cuts each fingerprint's history into episodes. A check that recovers and breaks again within the flap window goes on with its
 * episode; one that stays broken goes on as long as it repeats, unless `cuts` (fingerprint and time) says that what it belonged to was
 * over by then. Recoveries of nothing are left out: every passing test is one.
 */
export function cutEpisodes(
  placed: readonly PlacedAlert[],
  rules: GroupingRules,
  cuts: ReadonlySet<string> = new Set(),
): Episode[] {
  const byFingerprint = new Map<string, Map<string, PlacedAlert>>();
  for (const item of placed) {
    const seen = byFingerprint.get(item.alert.fingerprint) ?? new Map<string, PlacedAlert>();
    seen.set(item.alert.id, item);
    byFingerprint.set(item.alert.fingerprint, seen);
  }
  const episodes: Episode[] = [];
  for (const [fingerprint, items] of byFingerprint) {
    let current: Episode | null = null;
    for (const item of [...items.values()].sort(byTime)) {
      const at = item.alert.at.getTime();
      const firing = item.alert.status === 'firing';
      const continues =
        current !== null && belongs(current, at, firing, rules) && !cuts.has(cutKey(fingerprint, at));
      if (current !== null && continues) {
        if (firing && !current.open) current.flaps += 1;
        current.alerts.push(item);
        current.lastAt = at;
        current.open = firing;
        current.assetId ??= item.assetId;
      } else if (firing) {
        current = {
          key: `${fingerprint}@${at}`,
          fingerprint,
          assetId: item.assetId,
          alerts: [item],
          firstAt: at,
          lastAt: at,
          flaps: 0,
          open: true,
        };
        episodes.push(current);
      }
    }
  }
  return episodes.sort((a, b) => a.firstAt - b.firstAt || (a.key < b.key ? -1 : 1));
}

export function cutKey(fingerprint: string, at: number): string {
  return `${fingerprint}@${at}`;
}

/**
 * Where an episode that never said it recovered fires again, long after, while most of what broke with it has recovered: that is a new
 * cause, not the old one. Returns the cuts to make.
 */
export function staleRepeats(groups: readonly (readonly Episode[])[], rules: GroupingRules): Set<string> {
  const cuts = new Set<string>();
  for (const group of groups) {
    if (group.length < 2) continue;
    for (const episode of group) {
      for (const [index, { alert }] of episode.alerts.entries()) {
        const before = episode.alerts[index - 1]?.alert;
        const at = alert.at.getTime();
        if (before?.status !== 'firing' || alert.status !== 'firing') continue;
        if (at - before.at.getTime() <= rules.groupWithinMs) continue;
        const others = group.filter((other) => other !== episode && other.firstAt < at);
        const over = others.filter((other) => recoveredBefore(other, at));
        if (over.length > 0 && over.length * 2 >= others.length) cuts.add(cutKey(episode.fingerprint, at));
      }
    }
  }
  return cuts;
}

function recoveredBefore(episode: Episode, at: number): boolean {
  let status = 'firing';
  for (const { alert } of episode.alerts) if (alert.at.getTime() < at) status = alert.status;
  return status === 'resolved';
}

function belongs(episode: Episode, at: number, firing: boolean, rules: GroupingRules): boolean {
  const gap = at - episode.lastAt;
  if (!firing) return gap <= (episode.open ? recoveryWithinMs : rules.flapWithinMs);
  return gap <= (episode.open ? rules.stillBrokenWithinMs : rules.flapWithinMs);
}

function byTime(a: PlacedAlert, b: PlacedAlert): number {
  return (
    a.alert.at.getTime() - b.alert.at.getTime() ||
    Number(a.alert.status === 'resolved') - Number(b.alert.status === 'resolved') ||
    (a.alert.id < b.alert.id ? -1 : 1)
  );
}

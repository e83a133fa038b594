import type { Alert, AlertKind } from '../alerts/alert.js';
import type { GroupingRules } from './rules.js';

/** An alert with what the catalog knows of it. */
export interface PlacedAlert {
  alert: Alert;
  assetId: string | null;
}

/**
 * One stretch of trouble of one check: from a failure to its recovery, or until it has been quiet for long. A check that breaks again
 * begins another stretch; whether that is the same cause or a new one is decided with everything else that broke.
 */
export interface Episode {
  /** Same for the same set of alerts, whatever order they came in. */
  key: string;
  fingerprint: string;
  assetId: string | null;
  kind: AlertKind;
  alerts: PlacedAlert[];
  firstAt: number;
  lastAt: number;
  /** The same check's stretch before this one, where the two may be one trouble. */
  before: Episode | null;
  /** How many stretches came before it in the same trouble, perhaps. */
  flaps: number;
  open: boolean;
}

/** A recovery that comes long after is still the end of what it ends. */
const recoveryWithinMs = 30 * 86_400_000;

/** Cuts each fingerprint's history into episodes. Recoveries of nothing are left out: every passing test is one. */
export function cutEpisodes(placed: readonly PlacedAlert[], rules: GroupingRules): Episode[] {
  const byFingerprint = new Map<string, Map<string, PlacedAlert>>();
  for (const item of placed) {
    const seen = byFingerprint.get(item.alert.fingerprint) ?? new Map<string, PlacedAlert>();
    // One occurrence that came more than once began when it was first said, whichever delivery came first.
    const known = seen.get(item.alert.id);
    if (known === undefined || item.alert.at < known.alert.at) seen.set(item.alert.id, item);
    byFingerprint.set(item.alert.fingerprint, seen);
  }
  const episodes: Episode[] = [];
  for (const [fingerprint, items] of byFingerprint) {
    let current: Episode | undefined;
    for (const item of [...items.values()].sort(byTime)) {
      const at = item.alert.at.getTime();
      const firing = item.alert.status === 'firing';
      const gap: number = current === undefined ? Number.POSITIVE_INFINITY : at - current.lastAt;
      const goesOn = firing
        ? current?.open === true && gap <= rules.repeatsWithinMs
        : gap <= (current?.open === true ? recoveryWithinMs : rules.flapWithinMs);
      if (current !== undefined && goesOn) {
        current.alerts.push(item);
        current.lastAt = at;
        current.open = firing;
        current.assetId ??= item.assetId;
      } else if (firing) {
        const near: Episode | null =
          current !== undefined && gap <= (current.open ? rules.stillBrokenWithinMs : rules.flapWithinMs)
            ? current
            : null;
        current = {
          key: `${fingerprint}@${at}`,
          fingerprint,
          assetId: item.assetId ?? near?.assetId ?? null,
          kind: item.alert.kind,
          alerts: [item],
          firstAt: at,
          lastAt: at,
          before: near,
          flaps: near === null ? 0 : near.flaps + 1,
          open: true,
        };
        episodes.push(current);
      }
    }
  }
  return episodes.sort(byStart);
}

/** Earlier first; at the same time by key, so that no order of delivery shows. */
export function byStart(a: Episode, b: Episode): number {
  return a.firstAt - b.firstAt || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}

function byTime(a: PlacedAlert, b: PlacedAlert): number {
  return (
    a.alert.at.getTime() - b.alert.at.getTime() ||
    Number(a.alert.status === 'resolved') - Number(b.alert.status === 'resolved') ||
    (a.alert.id < b.alert.id ? -1 : 1)
  );
}

/** The newest stretch of each check, by fingerprint: a check is as that one is. */
export function newestOfEachCheck(episodes: Iterable<Episode>): Map<string, Episode> {
  const newest = new Map<string, Episode>();
  for (const episode of episodes) {
    const known = newest.get(episode.fingerprint);
    if (known === undefined || known.firstAt < episode.firstAt) newest.set(episode.fingerprint, episode);
  }
  return newest;
}

import type { AlertKind } from '../alerts/alert.js';
import { type Episode, newestOfEachCheck } from './episodes.js';
import { costOfDelay, costOfDistance, costOfGoingOn, costOfKinds, perStepMs } from './fit.js';
import { type Reach, sameFailureMs } from './reach.js';
import type { GroupingRules } from './rules.js';

/** What is thought to have gone wrong once, with everything that is put down to it. */
export interface Cause {
  /** The episode that stands for it: the most upstream one. */
  root: Episode;
  /** Where it began: the root's asset, or a silent upstream. */
  assetId: string | null;
  /** When it began. */
  at: number;
  /** Kinds of failure seen where it began; empty where nothing was. */
  kinds: AlertKind[];
  silent: boolean;
  members: ReadonlySet<Episode>;
  add: (episode: Episode) => void;
  remove: (episode: Episode) => void;
  /** What its members say together; counted anew when they change. */
  summary: () => Summary;
}

interface Summary {
  /** Newest stretch of each check. */
  newest: ReadonlyMap<string, Episode>;
  /** When checks recovered, sorted. */
  ends: readonly number[];
  /** When each asset first broke. */
  brokeAt: ReadonlyMap<string, number>;
  goneOn: ReadonlySet<Episode>;
}

/** How long after the others recovered a straggler still belongs to them: checks run when they run. */
const stragglerMs = 45 * 60_000;
const costOfOver = 1.5;
/** Recovering this much before or after the others costs 1. */
const endToleranceMs = 40 * 60_000;
const maxCostOfEnd = 1.5;
/** A cause that nothing saw where it began: rarer than one that something did. */
const costOfSilent = 0.3;

export function makeCause(root: Episode, members: readonly Episode[]): Cause {
  const began = members.filter(
    ({ assetId, firstAt }) => assetId === root.assetId && Math.abs(firstAt - root.firstAt) <= sameFailureMs,
  );
  const held = new Set(members);
  let summary: Summary | null = null;
  return {
    root,
    assetId: root.assetId,
    at: root.firstAt,
    kinds: [...new Set(began.map(({ kind }) => kind))],
    silent: false,
    members: held,
    add(episode) {
      held.add(episode);
      summary = null;
    },
    remove(episode) {
      held.delete(episode);
      summary = null;
    },
    summary() {
      summary ??= summarise(held);
      return summary;
    },
  };
}

function summarise(members: ReadonlySet<Episode>): Summary {
  const newest = newestOfEachCheck(members);
  const brokeAt = new Map<string, number>();
  const goneOn = new Set<Episode>();
  for (const member of members) {
    if (member.assetId !== null)
      brokeAt.set(member.assetId, Math.min(brokeAt.get(member.assetId) ?? member.firstAt, member.firstAt));
    if (member.before !== null) goneOn.add(member.before);
  }
  const ends = [...newest.values()].filter(({ open }) => !open).map(({ lastAt }) => lastAt);
  return { newest, ends: ends.sort((a, b) => a - b), brokeAt, goneOn };
}

/** Puts the beginning at an upstream that said nothing, at the time that its consequences point to. Changes `cause`. */
export function beginAt(cause: Cause, assetId: string, reach: Reach): void {
  cause.assetId = assetId;
  cause.silent = true;
  cause.kinds = [];
  const starts: number[] = [];
  for (const member of cause.members) {
    if (member.before !== null && cause.members.has(member.before)) continue;
    const steps = member.assetId === null ? null : reach.steps(assetId, member.assetId);
    if (steps !== null) starts.push(member.firstAt - steps * perStepMs);
  }
  cause.at = middle(starts) ?? cause.at;
}

/** How far-fetched it is that `episode` belongs to `cause` with its other members; infinite when it cannot. */
export function costIn(cause: Cause, episode: Episode, reach: Reach, rules: GroupingRules): number {
  if (cause.assetId === null || episode.assetId === null) return Number.POSITIVE_INFINITY;
  const steps = reach.steps(cause.assetId, episode.assetId);
  if (steps === null) return Number.POSITIVE_INFINITY;
  const begun = Math.min(goingOn(cause, episode, rules), asConsequence(cause, episode, steps, reach, rules));
  return begun === Number.POSITIVE_INFINITY ? begun : begun + ending(cause, episode);
}

/** The same check was in it before. */
function goingOn(cause: Cause, episode: Episode, rules: GroupingRules): number {
  for (let { before } = episode; before !== null; before = before.before)
    if (cause.members.has(before)) return costOfGoingOn(before, episode, rules);
  return Number.POSITIVE_INFINITY;
}

function asConsequence(
  cause: Cause,
  episode: Episode,
  steps: number,
  reach: Reach,
  rules: GroupingRules,
): number {
  const after = episode.firstAt - cause.at;
  if (after < -rules.seenBeforeMs || after > rules.groupWithinMs) return Number.POSITIVE_INFINITY;
  const odd =
    steps === 0 || cause.kinds.length === 0
      ? 0
      : Math.min(...cause.kinds.map((kind) => costOfKinds(kind, episode.kind)));
  const unseen = nearestMember(cause, episode, reach, rules) ?? steps;
  return costOfDelay(after, steps, rules) + costOfDistance(unseen) + odd + (cause.silent ? costOfSilent : 0);
}

/** What one repair mends recovers together, and nothing more breaks of it. */
function ending(cause: Cause, episode: Episode): number {
  const end = endOfOthers(cause, episode);
  if (end === null) return 0;
  const late = episode.firstAt - end;
  if (late > 0) return late > stragglerMs ? costOfOver : costOfOver / 3;
  const goesOn = cause.summary().goneOn.has(episode);
  return episode.open || goesOn ? 0 : Math.min(maxCostOfEnd, Math.abs(episode.lastAt - end) / endToleranceMs);
}

/** When the other checks recovered, where at least half of them did: the middle of their ends. */
function endOfOthers(cause: Cause, episode: Episode): number | null {
  const { newest, ends } = cause.summary();
  const own = newest.get(episode.fingerprint);
  const others = newest.size - (own === undefined ? 0 : 1);
  const left = own === undefined || own.open ? ends.length : ends.length - 1;
  if (left === 0 || left * 2 < others) return null;
  const at = Math.floor((left - 1) / 2);
  // The middle of the others: one place further where its own end stands before it.
  const skips = own !== undefined && !own.open && ends.indexOf(own.lastAt) <= at;
  return ends[skips ? at + 1 : at] ?? null;
}

/** Steps from the nearest asset above that broke no later, another check of its own among them; null where there is none. */
function nearestMember(cause: Cause, episode: Episode, reach: Reach, rules: GroupingRules): number | null {
  if (episode.assetId === null) return null;
  let nearest: number | null = null;
  for (const [assetId, brokeAt] of cause.summary().brokeAt) {
    if (brokeAt > episode.firstAt + rules.seenBeforeMs) continue;
    if (assetId === episode.assetId && brokeAt >= episode.firstAt) continue;
    const steps = reach.steps(assetId, episode.assetId);
    if (steps !== null && (nearest === null || steps < nearest)) nearest = steps;
  }
  return nearest;
}

function middle(times: number[]): number | null {
  times.sort((a, b) => a - b);
  return times[Math.floor((times.length - 1) / 2)] ?? null;
}

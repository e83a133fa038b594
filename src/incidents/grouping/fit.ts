import type { AlertKind } from '../alerts/alert.js';
import type { Episode } from './episodes.js';
import type { GroupingRules } from './rules.js';

/*
 * What it costs to believe that one thing is behind another. Costs add up, and sums are compared. Pipelines fail along lineage, with a
 * delay per step, and recover together. The exact values matter little: each by itself a third smaller or larger moves precision and
 * recall of generated days by less than a hundredth.
 */

/** How long a consequence usually takes per step of lineage. */
export const perStepMs = 12 * 60_000;
/** What an explanation may cost before it is likelier that there is a cause of its own. */
export const costOfOwnCause = 2.6;
/** Being off by this share of the window costs 1: at the default of four hours, 40 minutes. */
const toleranceShare = 1 / 6;
/** From here on a consequence is late: at the default of four hours, by 48 minutes. */
const costOfLate = 1.2;
/** An unseen step between cause and consequence: most broken tables have a check that says so. */
const costPerStep = 0.3;
/** What a recovered upstream costs as an explanation for something that breaks afterwards. */
const costOfRecovered = 0.9;
/**
 * A kind of failure that this kind of cause hardly makes. Small, for tools call one thing by many names: it decides between two causes, and
 * alone never makes one of its own.
 */
const costOfOddKind = 0.5;
/** Broke again at the end of the flap window, or was silent until the end of a day's run and some. */
const costOfFlap = 1.2;
const costOfSilence = 2;

/**
 * A start so long after the cause's, so many steps below it. Sooner than usual is half as odd as later: checks that run in one batch see
 * everything at once. Once late, later is half as odd: some checks run every two hours.
 */
export function costOfDelay(afterMs: number, steps: number, rules: GroupingRules): number {
  const off = afterMs - steps * perStepMs;
  const cost = (afterMs >= 0 && off < 0 ? -off / 2 : Math.abs(off)) / (rules.groupWithinMs * toleranceShare);
  return cost <= costOfLate ? cost : (cost + costOfLate) / 2;
}

export function costOfDistance(steps: number): number {
  return Math.max(0, steps - 1) * costPerStep;
}

/** A check that is broken again after a quiet time is still in the trouble of `earlier`. One that has flapped is expected to flap. */
export function costOfGoingOn(earlier: Episode, episode: Episode, rules: GroupingRules): number {
  const gap = episode.firstAt - earlier.lastAt;
  return earlier.open
    ? (costOfSilence * gap) / rules.stillBrokenWithinMs
    : (costOfFlap * gap) / (rules.flapWithinMs * (1 + earlier.flaps / 2));
}

/** `candidate`, so many steps above, caused `episode`; null when it cannot have. */
export function costOfLink(
  episode: Episode,
  candidate: Episode,
  steps: number,
  rules: GroupingRules,
): number | null {
  const after = episode.firstAt - candidate.firstAt;
  if (steps === 0) {
    // On one asset the earlier one leads, so that two of them never lead each other.
    if (after < 0 || (after === 0 && candidate.key > episode.key)) return null;
  } else if (after < -rules.seenBeforeMs) return null;
  if (after > rules.groupWithinMs) return null;
  const recovered = !candidate.open && episode.firstAt > candidate.lastAt ? costOfRecovered : 0;
  const odd = steps > 0 ? costOfKinds(candidate.kind, episode.kind) : 0;
  const cost = costOfDelay(after, steps, rules) + costOfDistance(steps) + recovered + odd;
  return cost > costOfOwnCause ? null : cost;
}

/**
 * Only a schema changes a schema; late or missing rows do not stop a model from running; and a table is late because something above
 * it is late or did not run, hardly because of a failed test.
 */
export function costOfKinds(cause: AlertKind, consequence: AlertKind): number {
  if (consequence === 'schema') return cause === 'schema' ? 0 : costOfOddKind;
  if (consequence === 'run') return cause === 'freshness' || cause === 'volume' ? costOfOddKind : 0;
  if (consequence === 'freshness')
    return cause === 'schema' || cause === 'test' || cause === 'volume' ? costOfOddKind / 2 : 0;
  return 0;
}

import type { Asset, Signal } from '../catalog/asset.js';
import { resultsOf, stateOf } from './signal-evidence.js';
import { ageOf, verdictOf } from './trust-table.js';
import type { Verdict, VerdictInput } from './verdict-types.js';
import { nameOf } from './words.js';

type Since = Pick<Verdict, 'since' | 'sinceThen' | 'sinceAtLeast'>;

/** A nightly run that is a little later than the night before leaves no gap worth telling. */
const lapseMs = 2 * 3_600_000;

/** Something that spoke against it, and when that ended. */
interface Ended {
  at: Date;
  /** What a person is told: `test x on y passes again`. */
  what: string;
}

/**
 * Since when nothing speaks against it: when the last thing that did was over (a failing check passed again, a load came again in time, an
 * incident ended). Where none is known, at least since the first result of each kind; nothing where no result is known at all.
 */
export function safeSince(around: readonly Asset[], input: VerdictInput): Since {
  const ended: Ended[] = [];
  const firstByType = new Map<Signal['type'], Date>();
  for (const asset of around) {
    ended.push(...endedNotices(asset, input));
    const signals = input.view.signals(asset.id);
    for (const latest of input.view.latestSignals(asset.id)) {
      const results = resultsOf(signals, latest);
      const recovered = recovery(asset, results, input);
      if (recovered) ended.push(recovered);
      const first = results[0] && new Date(results[0].observedAt);
      const known = firstByType.get(latest.type);
      if (first && !Number.isNaN(first.getTime()) && (known === undefined || first < known))
        firstByType.set(latest.type, first);
    }
  }
  const last = ended.sort((a, b) => b.at.getTime() - a.at.getTime())[0];
  if (last) return { since: last.at.toISOString(), sinceThen: last.what };
  const firsts = [...firstByType.values()].sort((a, b) => b.getTime() - a.getTime());
  return firsts[0] === undefined ? {} : { since: firsts[0].toISOString(), sinceAtLeast: true };
}

function endedNotices(asset: Asset, { noticesOf, now, use, mayName }: VerdictInput): Ended[] {
  return noticesOf(asset.id).flatMap((notice) => {
    if (notice.endsAt === null || notice.endsAt > now) return [];
    const state = notice.private
      ? 'notice: private'
      : notice.level === 'do_not_use'
        ? 'notice: do not use'
        : notice.level === 'caution'
          ? 'notice: caution'
          : 'notice: info';
    if (verdictOf(state, 'current', use) === 'SAFE') return [];
    const what =
      notice.private || !mayName(asset)
        ? 'what was being looked into is over'
        : `${notice.reference} is over`;
    return [{ at: notice.endsAt, what }];
  });
}

/** The newest good result of a check that came after a bad one, or after nobody had looked for too long. */
function recovery(asset: Asset, results: readonly Signal[], input: VerdictInput): Ended | undefined {
  const { use, mayName } = input;
  for (let i = results.length - 1; i > 0; i--) {
    const [before, after] = [results[i - 1], results[i]];
    if (!before || !after) continue;
    const state = stateOf(before);
    const at = new Date(after.observedAt);
    if (state === undefined || Number.isNaN(at.getTime())) continue;
    const limitMs = before.type === 'tie-out' ? input.tieOutMaxAgeMs?.[use] : undefined;
    const name = mayName(asset) ? nameOf(asset) : 'something it is built from';
    if (verdictOf(state, 'current', use) !== 'SAFE')
      return { at, what: recovered(after, name, mayName(asset)) };
    const still = new Date(at.getTime() - lapseMs);
    if (verdictOf(state, ageOf(new Date(before.observedAt), still, limitMs), use) !== 'SAFE')
      return { at, what: `${name} was checked again` };
  }
  return undefined;
}

function recovered({ type, name: check }: Signal, name: string, mayName: boolean): string {
  if (type === 'freshness') return `${name} is on time again`;
  if (type === 'run') return `the run of ${name} succeeded again`;
  if (type === 'tie-out') return mayName ? `tie-out ${check} holds again` : 'a tie-out holds again';
  return mayName ? `test ${check} on ${name} passes again` : `a test on ${name} passes again`;
}

/** " since 2026-11-17 05:50 UTC (INC-3 is over)"; empty where it is not known. */
export function sinceInWords({ since, sinceThen, sinceAtLeast }: Since): string {
  if (since === undefined) return '';
  const at = `${since.slice(0, 16).replace('T', ' ')} UTC`;
  return `${sinceAtLeast ? ' at least' : ''} since ${at}${sinceThen === undefined ? '' : ` (${sinceThen})`}`;
}

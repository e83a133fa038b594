import type { Asset, Signal } from '../catalog/asset.js';
import type { Use } from './intent.js';
import { ageLimitsHours, ageOf, type EvidenceState, verdictOf } from './trust-table.js';
import type { Evidence, VerdictInput } from './verdict-types.js';
import { agoInWords, nameOf, rowsInWords } from './words.js';

function hoursInWords(ms: number): string {
  const hours = Math.round(ms / 360_000) / 10;
  return hours >= 48 && hours % 24 === 0 ? `${hours / 24} days` : hours === 1 ? '1 hour' : `${hours} hours`;
}

/** What a measurement says, as the truth table calls it; undefined when it says nothing. */
export function stateOf(signal: Signal): EvidenceState | undefined {
  const { type, status } = signal;
  if (status === 'skipped' || status === 'unknown') return undefined;
  if (type === 'test') {
    if (status === 'pass') return 'tests: passed';
    if (status === 'warn') return 'tests: warned';
    return status === 'error' ? 'tests: error' : 'tests: failed';
  }
  if (type === 'freshness') {
    if (status === 'pass') return 'freshness: on time';
    return status === 'warn' ? 'freshness: warned' : 'freshness: late';
  }
  if (type === 'run') return status === 'pass' || status === 'warn' ? 'run: succeeded' : 'run: failed';
  if (type === 'tie-out') return status === 'pass' ? 'tie-out: holds' : 'tie-out: broken';
  return undefined;
}

/** What the newest measurement of a check allows, and since when. */
export function fromSignal(asset: Asset, signal: Signal, input: VerdictInput): Evidence | undefined {
  const { now, use, mayName } = input;
  const state = stateOf(signal);
  if (state === undefined) return undefined;
  const observed = new Date(signal.observedAt);
  if (Number.isNaN(observed.getTime())) return undefined;
  const limitMs = signal.type === 'tie-out' ? input.tieOutMaxAgeMs?.[use] : undefined;
  const age = ageOf(observed, now, limitMs);
  const tooOld =
    limitMs !== undefined && age !== 'current' && signal.status === 'pass'
      ? ` For ${use} it may be at most ${hoursInWords(limitMs)} old.`
      : '';
  const verdict = verdictOf(state, age, use);
  const began = verdict === 'SAFE' ? {} : beganAt(asset, signal, state, input, limitMs);
  return {
    ...began,
    state,
    age,
    verdict,
    text: `${signalSentence(asset, signal, mayName(asset), now, age === 'current')}${tooOld}`,
    since: observed.toISOString(),
    assetId: asset.id,
  };
}

/** An old look at the freshness says how it was then. */
function signalSentence(asset: Asset, signal: Signal, mayName: boolean, now: Date, current: boolean): string {
  const where = mayName ? nameOf(asset) : 'something it is built from';
  const when = agoInWords(signal.observedAt, now);
  const failing = signal.status === 'fail' || signal.status === 'error';
  switch (signal.type) {
    case 'freshness': {
      const loaded = signal.loadedAt === undefined ? '' : `, newest data ${agoInWords(signal.loadedAt, now)}`;
      const word = signal.status === 'pass' ? 'on time' : signal.status === 'warn' ? 'getting late' : 'late';
      return `${where} ${current ? 'is' : 'was'} ${word}${loaded} (${current ? 'checked' : 'last checked'} ${when}).`;
    }
    case 'run':
      return `The run of ${where} ${failing ? 'failed' : 'succeeded'} ${when}.`;
    case 'tie-out':
      return `Tie-out ${mayName ? signal.name : ''} ${failing ? 'is broken' : 'holds'}${signal.message === undefined ? '' : `: ${signal.message}`} (checked ${when}).`;
    default: {
      const count =
        signal.value !== undefined && signal.value > 0 && failing
          ? ` with ${rowsInWords(signal.value, 'failing ')}`
          : '';
      const word = failing ? 'failed' : signal.status === 'warn' ? 'warned' : 'passed';
      return `Test ${mayName ? `${signal.name} on ` : 'on '}${where} ${word}${count} ${when}.`;
    }
  }
}

const hourMs = 3_600_000;

/** Since when a check speaks against it: the first bad result in a row, or when a good one became too old to count. */
function beganAt(
  asset: Asset,
  signal: Signal,
  state: EvidenceState,
  { view, use, readBackTo }: VerdictInput,
  limitMs: number | undefined,
): Pick<Evidence, 'began' | 'beganAtLeast'> {
  if (verdictOf(state, 'current', use) === 'SAFE') {
    const tooOldMs =
      verdictOf(state, 'old', use) === 'SAFE'
        ? ageLimitsHours.old * hourMs
        : (limitMs ?? ageLimitsHours.current * hourMs);
    return { began: new Date(new Date(signal.observedAt).getTime() + tooOldMs).toISOString() };
  }
  const earlier = resultsOf(view.signals(asset.id), signal);
  const lastGood = earlier.findLastIndex((one) => !isBad(one, use));
  const at = new Date(earlier[lastGood + 1]?.observedAt ?? signal.observedAt);
  if (Number.isNaN(at.getTime())) return {};
  const unread = lastGood === -1 && readBackTo?.(asset.id) !== undefined;
  return { began: at.toISOString(), ...(unread ? { beganAtLeast: true } : {}) };
}

function isBad(signal: Signal, use: Use): boolean {
  const state = stateOf(signal);
  return state !== undefined && verdictOf(state, 'current', use) !== 'SAFE';
}

/** The results of one check that say something, oldest first. */
export function resultsOf(signals: readonly Signal[], check: Signal): Signal[] {
  return signals
    .filter(
      (one) =>
        one.type === check.type &&
        one.name === check.name &&
        one.columnName === check.columnName &&
        stateOf(one) !== undefined,
    )
    .sort((a, b) => a.observedAt.localeCompare(b.observedAt));
}

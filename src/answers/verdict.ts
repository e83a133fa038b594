import type { Asset, Signal } from '../catalog/asset.js';
import type { CatalogView } from '../catalog/view.js';
import type { Use } from './intent.js';
import { inForce, type NoticesOf } from './notices.js';
import {
  type Age,
  ageOf,
  type EvidenceState,
  type VerdictWord,
  verdictOf,
  verdicts,
  worse,
} from './trust-table.js';
import { agoInWords, nameOf, rowsInWords } from './words.js';

/** One piece of evidence and what it allows. */
export interface Evidence {
  state: EvidenceState;
  age: Age;
  verdict: VerdictWord;
  /** One sentence that says what was seen, where and when. */
  text: string;
  /** When it was seen, ISO time; absent for what has no time. */
  since?: string;
  /** The asset it was seen on. */
  assetId: string;
  reference?: string;
}

export interface Verdict {
  verdict: VerdictWord;
  use: Use;
  /** Evidence worse than SAFE, worst and newest first. */
  reasons: Evidence[];
  /** Evidence that speaks for it. */
  support: Evidence[];
  /** Since when the verdict is as bad as it is, ISO time. */
  since?: string;
  useInstead?: string;
}

export interface VerdictInput {
  view: CatalogView;
  noticesOf: NoticesOf;
  now: Date;
  use: Use;
  /** Hidden assets give evidence without a name. */
  mayName: (asset: Asset) => boolean;
  /** Newest tie-out that a use accepts as current, by policy (`catalog.tieOutMaxAge`). */
  tieOutMaxAgeMs?: TieOutMaxAge | undefined;
}

/** Milliseconds; a use that is not named takes the table's own limit. */
export type TieOutMaxAge = Partial<Record<Use, number>>;

/** Upstream assets whose signals are read; more would cost time and say the same. */
const upstreamLimit = 400;

/** Verdict for one asset, from its own signals and from everything it is built from. */
export function judge(asset: Asset, input: VerdictInput): Verdict {
  const { view, use } = input;
  const around = [
    asset,
    ...view
      .upstream(asset.id)
      .slice(0, upstreamLimit)
      .map((one) => one.asset),
  ];
  const evidence: Evidence[] = [...standing(asset, input), ...notices(asset, around, input)];
  let tests = 0;
  let fresh = 0;
  let tieOuts = 0;
  for (const one of around) {
    for (const signal of view.latestSignals(one.id)) {
      if (signal.type === 'test') tests++;
      if (signal.type === 'freshness' || (signal.type === 'run' && signal.status === 'pass')) fresh++;
      if (signal.type === 'tie-out') tieOuts++;
      const piece = fromSignal(one, signal, input);
      if (piece) evidence.push(piece);
    }
  }
  const add = (state: EvidenceState, text: string): void => {
    evidence.push({
      state,
      age: 'current',
      verdict: verdictOf(state, 'current', use),
      text,
      assetId: asset.id,
    });
  };
  if (asset.kind !== 'term') {
    if (tests === 0) add('tests: missing', 'No test result is known for it or for what it is built from.');
    if (fresh === 0) add('freshness: missing', 'Nothing says how fresh its data is.');
    if (tieOuts === 0) add('tie-out: missing', 'No tie-out against another system is known.');
  }
  if (asset.owners.length === 0) add('owner: missing', 'It has no owner.');
  return summarise(evidence, use, asset, around, input);
}

function summarise(
  evidence: readonly Evidence[],
  use: Use,
  asset: Asset,
  around: readonly Asset[],
  input: VerdictInput,
): Verdict {
  const verdict = evidence.reduce<VerdictWord>((worst, one) => worse(worst, one.verdict), 'SAFE');
  const order = (one: Evidence): number => verdicts.indexOf(one.verdict);
  const reasons = oncePerSentence(evidence)
    .filter((one) => one.verdict !== 'SAFE')
    .sort((a, b) => order(a) - order(b) || (b.since ?? '').localeCompare(a.since ?? ''));
  const support = evidence.filter((one) => one.verdict === 'SAFE' && !one.state.endsWith('missing'));
  const since = reasons
    .filter((one) => one.verdict === verdict && one.since !== undefined)
    .map((one) => one.since ?? '')
    .sort()[0];
  const result: Verdict = { verdict, use, reasons, support };
  if (since !== undefined) result.since = since;
  const instead = asset.successor ?? noticeSuggestion(around, input);
  if (verdict !== 'SAFE' && instead !== undefined) result.useInstead = instead;
  return result;
}

/** A check that stands on a mart and on its staging model says one thing, once. */
function oncePerSentence(evidence: readonly Evidence[]): Evidence[] {
  const said = new Set<string>();
  return evidence.filter((one) => {
    if (said.has(one.text)) return false;
    said.add(one.text);
    return true;
  });
}

function noticeSuggestion(around: readonly Asset[], input: VerdictInput): string | undefined {
  for (const one of around) {
    for (const notice of input.noticesOf(one.id)) {
      if (inForce(notice, input.now) && notice.useInstead !== null && !notice.private)
        return notice.useInstead;
    }
  }
  return undefined;
}

function standing(asset: Asset, { use, now }: VerdictInput): Evidence[] {
  const found: Evidence[] = [];
  const add = (state: EvidenceState, text: string): void => {
    found.push({ state, age: 'current', verdict: verdictOf(state, 'current', use), text, assetId: asset.id });
  };
  if (asset.status === 'deprecated') {
    const instead = asset.successor === undefined ? '' : ` Use ${asset.successor} instead.`;
    const over =
      asset.deprecatedOn !== undefined && asset.deprecatedOn.slice(0, 10) < now.toISOString().slice(0, 10);
    if (over)
      add(
        'deprecated: past its last day',
        `It is deprecated, and its last day was ${asset.deprecatedOn?.slice(0, 10)}.${instead}`,
      );
    else
      add(
        'deprecated',
        `It is deprecated${asset.deprecatedOn === undefined ? '' : ` until ${asset.deprecatedOn.slice(0, 10)}`}.${instead}`,
      );
  }
  if (asset.status === 'draft') add('draft', 'Its definition is a draft.');
  return found;
}

function notices(
  asset: Asset,
  around: readonly Asset[],
  { noticesOf, now, use, mayName }: VerdictInput,
): Evidence[] {
  const found: Evidence[] = [];
  const seen = new Set<string>();
  for (const one of around) {
    for (const notice of noticesOf(one.id)) {
      if (!inForce(notice, now) || seen.has(notice.reference)) continue;
      seen.add(notice.reference);
      const state: EvidenceState = notice.private
        ? 'notice: private'
        : notice.level === 'do_not_use'
          ? 'notice: do not use'
          : notice.level === 'caution'
            ? 'notice: caution'
            : 'notice: info';
      const where = one.id === asset.id || !mayName(one) ? '' : ` on ${nameOf(one)}`;
      const eta =
        notice.eta === null
          ? ''
          : ` Expected to be over ${notice.eta.toISOString().slice(0, 16).replace('T', ' ')} UTC.`;
      const piece: Evidence = {
        state,
        age: 'current',
        verdict: verdictOf(state, 'current', use),
        text: notice.private
          ? 'Something it is built from is being looked into.'
          : `${notice.reference}${where}: ${notice.summary}${/[.!?]$/.test(notice.summary) ? '' : '.'}${eta}`,
        since: notice.startsAt.toISOString(),
        assetId: one.id,
      };
      if (!notice.private) piece.reference = notice.reference;
      found.push(piece);
    }
  }
  return found;
}

function hoursInWords(ms: number): string {
  const hours = Math.round(ms / 360_000) / 10;
  return hours >= 48 && hours % 24 === 0 ? `${hours / 24} days` : hours === 1 ? '1 hour' : `${hours} hours`;
}

function stateOf(signal: Signal): EvidenceState | undefined {
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

function fromSignal(asset: Asset, signal: Signal, input: VerdictInput): Evidence | undefined {
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
  return {
    state,
    age,
    verdict: verdictOf(state, age, use),
    text: `${signalSentence(asset, signal, mayName(asset), now)}${tooOld}`,
    since: observed.toISOString(),
    assetId: asset.id,
  };
}

function signalSentence(asset: Asset, signal: Signal, mayName: boolean, now: Date): string {
  const where = mayName ? nameOf(asset) : 'something it is built from';
  const when = agoInWords(signal.observedAt, now);
  const failing = signal.status === 'fail' || signal.status === 'error';
  switch (signal.type) {
    case 'freshness': {
      const loaded = signal.loadedAt === undefined ? '' : `, newest data ${agoInWords(signal.loadedAt, now)}`;
      const word =
        signal.status === 'pass' ? 'is on time' : signal.status === 'warn' ? 'is getting late' : 'is late';
      return `${where} ${word}${loaded} (checked ${when}).`;
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

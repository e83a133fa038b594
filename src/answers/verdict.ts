import type { Asset } from '../catalog/asset.js';
import { utcWords } from '../utc-words.js';
import type { Use } from './intent.js';
import { inForce } from './notices.js';
import { fromSignal } from './signal-evidence.js';
import { safeSince } from './since.js';
import { type EvidenceState, type VerdictWord, verdictOf, verdicts, worse } from './trust-table.js';
import type { Evidence, Verdict, VerdictInput } from './verdict-types.js';
import { nameOf } from './words.js';

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
  const result: Verdict = { verdict, use, reasons, support };
  if (verdict === 'SAFE') Object.assign(result, safeSince(around, input));
  else {
    Object.assign(result, badSince(reasons.filter((one) => one.verdict === verdict)));
  }
  const instead = asset.successor ?? noticeSuggestion(around, input);
  if (verdict !== 'SAFE' && instead !== undefined) result.useInstead = instead;
  return result;
}

/** The longest of what speaks against it; unknown as soon as one of them has no known beginning, for it may be older than the rest. */
function badSince(worst: readonly Evidence[]): Pick<Verdict, 'since' | 'sinceAtLeast'> {
  const began = worst.map((one) => one.began);
  const since = began.every((at) => at !== undefined) ? began.sort()[0] : undefined;
  if (since === undefined) return {};
  return { since, ...(worst.some((one) => one.beganAtLeast) ? { sinceAtLeast: true } : {}) };
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
      const eta = notice.eta === null ? '' : ` Expected to be over ${utcWords(notice.eta)}.`;
      const piece: Evidence = {
        state,
        age: 'current',
        verdict: verdictOf(state, 'current', use),
        text: notice.private
          ? 'Something it is built from is being looked into.'
          : `${notice.reference}${where}: ${notice.summary}${/[.!?]$/.test(notice.summary) ? '' : '.'}${eta}`,
        since: notice.startsAt.toISOString(),
        began: notice.startsAt.toISOString(),
        assetId: one.id,
      };
      if (!notice.private) piece.reference = notice.reference;
      found.push(piece);
    }
  }
  return found;
}

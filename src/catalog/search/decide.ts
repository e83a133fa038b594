import type { AssetKind } from '../asset.js';
import { alikeEnough } from './identifiers.js';
import { keyOrigins, type SearchIndex } from './index-types.js';
import type { Candidate, Ranked } from './search.js';

/** What may be said: one thing, which of up to five, or that it is not there. */
export type Decision =
  | { outcome: 'answered'; chosen: Candidate; confidence: number; reason: 'exact' | 'likely' }
  | {
      outcome: 'ambiguous';
      offered: Candidate[];
      confidence: number;
      reason: 'same-name' | 'family' | 'unsure';
    }
  | { outcome: 'unknown'; nearest: Candidate[]; confidence: number };

/**
 * Thresholds on probabilities, one set for every catalog: every input is a share of the question's own information, so a
 * catalog of 70 assets and one of 100,000 are measured alike. Fitted on held-out questions (bench/).
 */
export const thresholds = { answer: 0.5, ask: 0.42, familyTie: 0.04, covered: 0.65 };

/** Most candidates that are offered. */
export const offeredLimit = 5;

/**
 * Logistic model: is the first candidate the right one? Fitted on the sets of bench/question-sets.ts and on the same questions
 * with their answer taken out of the catalog, which weigh most: a wrong answer costs more than asking back.
 */
export const answerModel = {
  constant: -5.6,
  own: 2.31,
  ownSquared: 0.39,
  phrase: 4.31,
  phraseSquared: 3.11,
  both: -0.87,
  margin: 5.99,
  text: -1.02,
  order: -0.31,
  short: 2.14,
  naming: -3.67,
  rival: -2.11,
  unseen: 1.86,
};
/** Logistic model: is the right one among the first five? */
export const askModel = { constant: -2.19, own: 2.91, phrase: 2.5, unseen: -1.72 };

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/**
 * Decides from the ranking alone. Pure.
 * @param preferred kinds that fit the question: a metric and a table of the same name need no asking back then.
 */
export function decide(index: SearchIndex, ranked: Ranked, preferred: readonly AssetKind[] = []): Decision {
  const [best] = ranked.candidates;
  if (best?.features.exact) return decideExact(index, ranked, best, preferred);
  if (best === undefined || ranked.question.units.length === 0) {
    return { outcome: 'unknown', nearest: ranked.candidates.slice(0, offeredLimit), confidence: 0 };
  }
  const spelled = decideSpelled(ranked);
  if (spelled) return spelled;

  const family = ranked.candidates.filter((one) => sameFamily(index, one, best));
  const rivals = ranked.candidates.filter((one) => !sameFamily(index, one, best));
  const confidence = confidenceOf(ranked, best, rivals);
  const tied = family.filter((one) => best.score - one.score < thresholds.familyTie);
  // no word of the question stands in the catalog, nor what it means in a name: the lexicon alone speaks for it
  const isGuess =
    best.features.naming === 0 && ranked.question.units.every(({ found }) => found === 'related');
  if (confidence >= thresholds.answer && best.features.own >= thresholds.covered && !isGuess) {
    if (tied.length > 1) {
      return { outcome: 'ambiguous', offered: tied.slice(0, offeredLimit), confidence, reason: 'family' };
    }
    return { outcome: 'answered', chosen: best, confidence, reason: 'likely' };
  }
  if (askConfidence(ranked, best) >= thresholds.ask) {
    const reason = tied.length > 1 ? 'family' : 'unsure';
    return { outcome: 'ambiguous', offered: ranked.candidates.slice(0, offeredLimit), confidence, reason };
  }
  return { outcome: 'unknown', nearest: ranked.candidates.slice(0, offeredLimit), confidence };
}

/**
 * Who spells an identifier means that one thing: what is called nearly so is offered, never taken for it. A table that nothing is
 * called like is unknown; other identifiers may be a column's, and are looked for by their words.
 */
function decideSpelled(ranked: Ranked): Decision | undefined {
  const { identifier } = ranked.question;
  if (identifier === undefined) return undefined;
  const offered = ranked.candidates
    .filter((one) => one.features.spelled >= alikeEnough)
    .slice(0, offeredLimit);
  if (offered.length > 0) return { outcome: 'ambiguous', offered, confidence: 0, reason: 'unsure' };
  if (!identifier.isTable) return undefined;
  return { outcome: 'unknown', nearest: ranked.candidates.slice(0, offeredLimit), confidence: 0 };
}

/** A key that leads to one asset always wins; one that leads to several is asked about. */
function decideExact(
  index: SearchIndex,
  ranked: Ranked,
  best: Candidate,
  preferred: readonly AssetKind[],
): Decision {
  const strength = (one: Candidate): number => keyOrigins.indexOf(one.features.exact?.origin ?? 'acronym');
  const same = ranked.candidates.filter((one) => one.features.exact && strength(one) === strength(best));
  const ofKinds = (kinds: readonly AssetKind[]): Candidate[] =>
    same.filter((one) => kinds.includes(index.kinds[one.doc] ?? 'metric'));
  const group =
    [
      ofKinds(ranked.question.kindHint),
      ofKinds(preferred),
      metricsOfTerms(index, ranked, same, preferred),
      same,
    ].find((one) => one.length > 0) ?? same;
  const [only] = group;
  if (group.length === 1 && only !== undefined) {
    return { outcome: 'answered', chosen: only, confidence: 1, reason: 'exact' };
  }
  const families = new Set(group.map((one) => index.families[one.doc]));
  const reason = families.size === 1 ? 'family' : 'same-name';
  return { outcome: 'ambiguous', offered: group.slice(0, offeredLimit), confidence: 1, reason };
}

/** A term of a glossary has no number, and none that changed: where one is asked for, a metric that is declared to be called so too is meant. */
function metricsOfTerms(
  index: SearchIndex,
  ranked: Ranked,
  same: readonly Candidate[],
  preferred: readonly AssetKind[],
): Candidate[] {
  const isKind = (one: Candidate, kind: AssetKind): boolean => index.kinds[one.doc] === kind;
  if (!preferred.includes('metric') || preferred.includes('term')) return [];
  if (!same.every((one) => isKind(one, 'term'))) return [];
  return declared(ranked).filter((one) => isKind(one, 'metric'));
}

/** What is declared to be called, word for word, as the question says: by its name, its label or a synonym. */
export function declared(ranked: Ranked): Candidate[] {
  return ranked.candidates.filter(({ features }) => features.exact && features.exact.origin !== 'acronym');
}

function sameFamily(index: SearchIndex, one: Candidate, other: Candidate): boolean {
  return index.families[one.doc] === index.families[other.doc];
}

/** Probability that the first candidate is what was meant, 0 to 1. */
export function confidenceOf(ranked: Ranked, best: Candidate, rivals: readonly Candidate[]): number {
  const { features } = best;
  const second = rivals[0]?.score ?? 0;
  const rivalNaming = rivals
    .slice(0, offeredLimit)
    .reduce((most, one) => Math.max(most, one.features.naming), 0);
  const m = answerModel;
  return logistic(
    m.constant +
      m.own * features.own +
      m.ownSquared * features.own ** 2 +
      m.phrase * features.phrase +
      m.phraseSquared * features.phrase ** 2 +
      m.both * features.own * features.phrase +
      m.unseen * ranked.unseen +
      m.margin * Math.min(0.4, (best.score - second) / Math.max(best.score, 0.01)) +
      m.text * features.text +
      m.order * features.order +
      m.short * (1 / Math.max(1, ranked.question.units.length)) +
      m.naming * features.naming +
      m.rival * (rivalNaming - features.naming),
  );
}

/** Probability that the right thing is among the first five, 0 to 1. */
export function askConfidence(ranked: Ranked, best: Candidate): number {
  const { features } = best;
  const m = askModel;
  return logistic(m.constant + m.own * features.own + m.phrase * features.phrase + m.unseen * ranked.unseen);
}

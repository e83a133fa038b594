import { nameLikeness } from './identifiers.js';
import { type KeyOrigin, namingMask, ownMask, type SearchIndex } from './index-types.js';
import { type Answers, running } from './passage.js';
import type { ParsedQuestion } from './question.js';

/** What speaks for a candidate. All between 0 and 1 unless said otherwise. */
export interface Features {
  /** Set when the question is a key of this asset: the whole question, word for word or folded. */
  exact?: { origin: KeyOrigin; spelling: 'strict' | 'folded' };
  /** BM25F against the most that this question could get. */
  text: number;
  /** Share of the question's information found in name, label or one of the synonyms. */
  naming: number;
  /** Share of the question's information found anywhere in the asset. */
  anywhere: number;
  /** The same without what its neighbours are called: only this counts when it is decided whether to answer. */
  own: number;
  /** Likeness of the question to the nearest single name of the asset, both ways. */
  phrase: number;
  /** Share of neighbouring question words that are neighbours in that name too. */
  order: number;
  /** Share of the question that is, as one run, a key of this asset. */
  span: number;
  /** Share of neighbouring question words that are neighbours in the description too. */
  running: number;
  /** How much of an identifier that nothing is called the name shares; 0 where the question holds none. */
  spelled: number;
  /** -0.5 to 0.5. */
  prior: number;
}

/** Position of an asset in a term's postings, or -1. */
function find(index: SearchIndex, term: number, doc: number): number {
  let low = index.postingStart[term] ?? 0;
  let high = (index.postingStart[term + 1] ?? 0) - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = index.postingDoc[middle] ?? 0;
    if (at === doc) return middle;
    if (at < doc) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Everything but `exact` and `span`, which are known from the keys. */
export function describe(
  index: SearchIndex,
  doc: number,
  parsed: ParsedQuestion,
  answers: Answers,
  total: number,
): Features {
  let naming = 0;
  let anywhere = 0;
  let own = 0;
  let exactText = 0;
  for (const unit of parsed.units) {
    let bestNaming = 0;
    let bestAnywhere = 0;
    let bestOwn = 0;
    let bestText = 0;
    for (const { term, weight } of unit.alternatives) {
      const at = find(index, term, doc);
      if (at < 0) continue;
      const mask = index.postingMask[at] ?? 0;
      if (weight > bestAnywhere) bestAnywhere = weight;
      if (weight > bestOwn && (mask & ownMask) !== 0) bestOwn = weight;
      bestText = Math.max(bestText, weight * (index.postingWeight[at] ?? 0));
      if ((mask & namingMask) !== 0 && weight > bestNaming) bestNaming = weight;
    }
    naming += unit.idf * bestNaming;
    anywhere += unit.idf * bestAnywhere;
    own += unit.idf * bestOwn;
    exactText += unit.idf * bestText;
  }
  const divisor = Math.max(total, 1e-6);
  const near = nearestPhrase(index, doc, parsed, divisor);
  return {
    text: exactText / divisor,
    naming: naming / divisor,
    anywhere: anywhere / divisor,
    own: own / divisor,
    phrase: near.likeness,
    order: near.order,
    running: running(index, doc, parsed.units, answers),
    span: 0,
    spelled:
      parsed.identifier === undefined ? 0 : nameLikeness(parsed.identifier.name, index.names[doc] ?? ''),
    prior: index.priors[doc] ?? 0,
  };
}

/** How much more covering the question counts than covering the name (squared F-measure beta). */
const beta = 0.7;

/** Compares the question with each name, label and synonym of an asset, one at a time. */
function nearestPhrase(
  index: SearchIndex,
  doc: number,
  parsed: ParsedQuestion,
  total: number,
): { likeness: number; order: number } {
  let likeness = 0;
  let order = 0;
  const until = index.phraseOf[doc + 1] ?? 0;
  for (let phrase = index.phraseOf[doc] ?? 0; phrase < until; phrase++) {
    const from = index.phraseStart[phrase] ?? 0;
    const to = index.phraseStart[phrase + 1] ?? 0;
    let asked = 0;
    let neighbours = 0;
    let lastAt = -2;
    const matched = new Float32Array(to - from);
    for (const unit of parsed.units) {
      let best = 0;
      let bestAt = -2;
      for (const { term, weight } of unit.alternatives) {
        for (let i = from; i < to; i++) {
          if (index.phraseTerms[i] !== term) continue;
          if (weight > (matched[i - from] ?? 0)) matched[i - from] = weight;
          if (weight > best) {
            best = weight;
            bestAt = i;
          }
        }
      }
      asked += unit.idf * best;
      if (bestAt >= 0 && bestAt === lastAt + 1) neighbours++;
      lastAt = bestAt;
    }
    if (asked === 0) continue;
    let named = 0;
    let length = 0;
    for (let i = from; i < to; i++) {
      const idf = Math.max(0.05, index.idf[index.phraseTerms[i] ?? 0] ?? 0);
      length += idf;
      named += idf * (matched[i - from] ?? 0);
    }
    const recall = asked / total;
    const precision = named / Math.max(length, 1e-6);

    const score = ((1 + beta) * recall * precision) / Math.max(beta * precision + recall, 1e-6);
    const pairs = Math.max(1, parsed.units.length - 1);
    if (score > likeness) {
      likeness = score;
      order = parsed.units.length === 1 ? 1 : neighbours / pairs;
    }
  }
  return { likeness, order };
}

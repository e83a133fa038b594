import type { AssetKind } from '../asset.js';
import { type KeyOrigin, keyOrigins, namingMask, ownMask, type SearchIndex } from './index-types.js';
import { lookUp } from './key-table.js';
import { type ParsedQuestion, parseQuestion, type Unit } from './question.js';
import { spellingOf } from './spelling.js';

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
  /** -0.5 to 0.5. */
  prior: number;
}

export interface Candidate {
  doc: number;
  id: string;
  score: number;
  features: Features;
}

export interface Ranked {
  question: ParsedQuestion;
  /** Best first. */
  candidates: Candidate[];
  /** Share of the question's information in words that the catalog has never seen. */
  unseen: number;
}

export interface SearchOptions {
  limit?: number;
  /** Teams of whoever asks: their own things win near-ties. */
  askerTeams?: readonly string[];
  /** Kinds that fit the question; others are moved behind near-ties. */
  preferredKinds?: readonly AssetKind[];
  /** Leaves assets out before anything is counted, as if the catalog did not hold them. */
  admit?: (assetId: string) => boolean;
}

/** Weights of the features in the score, found by cross-validation (bench/). */
export const weights = {
  text: 1.2,
  /** Every word found somewhere: what a description tells in full beats a name that holds half of it. */
  complete: 0.4,
  phrase: 1,
  order: 0.15,
  span: 0.2,
  prior: 0.05,
  exactStrict: 10,
  exactFolded: 6,
  originStep: 0.5,
  preferredKind: 0.06,
  kindHint: 0.12,
  askerTeam: 0.03,
  /** How much more covering the question counts than covering the name (squared F-measure beta). */
  beta: 0.7,
  /** First pass: what a match through another word is worth. */
  softening: 0.6,
};

/** Candidates of the first pass that are looked at closely. */
const shortlist = 120;

/** Ranks the assets of an index for a question. Pure; the same input gives the same order. */
export function search(index: SearchIndex, question: string, options: SearchOptions = {}): Ranked {
  const parsed = parseQuestion(index, question);
  const admitted = options.admit;
  const admit = admitted ? (doc: number) => admitted(index.ids[doc] ?? '') : () => true;
  const total = parsed.units.reduce((sum, unit) => sum + unit.idf, 0);
  const exact = exactHits(index, parsed, admit);
  const spans = spanHits(index, parsed, total, admit);
  const firstPass = scoreAll(index, parsed.units);
  const docs = new Set([...exact.keys()].slice(0, 60));
  for (const doc of spans.keys()) docs.add(doc);
  for (const doc of topDocs(firstPass, shortlist, admit)) docs.add(doc);
  const candidates: Candidate[] = [];
  for (const doc of docs) {
    const features = describe(index, doc, parsed, total);
    features.span = spans.get(doc) ?? 0;
    const hit = exact.get(doc);
    if (hit) features.exact = hit;
    candidates.push({
      doc,
      id: index.ids[doc] ?? '',
      score: scoreOf(index, doc, features, parsed, options),
      features,
    });
  }
  candidates.sort((a, b) => b.score - a.score || a.doc - b.doc);
  const unseen = parsed.units.reduce((sum, unit) => sum + (unit.found === 'unseen' ? unit.idf : 0), 0);
  return {
    question: parsed,
    candidates: candidates.slice(0, options.limit ?? 10),
    unseen: total > 0 ? unseen / total : 1,
  };
}

function scoreOf(
  index: SearchIndex,
  doc: number,
  features: Features,
  parsed: ParsedQuestion,
  options: SearchOptions,
): number {
  let score =
    weights.text * features.text +
    weights.complete * features.anywhere ** 4 +
    weights.phrase * features.phrase +
    weights.order * features.order +
    weights.span * features.span +
    weights.prior * features.prior;
  const kind = index.kinds[doc];
  if (options.preferredKinds && kind !== undefined && options.preferredKinds.includes(kind)) {
    score += weights.preferredKind;
  }
  if (kind !== undefined && parsed.kindHint.includes(kind)) score += weights.kindHint;
  const teams = index.teams[doc] ?? '';
  if (teams !== '' && options.askerTeams?.some((team) => teams.split(' ').includes(team.toLowerCase()))) {
    score += weights.askerTeam;
  }
  if (features.exact) {
    score += features.exact.spelling === 'strict' ? weights.exactStrict : weights.exactFolded;
    score -= weights.originStep * keyOrigins.indexOf(features.exact.origin);
  }
  return score;
}

type Admit = (doc: number) => boolean;

function exactHits(
  index: SearchIndex,
  parsed: ParsedQuestion,
  admit: Admit,
): Map<number, NonNullable<Features['exact']>> {
  const hits = new Map<number, NonNullable<Features['exact']>>();
  const readings = parsed.readings.map(({ words, terms }) => ({
    spelling: spellingOf(words),
    ids: idsOf(index, terms),
  }));
  for (const spelling of ['strict', 'folded'] as const) {
    for (const reading of readings) {
      if (!reading.ids) continue;
      for (const entry of lookUp(index.keys, reading.ids)) {
        if (spelling === 'strict' && entry.spelling !== reading.spelling) continue;
        const origin = keyOrigins[entry.origin] ?? 'synonym';
        const known = hits.get(entry.doc);
        if ((!known || keyOrigins.indexOf(known.origin) > entry.origin) && admit(entry.doc))
          hits.set(entry.doc, { origin, spelling });
      }
      if (hits.size > 0) return hits;
    }
  }
  return hits;
}

/** Term numbers of a reading; undefined when the catalog lacks one of them, for then it is no key. */
function idsOf(index: SearchIndex, terms: readonly string[]): number[] | undefined {
  const ids: number[] = [];
  for (const term of terms) {
    const id = index.vocabulary.get(term);
    if (id === undefined) return undefined;
    ids.push(id);
  }
  return ids;
}

/** Keys inside the question: longest runs first, each word used once. Value: share of the question they cover. */
function spanHits(
  index: SearchIndex,
  parsed: ParsedQuestion,
  total: number,
  admit: Admit,
): Map<number, number> {
  const found = new Map<number, number>();
  const terms = parsed.terms;
  const idfOf = new Map(parsed.units.map((unit) => [unit.text, unit.idf]));
  const used = new Uint8Array(terms.length);
  for (let length = Math.min(12, terms.length); length >= 1; length--) {
    for (let from = 0; from + length <= terms.length; from++) {
      if (used.subarray(from, from + length).some((flag) => flag === 1)) continue;
      const span = terms.slice(from, from + length);
      const ids = idsOf(index, span);
      if (!ids) continue;
      const entries = lookUp(index.keys, ids, 40).filter((entry) => admit(entry.doc));
      if (entries.length === 0) continue;
      used.fill(1, from, from + length);
      const mass = span.reduce((sum, term) => sum + (idfOf.get(term) ?? 0), 0) / Math.max(total, 1e-6);
      for (const { doc } of entries) found.set(doc, Math.max(found.get(doc) ?? 0, Math.min(1, mass)));
    }
  }
  return found;
}

/** First pass: BM25F of every asset at once, in one dense array. */
function scoreAll(index: SearchIndex, units: readonly Unit[]): Float32Array {
  const scores = new Float32Array(index.ids.length);
  const { postingStart, postingDoc, postingWeight } = index;
  for (const unit of units) {
    for (const { term, weight } of unit.alternatives) {
      const gain = weight * unit.idf * (weight < 1 ? weights.softening : 1);
      const to = postingStart[term + 1] ?? 0;
      for (let i = postingStart[term] ?? 0; i < to; i++) {
        const doc = postingDoc[i] as number;
        scores[doc] = (scores[doc] as number) + gain * (postingWeight[i] as number);
      }
    }
  }
  return scores;
}

/** Positions of the highest scores, by a small heap kept as two arrays. */
function topDocs(scores: Float32Array, limit: number, admit: Admit): number[] {
  const heapScore: number[] = [];
  const heapDoc: number[] = [];
  let floor = 0;
  for (let doc = 0; doc < scores.length; doc++) {
    const score = scores[doc] as number;
    if (score <= floor || !admit(doc)) continue;
    if (heapDoc.length < limit) {
      heapScore.push(score);
      heapDoc.push(doc);
      siftUp(heapScore, heapDoc, heapDoc.length - 1);
    } else {
      heapScore[0] = score;
      heapDoc[0] = doc;
      siftDown(heapScore, heapDoc);
    }
    if (heapDoc.length === limit) floor = heapScore[0] ?? 0;
  }
  return heapDoc;
}

function swap(scores: number[], docs: number[], a: number, b: number): void {
  const score = scores[a] ?? 0;
  const doc = docs[a] ?? 0;
  scores[a] = scores[b] ?? 0;
  docs[a] = docs[b] ?? 0;
  scores[b] = score;
  docs[b] = doc;
}

function siftUp(scores: number[], docs: number[], start: number): void {
  let at = start;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if ((scores[parent] ?? 0) <= (scores[at] ?? 0)) return;
    swap(scores, docs, at, parent);
    at = parent;
  }
}

function siftDown(scores: number[], docs: number[]): void {
  let at = 0;
  for (;;) {
    const left = at * 2 + 1;
    if (left >= scores.length) return;
    const right = left + 1;
    const child = right < scores.length && (scores[right] ?? 0) < (scores[left] ?? 0) ? right : left;
    if ((scores[at] ?? 0) <= (scores[child] ?? 0)) return;
    swap(scores, docs, at, child);
    at = child;
  }
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

function describe(index: SearchIndex, doc: number, parsed: ParsedQuestion, total: number): Features {
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
    span: 0,
    prior: index.priors[doc] ?? 0,
  };
}

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
    const { beta } = weights;
    const score = ((1 + beta) * recall * precision) / Math.max(beta * precision + recall, 1e-6);
    const pairs = Math.max(1, parsed.units.length - 1);
    if (score > likeness) {
      likeness = score;
      order = parsed.units.length === 1 ? 1 : neighbours / pairs;
    }
  }
  return { likeness, order };
}

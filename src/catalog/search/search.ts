import type { AssetKind } from '../asset.js';
import { describe, type Features } from './features.js';
import { type Admit, scoreAll, topDocs } from './first-pass.js';
import { tableKinds } from './identifiers.js';
import { keyOrigins, type SearchIndex } from './index-types.js';
import { lookUp } from './key-table.js';
import { answersOf } from './passage.js';
import { type ParsedQuestion, parseQuestion } from './question.js';
import { spellingOf } from './spelling.js';

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
  text: 1.6,
  /** Every word found somewhere: what a description tells in full beats a name that holds half of it. */
  complete: 0.6,
  phrase: 1,
  order: 0.15,
  span: 0.1,
  /** Neighbours in the question that are neighbours in the description: somebody says it as it is written there. */
  running: 0.2,
  prior: 0.05,
  exactStrict: 10,
  exactFolded: 6,
  originStep: 0.5,
  preferredKind: 0.06,
  kindHint: 0.12,
  askerTeam: 0.03,
  /** A name that shares what was spelt as an identifier, and a table where it was spelt as one. */
  spelled: 2,
  spelledTable: 1.5,
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
  const answers = answersOf(parsed.units);
  const candidates: Candidate[] = [];
  for (const doc of docs) {
    const features = describe(index, doc, parsed, answers, total);
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
    weights.running * (features.exact ? 0 : features.running) +
    weights.prior * features.prior;
  const kind = index.kinds[doc];
  if (options.preferredKinds && kind !== undefined && options.preferredKinds.includes(kind)) {
    score += weights.preferredKind;
  }
  if (kind !== undefined && parsed.kindHint.includes(kind)) score += weights.kindHint;
  score += weights.spelled * features.spelled;
  if (parsed.identifier?.isTable && kind !== undefined && tableKinds.includes(kind))
    score += weights.spelledTable * Math.min(1, 2 * features.spelled);
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

import type { Asset } from '../asset.js';
import { learnAssociations, type TrainingPair } from './associations.js';
import { groupFamilies } from './families.js';
import { makeIntList } from './growable.js';
import { fields, type SearchIndex } from './index-types.js';
import { makeKeyTableBuilder, spellingOf } from './key-table.js';
import { priorOf, type UsageShare } from './priors.js';
import { makeSiblings } from './siblings.js';
import { definedAcronyms, initials } from './text/acronyms.js';
import { splitWords } from './text/split.js';
import { everywhere } from './text/stopwords.js';
import { makeTokeniser } from './tokeniser.js';

/** Weight of each field, and how strongly a long field is discounted (BM25F's b). Found by cross-validation (bench/). */
export const fieldWeight = [1.3, 5, 1.1, 3, 0.2, 0.4, 1.5, 0.4];
export const fieldNorm = [0.65, 0.65, 0.5, 0.9, 0.8, 0.8, 0.7, 0.8];
const saturation = 1.6;
/** Terms of one field that are read: a table of 2,000 columns must not drown the catalog. */
const fieldTermLimit = [40, 40, 160, 180, 80, 200, 140, 100];
/** Assets that teach word associations; more would slow a large catalog and teach the same. */
const teachingLimit = 4000;

/** "Monthly Recurring Revenue (MRR)" is known by both. */
const inBrackets = /^([^()]{3,80})\(([A-Za-z0-9/ -]{2,40})\)\s*$/;

const nothingUsed: UsageShare = () => undefined;

/**
 * Builds the search index of a catalog: pure, in-process, about 20 µs an asset. The asset list may be empty.
 * @param usage share of use per asset, 0 to 1, where it is known.
 */
export function buildIndex(assets: readonly Asset[], usage: UsageShare = nothingUsed): SearchIndex {
  const startedAt = performance.now();
  const tokeniser = makeTokeniser();
  const { vocabulary, terms } = tokeniser;

  const tokens = makeIntList(1 << 16);
  const fieldCount = fields.length;
  const fieldEnd = new Int32Array(assets.length * fieldCount);
  const phraseOf = new Int32Array(assets.length + 1);
  const phraseStart = makeIntList();
  const phraseTerms = makeIntList();
  const phraseOrigin = makeIntList();
  const keys = makeKeyTableBuilder();
  const taughtAcronyms = new Map<string, number[]>();
  const teaching: TrainingPair[] = [];
  const totals = new Float64Array(fieldCount);

  const idsOf = (text: string): number[] => {
    const ids: number[] = [];
    tokeniser.read(text, (id) => {
      ids.push(id);
      return true;
    });
    return ids;
  };
  const readPhrase = (text: string, doc: number, origin: number, budget: number): number[] => {
    const bracketed = origin === 2 || !text.includes('(') ? null : inBrackets.exec(text);
    if (bracketed) {
      for (const part of [bracketed[1] ?? '', bracketed[2] ?? '']) {
        keys.add(idsOf(part), spellingOf(splitWords(part)), doc, origin);
      }
    }
    const words = splitWords(text);
    const ids = idsOf(text);
    keys.add(ids, spellingOf(words), doc, origin);
    if (words.length >= 3 && words.length <= 7) {
      for (const acronym of initials(words, everywhere)) keys.add([tokeniser.idOf(acronym)], 0, doc, 3);
    }
    phraseStart.push(phraseTerms.length());
    phraseOrigin.push(origin);
    if (ids.length > budget) ids.length = budget;
    for (const id of ids) {
      phraseTerms.push(id);
      tokens.push(id);
    }
    return ids;
  };
  const readText = (texts: readonly string[], budget: number): void => {
    let left = budget;
    const take = (id: number): boolean => {
      if (left <= 0) return false;
      left--;
      tokens.push(id);
      return true;
    };
    for (const text of texts) {
      if (left <= 0) return;
      if (text !== '') tokeniser.read(text, take);
    }
  };

  const siblings = makeSiblings(assets);
  assets.forEach((asset, doc) => {
    phraseOf[doc] = phraseOrigin.length();
    let before = tokens.length();
    const endField = (field: number): void => {
      const end = tokens.length();
      fieldEnd[doc * fieldCount + field] = end;
      totals[field] = (totals[field] ?? 0) + end - before;
      before = end;
    };
    const limit = (field: number): number => fieldTermLimit[field] ?? 0;
    const named: number[][] = [readPhrase(asset.name, doc, 0, limit(0))];
    endField(0);
    if (asset.label !== undefined && asset.label !== asset.name)
      named.push(readPhrase(asset.label, doc, 1, limit(1)));
    endField(1);
    for (const synonym of asset.synonyms.slice(0, 60)) named.push(readPhrase(synonym, doc, 2, 24));
    endField(2);
    readText([asset.description], limit(3));
    endField(3);
    readText(asset.dimensions, limit(4));
    endField(4);
    readText(columnTexts(asset), limit(5));
    endField(5);
    readText(contextTexts(asset), limit(6));
    endField(6);
    readText(siblings(asset, doc), limit(7));
    endField(7);
    for (const [acronym, words] of definedAcronyms(asset.label ?? '', asset.description)) {
      if (!taughtAcronyms.has(acronym)) taughtAcronyms.set(acronym, idsOf(words.join(' ')));
    }
    if (teaching.length < teachingLimit * 2 && asset.synonyms.length > 0) collectTeaching(named, teaching);
  });
  phraseOf[assets.length] = phraseOrigin.length();
  phraseStart.push(phraseTerms.length());

  const postings = makePostings(tokens.done(), fieldEnd, totals, assets.length, terms.length);
  const associations = learnAssociations(teaching, terms.length);
  return {
    ids: assets.map((asset) => asset.id),
    sourceIds: assets.map((asset) => asset.sourceId),
    names: assets.map((asset) => asset.name),
    kinds: assets.map((asset) => asset.kind),
    teams: assets.map((asset) =>
      asset.owners
        .map((owner) => owner.team ?? '')
        .join(' ')
        .toLowerCase()
        .trim(),
    ),
    priors: Float32Array.from(assets, (asset) => priorOf(asset, usage)),
    families: groupFamilies(assets),
    vocabulary,
    terms,
    ...postings,
    phraseOf,
    phraseStart: phraseStart.done(),
    phraseTerms: phraseTerms.done(),
    phraseOrigin: Uint8Array.from(phraseOrigin.done()),
    keys: keys.done(),
    taughtAcronyms,
    assocStart: associations.start,
    assocTerm: associations.term,
    assocWeight: associations.weight,
    builtInMs: performance.now() - startedAt,
  };
}

function columnTexts(asset: Asset): string[] {
  const columns = asset.columns.length > 120 ? asset.columns.slice(0, 120) : asset.columns;
  const texts = columns.map((column) => column.name);
  for (const column of columns) if (column.description !== '') texts.push(column.description.slice(0, 120));
  return texts;
}

function contextTexts(asset: Asset): string[] {
  const texts = [...asset.context];
  if (asset.formula) texts.push(asset.formula.expression.slice(0, 300), asset.formula.inputs.join(' '));
  if (asset.domain !== undefined) texts.push(asset.domain);
  if (asset.path !== undefined) texts.push(asset.path.replace(/\.\w+$/, ''));
  if (asset.timeDimension !== undefined) texts.push(asset.timeDimension);
  if (asset.grain !== undefined) texts.push(asset.grain);
  if (asset.unit !== undefined) texts.push(asset.unit);
  texts.push(asset.tags.join(' '));
  return texts;
}

function collectTeaching(named: readonly number[][], into: TrainingPair[]): void {
  for (let i = 0; i < Math.min(named.length, 8); i++) {
    const asked = named[i] ?? [];
    const others = new Set<number>();
    for (let j = 0; j < named.length; j++) if (j !== i) for (const term of named[j] ?? []) others.add(term);
    if (asked.length > 0 && others.size > 0)
      into.push({ asked: [...new Set(asked)], named: [...others].slice(0, 30) });
  }
}

type Postings = Pick<
  SearchIndex,
  'idf' | 'naming' | 'postingStart' | 'postingDoc' | 'postingWeight' | 'postingMask'
>;

function makePostings(
  tokens: Int32Array,
  fieldEnd: Int32Array,
  totals: Float64Array,
  docCount: number,
  termCount: number,
): Postings {
  const fieldCount = fields.length;
  const average = Array.from(totals, (total) => Math.max(1, total / Math.max(1, docCount)));
  const weightOf = new Float32Array(termCount);
  const maskOf = new Uint8Array(termCount);
  const naming = new Uint8Array(termCount);
  const frequency = new Int32Array(termCount + 1);
  const pairTerm = makeIntList(1 << 16);
  const pairDoc = makeIntList(1 << 16);
  const pairMask = makeIntList(1 << 16);
  let pairWeight = new Float32Array(1 << 16);
  const touched: number[] = [];
  let position = 0;
  for (let doc = 0; doc < docCount; doc++) {
    touched.length = 0;
    for (let field = 0; field < fieldCount; field++) {
      const end = fieldEnd[doc * fieldCount + field] ?? 0;
      const length = end - position;
      const norm = fieldNorm[field] ?? 0;
      const gain = (fieldWeight[field] ?? 0) / (1 - norm + (norm * length) / (average[field] ?? 1));
      for (; position < end; position++) {
        const term = tokens[position] ?? 0;
        if (maskOf[term] === 0) touched.push(term);
        maskOf[term] = (maskOf[term] ?? 0) | (1 << field);
        weightOf[term] = (weightOf[term] ?? 0) + gain;
      }
    }
    for (const term of touched) {
      const weight = weightOf[term] ?? 0;
      const mask = maskOf[term] ?? 0;
      const at = pairTerm.length();
      if (at === pairWeight.length) {
        const larger = new Float32Array(at * 2);
        larger.set(pairWeight);
        pairWeight = larger;
      }
      pairWeight[at] = weight / (weight + saturation);
      pairTerm.push(term);
      pairDoc.push(doc);
      pairMask.push(mask);
      frequency[term + 1] = (frequency[term + 1] ?? 0) + 1;
      if ((mask & 0b111) !== 0) naming[term] = 1;
      weightOf[term] = 0;
      maskOf[term] = 0;
    }
  }
  const idf = new Float32Array(termCount);
  const scale = Math.log(1 + docCount);
  for (let term = 0; term < termCount; term++) {
    const df = frequency[term + 1] ?? 0;
    idf[term] = Math.log(1 + (docCount - df + 0.5) / (df + 0.5)) / Math.max(scale, 1);
    frequency[term + 1] = df + (frequency[term] ?? 0);
  }
  const total = pairTerm.length();
  const termOf = pairTerm.done();
  const docOf = pairDoc.done();
  const masks = pairMask.done();
  const fill = frequency.slice();
  const postingDoc = new Int32Array(total);
  const postingWeight = new Float32Array(total);
  const postingMask = new Uint8Array(total);
  for (let i = 0; i < total; i++) {
    const term = termOf[i] ?? 0;
    const at = fill[term] ?? 0;
    fill[term] = at + 1;
    postingDoc[at] = docOf[i] ?? 0;
    postingWeight[at] = pairWeight[i] ?? 0;
    postingMask[at] = masks[i] ?? 0;
  }
  return { idf, naming, postingStart: frequency, postingDoc, postingWeight, postingMask };
}

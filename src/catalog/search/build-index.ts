import type { Asset } from '../asset.js';
import { assetFacts } from './asset-facts.js';
import { eachColumnText, eachContextText } from './asset-texts.js';
import { learnAssociations, type TrainingPair } from './associations.js';
import { groupFamilies } from './families.js';
import { makeIntList } from './growable.js';
import { fields, type SearchIndex } from './index-types.js';
import { makeKeyTableBuilder } from './key-table.js';
import { makePostings } from './postings.js';
import { makeSiblings } from './siblings.js';
import { smallName } from './small-words.js';
import { definedAcronyms, initials, spelledOut } from './text/acronyms.js';
import { splitWords } from './text/split.js';
import { makeTextPool } from './text-pool.js';
import { makeTokeniser, type Reading } from './tokeniser.js';
import { nothingUsed, type UsageShare } from './usage-share.js';

/** Terms of one field that are read: a table of 2,000 columns must not drown the catalog. */
const fieldTermLimit = [40, 40, 160, 180, 80, 200, 140, 100];
/** Assets that teach word associations; more would slow a large catalog and teach the same. */
const teachingLimit = 4000;
/** Assets after which the room for all is estimated. */
const sampled = 4096;
const synonymLimit = 60;
const synonymTermLimit = 24;

/** "Monthly Recurring Revenue (MRR)" is known by both. */
const inBrackets = /^([^()]{3,80})\(([A-Za-z0-9/ -]{2,40})\)\s*$/;

/**
 * Builds the search index of a catalog: pure, in-process; 26 µs for a name with a description, 130 µs for an asset with all that is said around it. The asset list may be empty.
 * @param usage share of use per asset, 0 to 1, where it is known.
 */
export function buildIndex(assets: readonly Asset[], usage: UsageShare = nothingUsed): SearchIndex {
  const startedAt = performance.now();
  const tokeniser = makeTokeniser();
  const append = makeTextPool(tokeniser);
  const fieldCount = fields.length;

  const tokens = makeIntList(1 << 16);
  const fieldEnd = new Int32Array(assets.length * fieldCount);
  const totals = new Float64Array(fieldCount);
  const phraseOf = new Int32Array(assets.length + 1);
  const toldOf = new Int32Array(assets.length + 1);
  const toldTerms = makeIntList();
  const phraseStart = makeIntList();
  const phraseTerms = makeIntList();
  const phraseOrigin = makeIntList();
  const keys = makeKeyTableBuilder();
  const taughtAcronyms = new Map<string, number[]>();
  const teaching: TrainingPair[] = [];

  const addReading = (text: string, reading: Reading, doc: number, origin: number): void => {
    const small = reading.count > 0 ? undefined : smallName(splitWords(text));
    const ids = small === undefined ? reading.ids : [tokeniser.idOf(small)];
    keys.add(ids, small === undefined ? reading.count : 1, reading.spelling, doc, origin);
  };
  const addKey = (text: string, doc: number, origin: number): void =>
    addReading(text, tokeniser.read(text), doc, origin);
  /** Where the phrase's terms stand in `phraseTerms`: from its start to the end of the list. */
  const readPhrase = (text: string, doc: number, origin: number, budget: number): number => {
    const bracketed = origin === 2 || !text.includes('(') ? null : inBrackets.exec(text);
    if (bracketed) {
      addKey(bracketed[1] ?? '', doc, origin);
      addKey(bracketed[2] ?? '', doc, origin);
    }
    const reading = tokeniser.read(text);
    addReading(text, reading, doc, origin);
    const start = phraseTerms.length();
    phraseStart.push(start);
    phraseOrigin.push(origin);
    const count = Math.min(reading.count, budget);
    phraseTerms.pushAll(reading.ids, 0, count);
    tokens.pushAll(reading.ids, 0, count);
    for (const acronym of initials(reading)) keys.add([tokeniser.idOf(acronym)], 1, 0, doc, 3);
    return start;
  };

  /** Once so many assets are read, it is known how much room all will take, about. */
  const reserveForAll = (read: number): void => {
    const more = 1.1 * (assets.length / read);
    for (const list of [tokens, toldTerms, phraseStart, phraseTerms, phraseOrigin])
      list.reserve(Math.ceil(list.length() * more));
    keys.reserve(more);
  };
  const takeSiblings = makeSiblings(assets, append);
  for (let doc = 0; doc < assets.length; doc++) {
    const asset = assets[doc] as Asset;
    if (doc === sampled) reserveForAll(doc);
    phraseOf[doc] = phraseOrigin.length();
    let field = 0;
    let before = tokens.length();
    let left = fieldTermLimit[0] ?? 0;
    const endField = (): void => {
      const end = tokens.length();
      fieldEnd[doc * fieldCount + field] = end;
      totals[field] = (totals[field] ?? 0) + end - before;
      before = end;
      left = fieldTermLimit[++field] ?? 0;
    };
    const take = (text: string): void => {
      if (left > 0) left -= append(text, tokens, left);
    };
    const phrases = [readPhrase(asset.name, doc, 0, left)];
    endField();
    if (asset.label !== undefined && asset.label !== asset.name)
      phrases.push(readPhrase(asset.label, doc, 1, left));
    const spelled = spelledOut(asset.label ?? asset.name, asset.description);
    if (spelled !== undefined) addKey(spelled, doc, 3);
    endField();
    const synonyms = Math.min(asset.synonyms.length, synonymLimit);
    for (let i = 0; i < synonyms; i++)
      phrases.push(readPhrase(asset.synonyms[i] ?? '', doc, 2, synonymTermLimit));
    endField();
    const toldFrom = tokens.length();
    // A description is hardly ever said twice: it is read past the pool of what is.
    if (asset.description !== '') {
      const { ids, count } = tokeniser.read(asset.description);
      tokens.pushAll(ids, 0, Math.min(count, left));
    }
    toldTerms.pushAll(tokens.raw(), toldFrom, tokens.length());
    toldOf[doc + 1] = toldTerms.length();
    endField();
    for (const dimension of asset.dimensions) take(dimension);
    endField();
    eachColumnText(asset, take);
    endField();
    eachContextText(asset, take);
    endField();
    takeSiblings(asset, doc, tokens, left);
    endField();
    for (const [acronym, words] of definedAcronyms(asset.label ?? '', asset.description)) {
      if (taughtAcronyms.has(acronym)) continue;
      const { ids, count } = tokeniser.read(words.join(' '));
      taughtAcronyms.set(acronym, [...ids.subarray(0, count)]);
    }
    if (teaching.length < teachingLimit * 2 && synonyms > 0) {
      const raw = phraseTerms.raw();
      collectTeaching(
        phrases.map((from, i) => [...raw.subarray(from, phrases[i + 1] ?? phraseTerms.length())]),
        teaching,
      );
    }
  }
  phraseOf[assets.length] = phraseOrigin.length();
  phraseStart.push(phraseTerms.length());

  const { vocabulary, terms } = tokeniser;
  const postings = makePostings({
    tokens: tokens.raw(),
    fieldEnd,
    totals,
    docCount: assets.length,
    termCount: terms.length,
  });
  const associations = learnAssociations(teaching, terms.length);
  return {
    ...assetFacts(assets, usage),
    families: groupFamilies(assets),
    vocabulary,
    terms,
    ...postings,
    phraseOf,
    phraseStart: phraseStart.done(),
    phraseTerms: phraseTerms.done(),
    phraseOrigin: Uint8Array.from(phraseOrigin.done()),
    toldOf,
    toldTerms: toldTerms.done(),
    keys: keys.done(),
    taughtAcronyms,
    assocStart: associations.start,
    assocTerm: associations.term,
    assocWeight: associations.weight,
    builtInMs: performance.now() - startedAt,
  };
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

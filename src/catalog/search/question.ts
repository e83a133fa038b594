import type { AssetKind } from '../asset.js';
import { nearestTerm, splitCompound } from './fuzzy.js';
import { type SpelledIdentifier, unknownIdentifier } from './identifiers.js';
import type { SearchIndex } from './index-types.js';
import { isKey, smallName, smallWordsOfNames } from './small-words.js';
import { acronyms, related } from './text/lexicon.js';
import { splitWords } from './text/split.js';
import { asking, everywhere, kindWords } from './text/stopwords.js';
import { foldWord, foldWords, type WordMemo } from './text/terms.js';
import { timeExpression } from './text/time-expression.js';

/** One way to find a unit of the question in the catalog. */
export interface Alternative {
  term: number;
  /** 1 for the word itself, less for what merely may mean the same. */
  weight: number;
}

/** One meaningful word of the question, with everything that may stand for it. */
export interface Unit {
  text: string;
  /** 0 to 1; 1 for a word that the catalog does not know. */
  idf: number;
  /** How the word was found in the catalog. */
  found: 'known' | 'related' | 'typo' | 'unseen';
  alternatives: Alternative[];
}

/** One way to read the question as a key. */
export interface Reading {
  words: string[];
  terms: string[];
}

export interface ParsedQuestion {
  /** Words as written, lower-case. */
  words: string[];
  /** Candidates for an exact key, strongest reading first. */
  readings: Reading[];
  /** Kinds that the question names: "the orders table". */
  kindHint: AssetKind[];
  units: Unit[];
  /** Folded terms of the units, in order, for spans and word order. */
  terms: string[];
  /** Set when something is spelt as an identifier and nothing here is called so. */
  identifier?: SpelledIdentifier;
}

const maxWords = 60;
const memo: WordMemo = new Map();
const maxMemo = 20_000;
const quoted = /["“”«»`]([^"“”«»`]{2,120})["“”«»`]/;
/** Ways of asking that hold no subject, or a subject in disguise. */
const rewrites: readonly [RegExp, string][] = [
  [/\bcounts? as\b|\bz[aä]hlt als\b|\bcuenta como\b/gi, ' '],
  [/\bhow long\b|\bwie lange\b|\bcu[aá]nto tiempo\b/gi, ' duration '],
  [/\bhow fast\b|\bwie schnell\b/gi, ' speed '],
  [/\bhow often\b|\bwie oft\b|\bwie viele\b|\bcu[aá]nt[oa]s\b/gi, ' how many '],
  [/\btakes?\s*\??\s*$/i, ' '],
];
/** "how many orders" is about orders: a counted thing need not say that it is a count. */
const asksForCount = /\bhow many\b|\bnumber of\b|\bcount of\b/i;
const asksForShare =
  /\b(?:what|which) (?:percentage|percent|share|fraction|proportion)\b|\b(?:percentage|share|fraction|proportion) of\b/i;
const lightly = 0.4;
/** Words that say which kind of thing is meant. */
const kindHints: readonly [ReadonlySet<string>, AssetKind[]][] = [
  [
    new Set([
      'table',
      'tables',
      'model',
      'models',
      'dataset',
      'datasets',
      'tabelle',
      'tabellen',
      'tabla',
      'tablas',
      'view',
    ]),
    ['model', 'source'],
  ],
  [new Set(['source', 'sources', 'feed', 'quelle', 'fuente']), ['source']],
  [
    new Set(['dashboard', 'dashboards', 'report', 'reports', 'exposure', 'bericht', 'informe', 'deck']),
    ['exposure'],
  ],
  [new Set(['pipeline', 'pipelines', 'dag', 'job', 'jobs']), ['pipeline', 'model']],
  [new Set(['column', 'columns', 'field', 'spalte', 'columna']), ['column', 'model', 'source']],
  [kindWords, ['metric']],
];
const mentions = /<[!@#][^>]*>/g;

const relatedTo = new Map<string, Map<string, number>>();
for (const { weight, words } of related) {
  const terms = words.map(foldWord);
  for (const from of terms) {
    const to = relatedTo.get(from) ?? new Map<string, number>();
    for (const term of terms) if (term !== from) to.set(term, Math.max(weight, to.get(term) ?? 0));
    relatedTo.set(from, to);
  }
}

const knownAcronyms = new Map<string, string[]>();
for (const [acronym, phrase] of Object.entries(acronyms)) {
  knownAcronyms.set(acronym, foldWords(phrase.split(' '), memo));
}

function withoutEdges(words: readonly string[], drop: (word: string) => boolean): string[] {
  let from = 0;
  let to = words.length;
  while (from < to && drop(words[from] ?? '')) from++;
  while (to > from && drop(words[to - 1] ?? '')) to--;
  return words.slice(from, to);
}

/** Reads a question against an index. Never throws, whatever the text. */
export function parseQuestion(index: SearchIndex, question: string): ParsedQuestion {
  if (memo.size > maxMemo) memo.clear();
  const text = question.slice(0, 1000).replace(mentions, ' ');
  const rewritten = rewrites.reduce(
    (current, [pattern, replacement]) => current.replace(pattern, replacement),
    text,
  );
  const words = splitWords(text).slice(0, maxWords);
  const named = quoted.exec(text)?.[1];
  const isSmall = (word: string): boolean => asking.has(word) || everywhere.has(word);
  const bare = withoutEdges(words, isSmall);
  const barer = withoutEdges(bare, (word) => isSmall(word) || kindWords.has(word));
  // "VaR" and "DAUs" are one word to whoever wrote them
  const unsplit = named === undefined && /[a-z][A-Z]/.test(text) ? [splitWords(text.toLowerCase())] : [];
  // "loss ratio version 2" is `loss_ratio_v2` to whoever named it
  const versioned = barer.flatMap((word, at) => {
    if (word === 'version' && /^\d+$/.test(barer[at + 1] ?? '')) return [`v${barer[at + 1]}`];
    return /^\d+$/.test(word) && barer[at - 1] === 'version' ? [] : [word];
  });
  const readings = [
    ...(named === undefined ? [] : [splitWords(named)]),
    words,
    ...unsplit,
    bare,
    barer,
    ...(versioned.length === barer.length ? [] : [versioned]),
  ];
  const written = named === undefined ? splitWords(rewritten).slice(0, maxWords) : splitWords(named);
  const kept = smallWordsOfNames(index, written, memo);
  const subject = written.filter((word, at) => !asking.has(word) || kept.has(at));
  let light: ReadonlySet<string> = lightTerms(index, rewritten, written, kept);
  let terms = foldWords(subject, memo);
  if (terms.length === 0) terms = foldWords(written, memo, asking);
  const withoutKind = foldWords(
    subject.filter((word) => !kindWords.has(word)),
    memo,
  );
  if (withoutKind.length > 0) terms = withoutKind;
  const keys: Reading[] = readings.map((reading) => ({ words: reading, terms: foldWords(reading, memo) }));
  keys.push({ words: [], terms });
  for (const alone of [...readings, ...inCapitals(text)]) {
    const small = smallName(alone);
    if (small !== undefined) keys.push({ words: alone, terms: [small] });
  }
  // "how many orders" may mean what is simply called orders
  const counted = terms.filter((term) => !light.has(term));
  if (counted.length > 0 && counted.length < terms.length) keys.push({ words: [], terms: counted });
  const kindHint = kindHints.flatMap(([hints, kinds]) =>
    subject.some((word) => hints.has(word)) ? kinds : [],
  );
  const kindless = foldWords(
    subject.filter((word) => !kindHints.some(([hints]) => hints.has(word))),
    memo,
  );
  if (kindHint.length > 0 && kindless.length > 0) {
    keys.push({ words: [], terms: kindless });
    light = new Set([...light, ...terms.filter((term) => !kindless.includes(term))]);
  }
  terms = terms.slice(0, 24);
  const identifier = unknownIdentifier(index, text, memo);
  return {
    words,
    readings: keys,
    kindHint,
    units: makeUnits(index, terms, light),
    terms,
    ...(identifier === undefined ? {} : { identifier }),
  };
}

/** Words in capitals among others: "what's the LOS of ward 3". */
function inCapitals(text: string): string[][] {
  if (text === text.toUpperCase()) return [];
  return (text.match(/\b[A-Z]{2,}\b/g) ?? []).map((word) => [word.toLowerCase()]);
}

/** Words that may be left out of account: when it was, and that it is a count or a share. */
function lightTerms(
  index: SearchIndex,
  text: string,
  words: readonly string[],
  kept: ReadonlySet<number>,
): ReadonlySet<string> {
  const light = new Set<string>();
  const time = timeExpression.exec(text)?.[0] ?? '';
  // "the last 7 days" is a window and often part of a name
  if (!/\d+\s+\p{L}|\b(?:today|now|current)\b/iu.test(time)) {
    for (const word of splitWords(time)) {
      if (!words.some((one, at) => one === word && kept.has(at)))
        for (const term of foldWords([word], memo)) light.add(term);
    }
  }
  for (const term of circumstances(index, words)) light.add(term);
  if (asksForCount.test(text)) light.add(foldWord('count'));
  if (asksForShare.test(text))
    for (const word of ['percent', 'share', 'fraction', 'proportion']) light.add(foldWord(word));
  return light;
}

/** What follows a whole name of two words or more, behind one of these, is for whom, by what or when: not what is asked about. */
const openings = new Set([
  'by',
  'per',
  'for',
  'since',
  'in',
  'at',
  'during',
  'across',
  'fur',
  'nach',
  'seit',
  'por',
  'para',
]);

function circumstances(index: SearchIndex, words: readonly string[]): string[] {
  const isSmall = (word: string): boolean => asking.has(word) || everywhere.has(word);
  for (let at = words.length - 2; at > 1; at--) {
    if (!openings.has(words[at] ?? '')) continue;
    const head = foldWords(withoutEdges(words.slice(0, at), isSmall), memo);
    if (head.length < 2 || !isKey(index, head)) continue;
    return foldWords(words.slice(at + 1), memo).filter((term) => !head.includes(term));
  }
  return [];
}

function makeUnits(index: SearchIndex, terms: readonly string[], light: ReadonlySet<string>): Unit[] {
  const units: Unit[] = [];
  const seen = new Set<string>();
  terms.forEach((term, i) => {
    if (seen.has(term)) return;
    seen.add(term);
    const next = terms[i + 1];
    const unit = makeUnit(index, term, next === undefined ? undefined : index.vocabulary.get(term + next));
    if (light.has(term) && terms.length > 1) unit.idf *= lightly;
    units.push(unit);
  });
  addSpelledAcronyms(index, terms, units);
  return units;
}

function makeUnit(index: SearchIndex, term: string, joined: number | undefined): Unit {
  const alternatives = new Map<number, number>();
  const offer = (id: number | undefined, weight: number): void => {
    if (id !== undefined && (alternatives.get(id) ?? 0) < weight) alternatives.set(id, weight);
  };
  // an acronym of somebody's initials is in the vocabulary, but in no asset's text
  const spelt = index.vocabulary.get(term);
  const id =
    spelt !== undefined && (index.postingStart[spelt + 1] ?? 0) > (index.postingStart[spelt] ?? 0)
      ? spelt
      : undefined;
  let found: Unit['found'] = 'unseen';
  if (id !== undefined) {
    offer(id, 1);
    found = 'known';
    const from = index.assocStart[id] ?? 0;
    const to = index.assocStart[id + 1] ?? 0;
    for (let i = from; i < to; i++) {
      offer(index.assocTerm[i], Math.min(0.75, tuning.associationGain * (index.assocWeight[i] ?? 0)));
    }
  }
  offer(joined, 0.9);
  for (const [other, weight] of relatedTo.get(term) ?? []) {
    offer(index.vocabulary.get(other), weight * tuning.relatedGain);
  }
  const spelled = knownAcronyms.get(term) ?? undefined;
  const taught = index.taughtAcronyms.get(term);
  const words = taught ?? spelled?.map((word) => index.vocabulary.get(word));
  if (words) for (const word of words) offer(word, 0.9 / Math.sqrt(words.length));
  if (alternatives.size > 0 && found === 'unseen') found = 'related';
  if (id === undefined && alternatives.size === 0) {
    const parts = splitCompound(index, term);
    for (const part of parts) offer(part, 0.75);
    if (parts.length > 0) {
      found = 'related';
    } else {
      const near = nearestTerm(index, term);
      if (near) {
        offer(near.term, near.weight);
        found = 'typo';
      }
    }
  }
  const list = [...alternatives].map(([term, weight]) => ({ term, weight }));
  const best = list.reduce((top, one) => (one.weight > top.weight ? one : top), { term: -1, weight: 0 });
  const idf = id === undefined ? Math.max(0.6, index.idf[best.term] ?? 1) : (index.idf[id] ?? 1);
  return { text: term, idf: Math.max(idf, 0.02), found, alternatives: list };
}

/** Strength of what the catalog teaches, found by cross-validation (bench/). */
export const tuning = { associationGain: 0.25, relatedGain: 1 };

/** "monthly recurring revenue" also asks for `mrr`: each of its words may be found as the acronym. */
function addSpelledAcronyms(index: SearchIndex, terms: readonly string[], units: readonly Unit[]): void {
  const byText = new Map(units.map((unit) => [unit.text, unit]));
  for (let length = 3; length <= 5; length++) {
    for (let from = 0; from + length <= terms.length; from++) {
      const span = terms.slice(from, from + length);
      const acronym = span.map((term) => term[0] ?? '').join('');
      const id = index.vocabulary.get(acronym);
      if (id === undefined || index.naming[id] !== 1) continue;
      for (const term of span) {
        const unit = byText.get(term);
        if (unit && !unit.alternatives.some((one) => one.term === id)) {
          unit.alternatives.push({ term: id, weight: 0.8 });
          if (unit.found === 'unseen') unit.found = 'related';
        }
      }
    }
  }
}

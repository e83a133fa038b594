import { hashLetter, hashWord, mixWord, wordSeed } from './spelling.js';
import { maxTextLength, splitWords } from './text/split.js';
import { everywhere } from './text/stopwords.js';
import { endsSequence, foldWords, startsSequence, type WordMemo } from './text/terms.js';
import { makeWordTable } from './word-table.js';

/** What was read of a text. */
export interface Reading {
  /** The first `count` numbers are the terms, in order. */
  ids: Int32Array;
  count: number;
  /** As `spellingOf` the words. */
  spelling: number;
  /** Number of words, those that carry nothing included. */
  words: number;
  /** First letters of the first words, and whether the word carries nothing. */
  letters: Uint16Array;
  small: Uint8Array;
}

/** Reads texts into term numbers. The vocabulary grows as it reads. */
export interface Tokeniser {
  vocabulary: Map<string, number>;
  terms: string[];
  idOf: (term: string) => number;
  /** The same object every time: what one needs of it is taken before the next call. */
  read: (text: string) => Reading;
}

/** Where the second running hash of a word starts. */
const checkSeed = 5381;

/** Words of which the first letter is kept: longer phrases have no acronym. */
const lettersKept = 8;

/**
 * What a word is known as: which term it is alone, counted from two up, and in the lowest bits whether what it becomes may depend on
 * the next word (`7`, `sign`) or on the one before (`days`, `up`).
 */
const dropped = 0;
const several = 1;
const firstTerm = 2;
const opens = 1;
const closes = 2;
const flagBits = 2;

const symbols = new Map<number, string>([
  [37, 'percent'],
  [36, 'usd'],
  [35, 'count'],
]);

/** Kinds of characters, words first. */
const lower = 1;
const digit = 2;
const upper = 3;
const gap = 4;
const symbol = 5;
const apostrophe = 6;
/** What the careful way has to read. */
const foreign = 7;
const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  if (code >= 97 && code <= 122) return lower;
  if (code >= 48 && code <= 57) return digit;
  if (code >= 65 && code <= 90) return upper;
  return symbols.has(code) ? symbol : code === 39 ? apostrophe : code === 127 ? foreign : gap;
});

function kindOf(code: number): number {
  if (code < 128) return kinds[code] as number;
  if (code === 0x2019 || code === 0x2018) return apostrophe;
  return isPunctuation(code) ? gap : foreign;
}

/** Dashes, quotes, bullets, arrows and comparison signs, which only part words. */
function isPunctuation(code: number): boolean {
  return (
    code === 0xa0 ||
    code === 0xb7 ||
    code === 0xd7 ||
    (code >= 0x2010 && code <= 0x2027) ||
    (code >= 0x2190 && code <= 0x22ff)
  );
}

/** "customer's": where the letters after an apostrophe end, which are dropped. */
function afterEnding(text: string, apostropheAt: number): number {
  let at = apostropheAt + 1;
  if (apostropheAt === 0 || kindAt(text, apostropheAt - 1) !== lower) return at;
  while (kindAt(text, at) === lower) at++;
  return at;
}

function kindAt(text: string, at: number): number {
  return at < text.length ? kindOf(text.charCodeAt(at)) : gap;
}

/**
 * The same result as `foldWords(splitWords(text))`, several times faster: plain ASCII text whose words need no look at their
 * neighbours is scanned once, and each different word is folded only once.
 */
export function makeTokeniser(): Tokeniser {
  const vocabulary = new Map<string, number>();
  const terms: string[] = [];
  const memo: WordMemo = new Map();
  /** Word in lower case to its term, or why there is none. */
  const known = makeWordTable();

  const idOf = (term: string): number => {
    let id = vocabulary.get(term);
    if (id === undefined) {
      id = terms.length;
      vocabulary.set(term, id);
      terms.push(term);
    }
    return id;
  };

  const learn = (word: string, hash: number, check: number): number => {
    const folded = foldWords([word], memo);
    const [first] = folded;
    const alone =
      everywhere.has(word) || first === undefined
        ? dropped
        : folded.length > 1
          ? several
          : idOf(first) + firstTerm;
    const value =
      (alone << flagBits) | (startsSequence(word) ? opens : 0) | (endsSequence(word) ? closes : 0);
    known.set(hash, check, value);
    return value;
  };

  const reading: Reading = {
    ids: new Int32Array(256),
    count: 0,
    spelling: 0,
    words: 0,
    letters: new Uint16Array(lettersKept),
    small: new Uint8Array(lettersKept),
  };
  const put = (id: number): void => {
    if (reading.count === reading.ids.length) {
      const larger = new Int32Array(reading.count * 2);
      larger.set(reading.ids);
      reading.ids = larger;
    }
    reading.ids[reading.count++] = id;
  };
  const note = (wordHash: number, letter: number, carriesNothing: boolean): void => {
    reading.spelling = mixWord(reading.spelling, wordHash);
    if (reading.words < lettersKept) {
      reading.letters[reading.words] = letter;
      reading.small[reading.words] = carriesNothing ? 1 : 0;
    }
    reading.words++;
  };
  const clear = (): void => {
    reading.count = 0;
    reading.spelling = 0;
    reading.words = 0;
  };

  const putFolded = (...words: string[]): void => {
    for (const term of foldWords(words, memo)) put(idOf(term));
  };
  /** A word that waits for the next one, `7` or `sign`: where it stands, and what it is alone. None where its end is 0. */
  let waitsFrom = 0;
  let waitsTo = 0;
  let waitsAs = 0;
  const putAlone = (text: string, from: number, to: number, value: number): void => {
    const alone = value >> flagBits;
    if (alone >= firstTerm) put(alone - firstTerm);
    else if (alone === several) putFolded(text.slice(from, to).toLowerCase());
  };
  const flush = (text: string): void => {
    if (waitsTo > 0) putAlone(text, waitsFrom, waitsTo, waitsAs);
    waitsTo = 0;
  };
  const takeWord = (text: string, from: number, to: number, hash: number, check: number): void => {
    const value = known.get(hash, check) ?? learn(text.slice(from, to).toLowerCase(), hash, check);
    const opensOne = (value & opens) !== 0;
    note(hash, text.charCodeAt(from) | 32, !opensOne && value >> flagBits === dropped);
    if (waitsTo > 0 && (value & closes) !== 0) {
      putFolded(text.slice(waitsFrom, waitsTo).toLowerCase(), text.slice(from, to).toLowerCase());
      waitsTo = 0;
      return;
    }
    flush(text);
    if (opensOne) {
      waitsFrom = from;
      waitsTo = to;
      waitsAs = value;
    } else putAlone(text, from, to, value);
  };
  const takeSymbol = (text: string, word: string): void => {
    note(hashWord(word), word.charCodeAt(0), false);
    flush(text);
    putFolded(word);
  };
  const readCarefully = (text: string): void => {
    clear();
    const words = splitWords(text);
    for (const term of foldWords(words, memo)) put(idOf(term));
    for (const word of words) note(hashWord(word), word.charCodeAt(0), everywhere.has(word));
  };

  /** Fills `reading`; false when the text needs the careful way. */
  const scan = (text: string): boolean => {
    clear();
    waitsTo = 0;
    let at = 0;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      let kind = kindOf(code);
      if (kind > upper) {
        if (kind === foreign) return false;
        if (kind === symbol) takeSymbol(text, symbols.get(code) ?? '');
        at = kind === apostrophe ? afterEnding(text, at) : at + 1;
        continue;
      }
      let start = at;
      let hash = wordSeed;
      let check = checkSeed;
      // One run of letters and digits: a word, or several where the case changes.
      for (;;) {
        const letter = kind === upper ? text.charCodeAt(at) | 32 : text.charCodeAt(at);
        hash = hashLetter(hash, letter);
        check = (Math.imul(check, 33) + letter) | 0;
        const before = kind;
        kind = kindAt(text, ++at);
        if (kind > upper) break;
        if (kind !== upper || before === digit) continue;
        // netRevenue | ARRGrowth, but URLs
        if (before === upper && (kindAt(text, at + 1) !== lower || text.charCodeAt(at + 1) === 115)) continue;
        takeWord(text, start, at, hash, check);
        start = at;
        hash = wordSeed;
        check = checkSeed;
      }
      if (kind === foreign) return false;
      takeWord(text, start, at, hash, check);
    }
    flush(text);
    return true;
  };

  return {
    vocabulary,
    terms,
    idOf,
    read: (text) => {
      if (text.length > maxTextLength || !scan(text)) readCarefully(text);
      return reading;
    },
  };
}

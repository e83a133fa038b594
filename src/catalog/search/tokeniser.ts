import { hashLetter, hashWord, mixWord, wordSeed } from './spelling.js';
import { maxTextLength, splitWords } from './text/split.js';
import { everywhere } from './text/stopwords.js';
import { foldWords, startsSequence, type WordMemo } from './text/terms.js';
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

/** Words of which the first letter is kept: longer phrases have no acronym. */
const lettersKept = 8;

const dropped = -1;
const needsCare = -2;

const symbols = new Map<number, string>([
  [37, 'percent'],
  [36, 'usd'],
  [35, 'count'],
]);

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

/** "customer's": the letters after an apostrophe are dropped. */
function skipEnding(text: string, apostrophe: number, before: number): number {
  let at = apostrophe;
  if (before < 97 || before > 122) return at;
  while (at + 1 < text.length && text.charCodeAt(at + 1) >= 97 && text.charCodeAt(at + 1) <= 122) at++;
  return at;
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
    let id: number;
    if (startsSequence(word)) id = needsCare;
    else {
      const folded = foldWords([word], memo);
      const [first] = folded;
      id =
        everywhere.has(word) || first === undefined ? dropped : folded.length > 1 ? needsCare : idOf(first);
    }
    known.set(hash, check, id);
    return id;
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

  /** Words that wait for the next one: `7`, `sign`. */
  const waiting: string[] = [];
  const flush = (): void => {
    if (waiting.length === 0) return;
    for (const term of foldWords(waiting, memo)) put(idOf(term));
    waiting.length = 0;
  };
  const takeWord = (text: string, from: number, to: number, hash: number, check: number): void => {
    const id = known.get(hash, check) ?? learn(text.slice(from, to).toLowerCase(), hash, check);
    note(hash, text.charCodeAt(from) | 32, id === dropped);
    if (id !== needsCare && waiting.length === 0) {
      if (id !== dropped) put(id);
      return;
    }
    waiting.push(text.slice(from, to).toLowerCase());
    if (id !== needsCare) flush();
  };
  const takeSymbol = (word: string): void => {
    note(hashWord(word), word.charCodeAt(0), false);
    if (waiting.length > 0) {
      waiting.push(word);
      flush();
    } else {
      for (const term of foldWords([word], memo)) put(idOf(term));
    }
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
    waiting.length = 0;
    let start = -1;
    let hash = 0;
    let check = 0;
    let before = 0;
    for (let i = 0; i <= text.length; i++) {
      const code = i < text.length ? text.charCodeAt(i) : 32;
      if (code > 126 && !isPunctuation(code)) return false;
      const isUpper = code >= 65 && code <= 90;
      const inWord = isUpper || (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
      let ends = !inWord && start >= 0;
      if (isUpper && start >= 0) {
        const beforeIsLower = before >= 97 && before <= 122;
        const beforeIsUpper = before >= 65 && before <= 90;
        const after = i + 1 < text.length ? text.charCodeAt(i + 1) : 32;
        const afterIsLower = after >= 97 && after <= 122;
        ends = beforeIsLower || (beforeIsUpper && afterIsLower && after !== 115);
      }
      if (ends) {
        takeWord(text, start, i, hash, check);
        start = -1;
      }
      if (inWord) {
        if (start < 0) {
          start = i;
          hash = wordSeed;
          check = 5381;
        }
        const lower = isUpper ? code | 32 : code;
        hash = hashLetter(hash, lower);
        check = (Math.imul(check, 33) + lower) | 0;
      } else {
        const symbol = symbols.get(code);
        if (symbol !== undefined) takeSymbol(symbol);
        else if (code === 39 || code === 0x2019 || code === 0x2018) i = skipEnding(text, i, before);
      }
      // After "rock'n" of "rock'n'roll" the next ending hangs on the letters that were passed over.
      before = inWord ? code : text.charCodeAt(Math.min(i, text.length - 1));
    }
    flush();
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

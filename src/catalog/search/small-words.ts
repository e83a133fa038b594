import type { SearchIndex } from './index-types.js';
import { lookUp } from './key-table.js';
import { asking, everywhere } from './text/stopwords.js';
import { foldWords, type WordMemo } from './text/terms.js';

/** Longest run of words that is looked up as a name. */
const longestName = 6;

/**
 * Which words of asking are part of a name here: "same" and "us" mean nothing in a sentence and everything in "same-store sales" and
 * "US sales". A run of neighbouring words that is a key of the catalog, and holds at least one word of substance, keeps them.
 * @returns positions in `words`.
 */
export function smallWordsOfNames(
  index: SearchIndex,
  words: readonly string[],
  memo: WordMemo,
): ReadonlySet<number> {
  const kept = new Set<number>();
  const isAsking = words.map((word) => asking.has(word));
  for (let from = 0; from < words.length; from++) {
    for (let to = Math.min(words.length, from + longestName); to > from + 1; to--) {
      const run = isAsking.slice(from, to);
      if (!run.includes(true)) continue;
      const span = words.slice(from, to);
      if (!span.some((word) => !asking.has(word) && !everywhere.has(word))) continue;
      // an edge that the key does not hold would be kept for nothing
      if (everywhere.has(span[0] ?? '') || everywhere.has(span.at(-1) ?? '')) continue;
      if (!isKey(index, foldWords(span, memo))) continue;
      for (let at = from; at < to; at++) if (isAsking[at]) kept.add(at);
      break;
    }
  }
  return kept;
}

/** Whether terms, in this order, are a key of the catalog. */
export function isKey(index: SearchIndex, terms: readonly string[]): boolean {
  const ids: number[] = [];
  for (const term of terms) {
    const id = index.vocabulary.get(term);
    if (id === undefined) return false;
    ids.push(id);
  }
  return lookUp(index.keys, ids, 1).length > 0;
}

/**
 * The one term of a name that is made of words which carry nothing: LOS, length of stay, is an article in Spanish. No text leads to such a term,
 * so that only who says the name alone, in quotes or in capitals finds it. Undefined where a word of substance is in it.
 */
export function smallName(words: readonly string[]): string | undefined {
  return words.length > 0 && words.every((word) => everywhere.has(word)) ? words.join(' ') : undefined;
}

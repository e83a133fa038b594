const prime = 0x01000193;
/** Where the running hash of a word starts (FNV-1a). */
export const wordSeed = 0x811c9dc5 | 0;

/** One more lower-case character of a word. */
export function hashLetter(hash: number, code: number): number {
  return Math.imul(hash ^ code, prime);
}

/** One more word of a text. */
export function mixWord(spelling: number, wordHash: number): number {
  return Math.imul(spelling ^ wordHash, prime) ^ (spelling >>> 15);
}

export function hashWord(word: string): number {
  let hash: number = wordSeed;
  for (let i = 0; i < word.length; i++) hash = hashLetter(hash, word.charCodeAt(i));
  return hash;
}

/** Hash of words as they are written, in lower case: tells `orders` from `order`, which are one key. */
export function spellingOf(words: readonly string[]): number {
  let spelling = 0;
  for (const word of words) spelling = mixWord(spelling, hashWord(word));
  return spelling;
}

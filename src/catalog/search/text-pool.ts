import { type IntList, makeIntList } from './growable.js';
import type { Tokeniser } from './tokeniser.js';

/** Appends the terms of a text to a list, at most `budget` of them. Returns how many. */
export type AppendText = (text: string, into: IntList, budget: number) => number;

/** A catalog says the same short things again and again: column names, what they mean, folders, tags, the semantic model. */
const longestKept = 600;
const mostKept = 400_000;

/** Reads each different short text once. */
export function makeTextPool(tokeniser: Tokeniser): AppendText {
  const known = new Map<string, number>();
  const pool = makeIntList(1 << 14);
  const ends = makeIntList(1 << 10);
  return (text, into, budget) => {
    if (text === '' || budget <= 0) return 0;
    const kept = text.length <= longestKept;
    const entry = kept ? known.get(text) : undefined;
    if (entry !== undefined) {
      const from = entry === 0 ? 0 : ends.at(entry - 1);
      const to = Math.min(ends.at(entry), from + budget);
      into.pushAll(pool.raw(), from, to);
      return to - from;
    }
    const { ids, count } = tokeniser.read(text);
    if (kept && known.size < mostKept) {
      known.set(text, ends.length());
      pool.pushAll(ids, 0, count);
      ends.push(pool.length());
    }
    const taken = Math.min(count, budget);
    into.pushAll(ids, 0, taken);
    return taken;
  };
}

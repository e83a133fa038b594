import type { SearchIndex } from './index-types.js';

/** Vocabulary sorted into lengths, built on the first typo and kept with its index. */
const buckets = new WeakMap<SearchIndex, Map<number, number[]>>();

function termsByLength(index: SearchIndex): Map<number, number[]> {
  let map = buckets.get(index);
  if (!map) {
    map = new Map();
    for (let id = 0; id < index.terms.length; id++) {
      if (index.naming[id] !== 1) continue;
      const term = index.terms[id] ?? '';
      if (term.length < 4 || /\d/.test(term)) continue;
      const list = map.get(term.length);
      if (list) list.push(id);
      else map.set(term.length, [id]);
    }
    buckets.set(index, map);
  }
  return map;
}

/**
 * The nearest word of a name for one that the catalog has never seen: one edit in four to seven letters, two in eight or
 * more, same first letter. Only for typos; a known word is never corrected.
 */
export function nearestTerm(index: SearchIndex, term: string): { term: number; weight: number } | undefined {
  if (term.length < 4 || term.length > 30 || /[^a-z]/.test(term)) return undefined;
  const allowed = term.length >= 8 ? 2 : 1;
  let best: { term: number; weight: number } | undefined;
  let bestDistance = allowed + 1;
  for (let length = term.length - allowed; length <= term.length + allowed; length++) {
    for (const id of termsByLength(index).get(length) ?? []) {
      const candidate = index.terms[id] ?? '';
      if (candidate.charCodeAt(0) !== term.charCodeAt(0)) continue;
      const distance = editDistance(term, candidate, bestDistance - 1);
      if (distance >= bestDistance) continue;
      bestDistance = distance;
      best = { term: id, weight: distance === 1 ? 0.75 : 0.6 };
    }
  }
  return best;
}

/** Edits between two words, a swap of neighbours counting as one; `limit + 1` once more than `limit`. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    let smallest = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (previous[j] ?? 0) + 1,
        (current[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforePrevious[j - 2] ?? 0) + 1);
      }
      current.push(cost);
      if (cost < smallest) smallest = cost;
    }
    if (smallest > limit) return limit + 1;
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? limit + 1;
}

/** Two known words that make up an unseen one, as in `cowswap`; empty when there are none. */
export function splitCompound(index: SearchIndex, term: string): number[] {
  if (term.length < 6 || term.length > 30) return [];
  for (let cut = term.length - 3; cut >= 3; cut--) {
    const left = index.vocabulary.get(term.slice(0, cut));
    const right = index.vocabulary.get(term.slice(cut));
    if (left !== undefined && right !== undefined && index.naming[left] === 1 && index.naming[right] === 1) {
      return [left, right];
    }
  }
  return [];
}

import type { AnswerContext } from './context.js';
import { type Retrieval, retrieve } from './retrieve.js';

export interface Sides {
  left: string;
  right: string;
}

/** Longer wording is a sentence, not two names; every split costs two searches. */
const wordLimit = 16;
/** Sureness of a side that is, word for word, a key of the catalog. */
const certain = 4;
const separator =
  /\s*[,;]\s*(?:(?:and|und|y)\s+)?|\s+(?:and|or|vs\.?|versus|with|to|against|und|oder|mit|gegen|y)\s+/gi;
const quotes = /["'“”„«»`]/g;
const bothQuoted = /^["'“„«`]([^"'“”„«»`]+)["'”“»`](.*?)["'“„«`]([^"'“”„«»`]+)["'”“»`]$/;

/**
 * The two names in the words of a comparison. Every place where one may end and the other begin is tried, for a name can hold an "and" of its
 * own; what counts is how surely the catalog knows both sides. Between equals a spoken separator beats a mere space, and the first one wins.
 * Undefined when the words cannot be two names.
 */
export function comparedSides(words: string, context: AnswerContext): Sides | undefined {
  const text = words.replace(/[\s?!.]+$/, '').trim();
  const quoted = bothQuoted.exec(text);
  if (quoted?.[1] !== undefined && quoted[3] !== undefined) return { left: quoted[1], right: quoted[3] };
  const splits = splitsOf(text.replace(quotes, ' ').replace(/\s+/g, ' ').trim());
  const known = new Map<string, number>();
  const sureness = (side: string): number => {
    const before = known.get(side);
    if (before !== undefined) return before;
    const value = surenessOf(retrieve(side, 'compare', context));
    known.set(side, value);
    return value;
  };
  let best: Sides | undefined;
  let most = -1;
  for (const split of splits) {
    const left = sureness(split.left);
    const right = sureness(split.right);
    // two sides that are half known beat one that is known and one that is nothing
    const value = Math.min(left, right) * 10 + left + right;
    if (value > most) {
      best = split;
      most = value;
    }
    if (Math.min(left, right) === certain) break;
  }
  return best;
}

function surenessOf(found: Retrieval): number {
  if (found.outcome === 'answered') return found.exact ? certain : 2;
  return found.outcome === 'ambiguous' ? 1 : 0;
}

function splitsOf(text: string): Sides[] {
  if (text.split(' ').length > wordLimit) return [];
  const at = (from: number, to: number): Sides => ({
    left: text.slice(0, from).trim(),
    right: text.slice(to).trim(),
  });
  const spoken = [...text.matchAll(separator)].map((hit) => at(hit.index, hit.index + hit[0].length));
  const spaces = [...text.matchAll(/ /g)].map((hit) => at(hit.index, hit.index + 1));
  return [...spoken, ...spaces].filter(({ left, right }) => left !== '' && right !== '');
}

import type { AnswerContext } from './context.js';
import { type Retrieval, retrieve } from './retrieve.js';

export interface Sides {
  left: string;
  right: string;
}

/** Longer wording is a sentence, not two names. */
const wordLimit = 16;
/** Every split costs two searches: so many spoken ones are tried, and mere spaces only in wording this short. */
const spokenLimit = 4;
const spaceWordLimit = 6;
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
  const { spoken, spaces } = splitsOf(text.replace(quotes, ' ').replace(/\s+/g, ' ').trim());
  const known = new Map<string, number>();
  const sureness = (side: string): number => {
    const before = known.get(side);
    if (before !== undefined) return before;
    const value = surenessOf(retrieve(side, 'compare', context));
    known.set(side, value);
    return value;
  };
  const bestOf = (splits: readonly Sides[]): { sides: Sides; value: number; worse: number } | undefined => {
    let best: { sides: Sides; value: number; worse: number } | undefined;
    for (const sides of splits) {
      const left = sureness(sides.left);
      const right = sureness(sides.right);
      const worse = Math.min(left, right);
      // two sides that are half known beat one that is known and one that is nothing
      const value = worse * 10 + left + right;
      if (best === undefined || value > best.value) best = { sides, value, worse };
      if (worse === certain) break;
    }
    return best;
  };
  const said = bestOf(spoken);
  // where a word sets apart two names that the catalog surely has, the spaces inside them are not looked at
  if (said?.worse === certain) return said.sides;
  const spaced = bestOf(spaces);
  if (spaced === undefined || (said !== undefined && said.value >= spaced.value)) return said?.sides;
  return spaced.sides;
}

function surenessOf(found: Retrieval): number {
  if (found.outcome === 'answered') return found.exact ? certain : 2;
  return found.outcome === 'ambiguous' ? 1 : 0;
}

/** Where one name may end and the other begin: at words and signs that set apart, and at mere spaces. */
export function splitsOf(text: string): { spoken: Sides[]; spaces: Sides[] } {
  const words = text.split(' ').length;
  if (words > wordLimit) return { spoken: [], spaces: [] };
  const at = (from: number, to: number): Sides => ({
    left: text.slice(0, from).trim(),
    right: text.slice(to).trim(),
  });
  const sound = ({ left, right }: Sides): boolean => left !== '' && right !== '';
  const spoken = [...text.matchAll(separator)].map((hit) => at(hit.index, hit.index + hit[0].length));
  const spaces =
    words > spaceWordLimit ? [] : [...text.matchAll(/ /g)].map((hit) => at(hit.index, hit.index + 1));
  return { spoken: spoken.filter(sound).slice(0, spokenLimit), spaces: spaces.filter(sound) };
}

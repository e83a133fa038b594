import type { Asset } from '../catalog/asset.js';
import { editDistance } from '../catalog/search/fuzzy.js';
import { splitWords } from '../catalog/search/text/split.js';

/** Shorter names differ from each other by as little as a slip. */
const lettersAtLeast = 8;
/** Letters that may be wrong: one, in long names two. */
const allowedIn = (name: string): number => (name.length >= 14 ? 2 : 1);
/** Words of a question that are looked at. */
const wordsAtMost = 30;

/**
 * Which of these assets somebody misspelled: those whose name, label or synonym stands in the words but for a letter or two, the least misspelled alone. Digits
 * are no slip, for they tell names apart. Empty where a name stands there rightly: then the rest of the words is what nobody knew.
 */
export function misspelled(words: string, assets: readonly Asset[]): Asset[] {
  const asked = splitWords(words).slice(0, wordsAtMost);
  const found = assets.map((asset) => ({ asset, slips: slipsOf(asked, asset) }));
  const fewest = Math.min(...found.map(({ slips }) => slips));
  if (fewest === 0 || fewest === Number.POSITIVE_INFINITY) return [];
  return found.filter(({ slips }) => slips === fewest).map(({ asset }) => asset);
}

function slipsOf(asked: readonly string[], { name, label, synonyms }: Asset): number {
  const names = [name, ...(label === undefined ? [] : [label]), ...synonyms];
  return Math.min(...names.map((one) => leastSlips(asked, splitWords(one))));
}

/** The fewest wrong letters with which a name stands somewhere in the words; infinite where that is more than a slip. */
function leastSlips(asked: readonly string[], name: readonly string[]): number {
  const whole = name.join(' ');
  if (whole.replaceAll(' ', '').length < lettersAtLeast) return Number.POSITIVE_INFINITY;
  let fewest = Number.POSITIVE_INFINITY;
  for (let at = 0; at + name.length <= asked.length; at++) {
    const said = asked.slice(at, at + name.length).join(' ');
    if (digitsOf(said) !== digitsOf(whole)) continue;
    const slips = editDistance(said, whole, allowedIn(whole));
    if (slips <= allowedIn(whole)) fewest = Math.min(fewest, slips);
  }
  return fewest;
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}

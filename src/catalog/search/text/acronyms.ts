import type { Reading } from '../tokeniser.js';

/** Acronyms of a phrase of three to seven words, with and without its small words: `cogs` and `cgs`. */
export function initials({ words, letters, small }: Reading): string[] {
  if (words < 3 || words > 7) return [];
  let all = '';
  let heavy = '';
  for (let i = 0; i < words; i++) {
    const code = letters[i] ?? 0;
    if (code < 97 || code > 122) return [];
    const letter = String.fromCharCode(code);
    all += letter;
    if (small[i] !== 1) heavy += letter;
  }
  const found = all === heavy ? [all] : [all, heavy];
  return found.filter((acronym) => acronym.length >= 3);
}

/** Acronyms that a text spells out, as in "Monthly Recurring Revenue (MRR)". */
export function definedAcronyms(label: string, description: string): [string, string[]][] {
  const found: [string, string[]][] = [];
  for (const text of [label, description]) {
    for (let open = text.indexOf('('); open >= 0 && open < 2000; open = text.indexOf('(', open + 1)) {
      const close = text.indexOf(')', open);
      const inside = text.slice(open + 1, close);
      if (close < 0 || inside.length < 2 || inside.length > 6 || !/^[A-Z][A-Za-z]+$/.test(inside)) continue;
      const acronym = inside.toLowerCase().replace(/s$/, '');
      const words =
        text
          .slice(Math.max(0, open - 120), open)
          .toLowerCase()
          .match(/[a-z]+/g) ?? [];
      const tail = words.slice(-acronym.length);
      if (tail.length === acronym.length && tail.every((word, i) => word[0] === acronym[i]))
        found.push([acronym, tail]);
    }
  }
  return found;
}

const shortName = /^[A-Za-z]{3,6}$/;
const between = new Set('a an and at by for in of on or per the to'.split(' '));

/** The words that a description opens with, where they spell out the name: "Average revenue per user and month" of ARPU. Undefined where they do not. */
export function spelledOut(name: string, description: string): string | undefined {
  if (!shortName.test(name)) return undefined;
  const letters = name.toLowerCase();
  const opening = /^[^.:;()\n]{0,120}/.exec(description)?.[0] ?? '';
  const words =
    opening
      .toLowerCase()
      .replace(/^\s*(?:an?|the)\s+/, '')
      .match(/[a-z]+/g) ?? [];
  let met = 0;
  for (const [at, word] of words.entries()) {
    if (word === letters) return undefined;
    if (word[0] === letters[met]) met++;
    else if (at === 0 || !between.has(word)) return undefined;
    if (met === letters.length) return words.slice(0, at + 1).join(' ');
  }
  return undefined;
}

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

/** Acronyms of a phrase of two to seven words, with and without its small words: `cogs` and `cgs`. */
export function initials(words: readonly string[], small: ReadonlySet<string>): string[] {
  const all = words.map((word) => word[0] ?? '').join('');
  const heavy = words
    .filter((word) => !small.has(word))
    .map((word) => word[0] ?? '')
    .join('');
  const found = new Set([all, heavy]);
  return [...found].filter((acronym) => acronym.length >= 3 && /^[a-z]+$/.test(acronym));
}

const inBrackets = /((?:[A-Za-z][\w-]*[ -]){2,6})\(([A-Z][A-Za-z]{1,5})\)/g;

/** Acronyms that a text spells out, as in "Monthly Recurring Revenue (MRR)". */
export function definedAcronyms(label: string, description: string): [string, string[]][] {
  const found: [string, string[]][] = [];
  for (const text of [label, description]) {
    if (!text.includes('(')) continue;
    for (const match of text.slice(0, 2000).matchAll(inBrackets)) {
      const acronym = (match[2] ?? '').toLowerCase().replace(/s$/, '');
      const words = (match[1] ?? '')
        .toLowerCase()
        .split(/[ -]+/)
        .filter((word) => word !== '');
      const tail = words.slice(-acronym.length);
      if (tail.length === acronym.length && tail.every((word, i) => word[0] === acronym[i]))
        found.push([acronym, tail]);
    }
  }
  return found;
}

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

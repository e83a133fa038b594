/**
 * Whether a new description says something else or says the same in other words. No machine can know; this errs on the side of telling people:
 * only a change that keeps every number, every qualifying word and nearly all other words is called wording.
 */
export function changesMeaning(before: string, after: string): boolean {
  if (before.trim() === '') return false;
  const [old, now] = [wordsOf(before), wordsOf(after)];
  if (different(old.filter(carriesMeaning), now.filter(carriesMeaning))) return true;
  const [oldWords, nowWords] = [new Set(old.filter(isContent)), new Set(now.filter(isContent))];
  // What was said must still be there; more may have been said besides.
  const kept = [...oldWords].filter((word) => nowWords.has(word)).length;
  return oldWords.size > 0 && kept / oldWords.size < 0.6;
}

/** Words that turn a definition round. */
const qualifying = new Set(
  (
    'not no never without except excluding excludes exclude excluded including includes include included only all any each every ' +
    'before after since until gross net first last unique distinct new active paid unpaid refunded cancelled ' +
    'daily weekly monthly quarterly yearly annual average median sum count total minimum maximum per ' +
    'more less least most over under above below between greater fewer'
  ).split(' '),
);

const filler = new Set(
  'a an the of to in on at for by with and or is are was were be been as that this these those it its from we our'.split(
    ' ',
  ),
);

function carriesMeaning(word: string): boolean {
  return qualifying.has(word) || /\d/.test(word);
}

function isContent(word: string): boolean {
  return !filler.has(word) && !qualifying.has(word);
}

/** Words without case, punctuation and the plain plural. */
function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/\d+(?:[.,]\d+)*%?|[\p{L}_]+/gu) ?? []
  ).map((word) =>
    word.length > 4 && word.endsWith('s') && !word.endsWith('ss') && !qualifying.has(word)
      ? word.slice(0, -1)
      : word,
  );
}

function different(a: readonly string[], b: readonly string[]): boolean {
  const [left, right] = [[...a].sort(), [...b].sort()];
  return left.length !== right.length || left.some((word, index) => word !== right[index]);
}

import { folded } from './lexicon.js';
import { splitWords } from './split.js';
import { stem } from './stem.js';
import { everywhere } from './stopwords.js';

const numberWords: Record<string, number> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  twelve: 12,
  fourteen: 14,
  thirty: 30,
  sixty: 60,
  ninety: 90,
  hundred: 100,
  zwei: 2,
  drei: 3,
  sieben: 7,
  dreissig: 30,
  neunzig: 90,
  siete: 7,
  treinta: 30,
};
const unitDays: Record<string, number> = {
  d: 1,
  day: 1,
  week: 7,
  w: 7,
  month: 30,
  mo: 30,
  year: 365,
  yr: 365,
};
const digits = /^\d+$/;
const compactSpan = /^(\d{1,4})(d|w|mo|day|days)$/;
const reversedSpan = /^[dl](\d{1,3})d?$/;
const percentile = /^(?:p|q|pct|perc)(\d{1,2})$/;
const ordinal = /^(\d{1,3})(?:st|nd|rd|th)$/;
const usualSpans = new Set([1, 3, 7, 14, 28, 30, 60, 90, 120, 180, 360, 365]);
const asciiWord = /^[a-z]+$/;

/** A span of days as one word: `7d`. Twelve months and a year are both 365 days. */
function daysTerm(count: number, daysPerUnit: number): string {
  const days = count * daysPerUnit;
  return `${days === 360 && daysPerUnit === 30 ? 365 : days}d`;
}

const british: readonly [RegExp, string][] = [
  [/is(e[drs]?|ers|ing|ations?|able)$/, 'iz$1'],
  [/our(s|al|ed|ing|ful)?$/, 'or$1'],
  [/([^l])lled$/, '$1led'],
  [/([^l])lling$/, '$1ling'],
];

/** `utilisation` and `utilization` are one word. Both sides of the search spell alike, so that a word may come out odd. */
function spelledAlike(word: string): string {
  if (word.length < 6) return word;
  return british.reduce((current, [pattern, replacement]) => current.replace(pattern, replacement), word);
}

/** One word as the index knows it: folded, then stemmed. May be two words (`bruttomarge` is gross margin). */
export function foldWord(word: string): string {
  const singular = word.length > 5 && word.endsWith('s') ? word.slice(0, -1) : word;
  const known = Object.hasOwn(folded, word) ? word : singular;
  const match = folded[known];
  if (match !== undefined && Object.hasOwn(folded, known)) {
    return match.includes(' ') ? match.split(' ').map(foldWord).join(' ') : stem(match);
  }
  const span = compactSpan.exec(word);
  if (span) return daysTerm(Number(span[1]), unitDays[(span[2] ?? 'd').replace(/^days?$/, 'd')] ?? 1);
  const reversed = reversedSpan.exec(word);
  if (reversed && usualSpans.has(Number(reversed[1]))) return `${reversed[1]}d`;
  const quantile = percentile.exec(word);
  if (quantile) return `q${Number(quantile[1]).toString().padStart(2, '0')}`;
  return asciiWord.test(word) ? stem(spelledAlike(word)) : word;
}

/** Folded word of a unit of time to its days. */
const dayUnits = new Map(Object.entries(unitDays).map(([unit, days]) => [foldWord(unit), days]));

const numberByWord = new Map(Object.entries(numberWords));

/** Number of a word such as `7` or `seven`. */
function numberOf(word: string): number | undefined {
  const first = word.charCodeAt(0);
  if (first >= 48 && first <= 57) return word.length <= 4 && digits.test(word) ? Number(word) : undefined;
  return numberByWord.get(word);
}

const openers = new Set(['how', 'all', 'sign', 'log']);

/** Whether what a word becomes depends on the next one: `7 days`, `75th percentile`, `how many`, `sign up`. */
export function startsSequence(word: string): boolean {
  return numberOf(word) !== undefined || ordinal.test(word) || openers.has(word);
}

const closers = new Set([
  'hours',
  'percentile',
  'quantile',
  'many',
  'often',
  'time',
  'in',
  'ins',
  'up',
  'ups',
]);

/** Whether what became of the word before it may depend on this one. */
export function endsSequence(word: string): boolean {
  return closers.has(word) || dayUnits.has(foldWord(word));
}

/** Remembers what single words become; one per index, because a catalog repeats its words thousands of times. */
export type WordMemo = Map<string, string>;

function remembered(word: string, memo: WordMemo): string {
  let term = memo.get(word);
  if (term === undefined) {
    term = foldWord(word);
    memo.set(word, term);
  }
  return term;
}

/**
 * The terms of a text in order: split, folded, stemmed, without words that carry nothing. Numbers with a unit of time
 * become one term (`7 day`, `seven days`, `7d`, `d7`: `7d`), quantiles too (`75th percentile`, `p75`: `q75`).
 */
export function termsOf(text: string, memo: WordMemo, drop?: ReadonlySet<string>): string[] {
  return foldWords(splitWords(text), memo, drop);
}

/** As {@link termsOf}, from words that are already split. */
export function foldWords(words: readonly string[], memo: WordMemo, drop?: ReadonlySet<string>): string[] {
  const terms: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const next = words[i + 1];
    if (next !== undefined) {
      const count = numberOf(word);
      if (count !== undefined) {
        const unit = remembered(next, memo);
        const days = dayUnits.get(unit);
        if (days !== undefined) {
          terms.push(daysTerm(count, days));
          i++;
          continue;
        }
        if (next === 'hours' && count === 24) {
          terms.push('1d');
          i++;
          continue;
        }
        if (next === 'percentile') {
          terms.push(`q${String(count).padStart(2, '0')}`);
          i++;
          continue;
        }
      }
      const place = ordinal.exec(word);
      if (place && (next === 'percentile' || next === 'quantile')) {
        terms.push(`q${(place[1] ?? '').padStart(2, '0')}`);
        i++;
        continue;
      }
      if (word === 'how' && (next === 'many' || next === 'often')) {
        terms.push('count');
        i++;
        continue;
      }
      if (word === 'all' && next === 'time') {
        terms.push(stem('lifetime'));
        i++;
        continue;
      }
      if (
        (word === 'sign' || word === 'log') &&
        (next === 'in' || next === 'ins' || next === 'up' || next === 'ups')
      ) {
        terms.push(
          remembered(word === 'sign' ? (next.startsWith('in') ? 'signin' : 'signup') : 'login', memo),
        );
        i++;
        continue;
      }
    }
    if (everywhere.has(word) || drop?.has(word)) continue;
    const term = remembered(word, memo);
    if (term.includes(' ')) terms.push(...term.split(' '));
    else terms.push(term);
  }
  return terms;
}

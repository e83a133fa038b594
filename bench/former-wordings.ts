import type { Asset } from '../src/catalog/asset.js';
import { splitWords } from '../src/catalog/search/text/split.js';
import { everywhere } from '../src/catalog/search/text/stopwords.js';
import type { BenchQuestion } from './fixture-catalogs.js';
import { makeRandom } from './make-random.js';

/**
 * What a description may have said before somebody wrote it anew: the same sentence with words left out, in another order, in other
 * forms of its words, or only half of it. Rules over letters and commas, with no list of what means the same.
 */
type Way = (words: string[], sentence: string, random: () => number) => string[];

const isSmall = (word: string): boolean => everywhere.has(word) || word.length < 3;

/** Parts of a sentence between its commas, brackets and joining words. */
function clauses(sentence: string): string[][] {
  return sentence
    .split(
      /[,;:()]|\s(?:and|or|that|which|who|with|without|after|before|divided by|minus|from|in|by|per|for)\s/,
    )
    .map(splitWords)
    .filter((words) => words.length > 0);
}

/** Another form of a word by its ending alone: customers, customer; divided, dividing; recognised, recognized. */
function otherForm(word: string): string {
  if (word.length < 5 || /\d/.test(word)) return word;
  const british = word.replace(/isation/, 'ization').replace(/is(e[drs]?|ing)$/, 'iz$1');
  if (british !== word) return british;
  const rules: readonly [RegExp, string][] = [
    [/([^aeiou])ies$/, '$1y'],
    [/(s|x|ch|sh)es$/, '$1'],
    [/([^su])s$/, '$1'],
    [/([^aeiouwy])ing$/, '$1ed'],
    [/([^aeiou])ed$/, '$1ing'],
    [/ation$/, 'ations'],
    [/([^aeiou])y$/, '$1ies'],
    [/(s|x|ch|sh)$/, '$1es'],
    [/(ly|ous|able|ible|al|ful|ive|ic)$/, '$1'],
  ];
  for (const [pattern, replacement] of rules) {
    if (pattern.test(word)) return word.replace(pattern, replacement);
  }
  return `${word}s`;
}

const ways: readonly Way[] = [
  (words) => words.filter((word) => !isSmall(word)),
  (_words, sentence) => clauses(sentence).reverse().flat(),
  (words) => words.map((word) => (isSmall(word) ? word : otherForm(word))),
  (words) => words.slice(0, Math.ceil(words.length / 2)),
  (words) => words.slice(Math.floor(words.length / 2)),
  (words, _sentence, random) => words.filter((word) => isSmall(word) || random() > 0.35).map(otherForm),
];

/** Words of substance that a question must have left, and most words of one. */
const fewest = 3;
const most = 24;

/** Two questions for each asset that says enough of itself, at most `limit` assets. */
export function formerWordings(assets: readonly Asset[], limit: number): BenchQuestion[] {
  const random = makeRandom(11);
  const told = assets.flatMap((asset) => {
    const [sentence = ''] = asset.description.split(/\.\s|[\n;]|\.$/);
    const words = splitWords(sentence).slice(0, most);
    return words.length < 5 ? [] : [{ asset, sentence, words, key: words.join(' ') }];
  });
  const alike = new Map<string, string[]>();
  for (const { asset, key } of told) alike.set(key, [...(alike.get(key) ?? []), asset.sourceId]);
  const step = Math.max(1, Math.floor(told.length / limit));
  return told
    .filter((_, i) => i % step === 0)
    .flatMap(({ words, sentence, key }, i) =>
      [i, i + 1 + (i % (ways.length - 1))].flatMap((turn) => {
        const left = ways[turn % ways.length]?.(words, sentence, random).slice(0, most) ?? [];
        if (left.filter((word) => !isSmall(word)).length < fewest) return [];
        return [{ question: left.join(' '), gold: alike.get(key) ?? [] }];
      }),
    );
}

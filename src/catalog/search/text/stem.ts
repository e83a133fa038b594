/**
 * A small English stemmer: M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980. Meant for words in
 * lower-case ASCII; anything else comes back as it is. Both sides of the search use it, so a stem need not be a word.
 */

const vowel = /[aeiouy]/;

function measure(stem: string): number {
  let count = 0;
  let previousIsVowel = false;
  for (let i = 0; i < stem.length; i++) {
    const isVowel = vowelAt(stem, i);
    if (previousIsVowel && !isVowel) count++;
    previousIsVowel = isVowel;
  }
  return count;
}

function vowelAt(word: string, i: number): boolean {
  const letter = word.charCodeAt(i);
  // a e i o u
  if (letter === 97 || letter === 101 || letter === 105 || letter === 111 || letter === 117) return true;
  return letter === 121 && i > 0 && !vowelAt(word, i - 1);
}

function endsDouble(word: string): boolean {
  const n = word.length;
  return n > 1 && word[n - 1] === word[n - 2] && !vowelAt(word, n - 1);
}

function endsShort(word: string): boolean {
  const n = word.length;
  if (n < 3) return false;
  const last = word.charCodeAt(n - 1);
  return (
    !vowelAt(word, n - 1) &&
    vowelAt(word, n - 2) &&
    !vowelAt(word, n - 3) &&
    last !== 119 &&
    last !== 120 &&
    last !== 121
  );
}

const step2: [string, string][] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['abli', 'able'],
  ['alli', 'al'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
];
const step3: [string, string][] = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
];
const step4 = [
  'ement',
  'ance',
  'ence',
  'able',
  'ible',
  'ment',
  'ant',
  'ent',
  'ism',
  'ate',
  'iti',
  'ous',
  'ive',
  'ize',
  'ion',
  'al',
  'er',
  'ic',
  'ou',
];

function plural(word: string): string {
  if (word.endsWith('sses')) return word.slice(0, -2);
  if (word.endsWith('ies')) return `${word.slice(0, -3)}i`;
  if (word.endsWith('s') && !word.endsWith('ss')) return word.slice(0, -1);
  return word;
}

function pastAndGerund(word: string): string {
  if (word.endsWith('eed')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const suffix = word.endsWith('ed') ? 2 : word.endsWith('ing') ? 3 : 0;
  if (suffix === 0) return word;
  const stem = word.slice(0, -suffix);
  if (!vowel.test(stem)) return word;
  if (stem.endsWith('at') || stem.endsWith('bl') || stem.endsWith('iz')) return `${stem}e`;
  if (endsDouble(stem) && !/[lsz]$/.test(stem)) return stem.slice(0, -1);
  if (measure(stem) === 1 && endsShort(stem)) return `${stem}e`;
  return stem;
}

function replaceOnce(word: string, rules: readonly [string, string][]): string {
  for (const [suffix, replacement] of rules) {
    if (word.endsWith(suffix)) {
      const stem = word.slice(0, -suffix.length);
      return measure(stem) > 0 ? stem + replacement : word;
    }
  }
  return word;
}

function residual(word: string): string {
  for (const suffix of step4) {
    if (!word.endsWith(suffix)) continue;
    const stem = word.slice(0, -suffix.length);
    if (suffix === 'ion' && !/[st]$/.test(stem)) return word;
    return measure(stem) > 1 ? stem : word;
  }
  return word;
}

function tidy(word: string): string {
  let result = word;
  if (result.endsWith('e')) {
    const stem = result.slice(0, -1);
    const m = measure(stem);
    if (m > 1 || (m === 1 && !endsShort(stem))) result = stem;
  }
  return result.endsWith('ll') && measure(result) > 1 ? result.slice(0, -1) : result;
}

/** The stem of one lower-case word. */
export function stem(word: string): string {
  if (word.length < 3) return word;
  let result = pastAndGerund(plural(word));
  // a word of three letters is mostly an acronym: an APY is no API
  if (result.length > 3 && result.endsWith('y') && vowel.test(result.slice(0, -1)))
    result = `${result.slice(0, -1)}i`;
  result = replaceOnce(result, step2);
  result = replaceOnce(result, step3);
  return tidy(residual(result));
}

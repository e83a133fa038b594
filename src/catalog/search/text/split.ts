/** Cuts identifiers and prose into lower-case words: `netRevenue_7d` gives `net`, `revenue`, `7d`. */

const asciiOnly = /^[\x20-\x7e\s]*$/;
const marks = /\p{M}+/gu;
const wordRun = /[\p{L}\p{N}]+/gu;
const symbolWords: Record<string, string> = {
  '%': ' percent ',
  $: ' usd ',
  '€': ' eur ',
  '£': ' gbp ',
  '#': ' count ',
};

function isUpper(code: number): boolean {
  return code >= 65 && code <= 90;
}
function isLower(code: number): boolean {
  return code >= 97 && code <= 122;
}
function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Longest text that is read, in characters: a description of 20,000 characters must not slow every question. */
export const maxTextLength = 6000;

function plain(text: string): string {
  const cut = text.length > maxTextLength ? text.slice(0, maxTextLength) : text;
  const spelled = /[%$€£#]/.test(cut) ? cut.replace(/[%$€£#]/g, (symbol) => symbolWords[symbol] ?? ' ') : cut;
  if (asciiOnly.test(spelled)) return spelled;
  return spelled.replace(/ß/g, 'ss').replace(/[’‘]/g, "'").normalize('NFKD').replace(marks, '');
}

/** Words of an ASCII text, in order. A change from lower to upper case starts a new word; digits stay with letters. */
function asciiWords(text: string): string[] {
  const words: string[] = [];
  let start = -1;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 32;
    const inWord = isUpper(code) || isLower(code) || isDigit(code);
    if (!inWord) {
      if (start >= 0) words.push(text.slice(start, i).toLowerCase());
      start = -1;
      // "customer's" and "we'd" are one word each with the ending dropped
      if (code === 39 && i > 0 && isLower(text.charCodeAt(i - 1)) && isLower(text.charCodeAt(i + 1))) {
        i++;
        while (i + 1 < text.length && isLower(text.charCodeAt(i + 1))) i++;
      }
      continue;
    }
    if (start < 0) {
      start = i;
    } else if (isUpper(code)) {
      const before = text.charCodeAt(i - 1);
      const after = i + 1 < text.length ? text.charCodeAt(i + 1) : 32;
      // netRevenue | ARRGrowth
      if (isLower(before) || (isUpper(before) && isLower(after) && after !== 115)) {
        words.push(text.slice(start, i).toLowerCase());
        start = i;
      }
    }
  }
  return words;
}

/** All words of a text, lower-case, accents removed, at most {@link maxTextLength} characters read. */
export function splitWords(text: string): string[] {
  const cleaned = plain(text);
  if (asciiOnly.test(cleaned)) return asciiWords(cleaned);
  const words: string[] = [];
  for (const run of cleaned.replace(/([a-z])(?:'[a-z]+)+/g, '$1 ').match(wordRun) ?? []) {
    if (asciiOnly.test(run)) words.push(...asciiWords(run));
    else words.push(run.toLowerCase());
  }
  return words;
}

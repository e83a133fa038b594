import { foreignNumber } from './numbers-in-words.js';

/** What a phrased answer may rest on. */
export interface PhrasedRecord {
  id: string;
  /** Everything the record holds, as text: the only source of numbers, names and identifiers. */
  text: string;
}

export interface PhrasedSentence {
  text: string;
  cites: readonly string[];
}

const longest = 700;
const mostSentences = 5;
const marks = /\[\[(?:name|formula|owner|verdict)\]\]/g;
/** What stands in for people in what the model reads; code puts the names back. One that only the question has is as foreign as a name. */
const stoodIn = /<(?:EMAIL|ID|PERSON|PHONE)_\d+>/g;

/**
 * The check after the model: every sentence cites given records, and holds no number, name, identifier, link, mention or verdict that is not put
 * in by code or held by them. Returns why it fails, or undefined when it may be shown. It would rather refuse a good sentence than show a wrong one:
 * the card is there.
 */
export function faultOf(
  sentences: readonly PhrasedSentence[],
  records: readonly PhrasedRecord[],
): string | undefined {
  if (sentences.length === 0 || sentences.length > mostSentences) return 'number of sentences';
  const byId = new Map(records.map((record) => [record.id, record.text.toLowerCase()]));
  let length = 0;
  for (const { text, cites } of sentences) {
    length += text.length;
    if (cites.length === 0 || cites.some((id) => !byId.has(id))) return 'citation';
    const cited = cites.map((id) => byId.get(id) ?? '').join('\n');
    const fault = faultIn(text.replace(marks, ' '), cited);
    if (fault !== undefined) return fault;
  }
  return length > longest ? 'length' : undefined;
}

const control = /[\p{Cc}\p{Cf}]/u;
const markup = /https?:|www\.|<[!@#h]|[@#]\w|\bmailto:|[`*_~]{2,}|\p{Extended_Pictographic}|:[a-z_]+:/iu;
const instruction =
  /\b(?:ignore|disregard)\b.{0,30}\b(?:instructions?|rules?|prompt)\b|\bsystem prompt\b|\bas an ai\b/i;
/**
 * Whether something may be used is said by the verdict and by nothing else: a description that tells the model to call it safe must not become
 * an answer that does, so these words are refused even where the record has them.
 */
const judgement = new RegExp(
  `\\b(?:${[
    "safe(?:ly)?|unsafe|caution|do not use|don't use|trust(?:ed|worthy|able)?|reliable|reliably|dependable|certified|approved|verified|audited",
    'guaranteed?|accurate|endorsed?|official(?:ly)?|recommend(?:ed|s)?|confiden(?:t|ce|tly)|flawless|error-free|board-ready|up[- ]to[- ]date',
    'may be used|can be used|should (?:not )?(?:be )?use[ds]?|rel(?:y|ies|ied) (?:up)?on|feel free|without (?:a )?(?:worry|doubt|hesitation|concern)',
    '(?:no|free of|free from) (?:known )?(?:issues?|problems?|errors?)|(?:fit|ready|suitable|good|fine|okay|ok) (?:for|to)',
    '(?:you|we|anyone|anybody|everyone|everybody|people) (?:can|may|should|could|must)(?! read it as\\s*[;,.])',
    '(?:is|are|looks?|seems?|stays?) (?:\\w+ly |still |quite |all )?(?:correct|right|fine|ok|okay|good|sound|fresh|ready|healthy|wrong|broken)',
  ].join('|')})\\b`,
  'i',
);
/**
 * What is checked by its words must be in words that are known here: the answer around it is English, and a planted "das ist sicher" is no less a verdict.
 */
const otherScript = /[^\P{L}\p{Script=Latin}]/u;
const otherLanguage =
  /(?<!\p{L})(?:ist|sind|und|oder|nicht|für|der|das|eine[rnms]?|wird|werden|kann|können|darf|dürfen|sicher|verlässlich|zuverlässig|para|puede[ns]?|seguro|segura|fiables?|confiable|c'est|sont|peut|peuvent|sûre?s?|può|sono|sicur[oa]|affidabile|são|pode[m]?|confiável|veilig|betrouwbaar|worden)(?!\p{L})/iu;

function faultIn(words: string, cited: string): string | undefined {
  if (/\[\[|\]\]/.test(words)) return 'mark';
  if (control.test(words) || markup.test(words)) return 'link, mention or markup';
  if (instruction.test(words)) return 'instruction';
  if (judgement.test(words)) return 'verdict';
  if (otherScript.test(words) || otherLanguage.test(words.normalize('NFC'))) return 'language';
  for (const [token] of words.matchAll(stoodIn)) if (!cited.includes(token.toLowerCase())) return 'name';
  const plain = words.replace(stoodIn, ' ');
  if (foreignNumber(plain, cited)) return 'number';
  for (const identifier of plain.match(/\b\w+(?:[_.]\w+)+\b/g) ?? [])
    if (!cited.includes(identifier.toLowerCase())) return 'identifier';
  if (foreignName(plain, cited)) return 'name';
  return undefined;
}

/** A word with a capital inside a sentence, or one all in capitals or of mixed case anywhere, names something: the record must have it. */
function foreignName(words: string, cited: string): boolean {
  const held = new Set(cited.match(/[\p{L}\p{N}]+/gu));
  for (const { 0: word, index } of words.matchAll(/[\p{L}][\p{L}\p{N}]*/gu)) {
    const begins = /(?:^|[.!?:]["”')]?)\s*["“'(]?$/.test(words.slice(0, index));
    const isName = /^\p{Lu}/u.test(word) && !begins;
    const isCode = /\p{Lu}/u.test(word.slice(1));
    if ((isName || isCode) && word !== 'I' && !held.has(word.toLowerCase())) return true;
  }
  return false;
}

import { type RecognisedIntent, recogniseIntent } from './intent.js';

/** One question of a message. */
export interface AskedPart {
  text: string;
  asked: RecognisedIntent;
  /** It asks something by itself; else only its first word or its question mark says that it asks. */
  sure: boolean;
}

/** Questions of one message that are told apart; a message with more is prose. */
const partsAtMost = 6;
/** Sentences and joints that are looked at, for each of which the catalog is searched; a message with more is prose too. */
const piecesAtMost = 40;

const askingWords =
  'why|who|whose|whom|when|where|how|what|which|define|explain|compare|list|tell me|show me|re-?run|backfill|warum|wieso|weshalb|wer|wem|wen|wann|wo|woher|wie|was|welche[rsn]?|erkl[aä]re?|vergleiche?|zeige?';
/** They begin a question, and as often the second half of what was said before them. */
const perhapsAskingWords =
  'is|are|can|may|do|does|did|has|have|should|ist|sind|kann|darf|hat|haben|soll|i need|ich brauche';

const abbreviations = 'incl|excl|inkl|exkl|approx|ca|vs|no|nr|bzw|e\\.g|i\\.e|z\\.b|d\\.h';
const endOfSentence = new RegExp(
  `(?<=[?!;])\\s+|(?<=[\\p{L}\\p{N})"]\\.)(?<!(?<!\\p{L})(?:${abbreviations})\\.)\\s+|\\s*\\n+\\s*`,
  'iu',
);
const joint = new RegExp(
  `(?:(?<and>[,;]?\\s+(?:and|but|und|aber|plus|&|\\+)\\s+(?:also\\s+|auch\\s+)?)|,\\s+)(?=(?:${askingWords}|${perhapsAskingWords})\\b)`,
  'giu',
);
const firstWords = /^(?:and|but|und|aber)\s+(?:also\s+|auch\s+)?/i;
const beginsByAsking = new RegExp(`^(?:${askingWords})\\s+\\S`, 'iu');
const beginsByTelling = /^(?:i|we|it|this|that|they|ich|wir|es)\s(?!.*\?$)/i;
const beginsWithWhich = /^(?:which|what|welche[rsn]?)\s/i;
const theSame =
  /^(?:it|this|that|they|them|these|those|one|(?:the|this|that) (?:metric|table|number)|er|sie|es|ihn|ihm|ihr|das|dies|diese[rsnm]?)$/i;

/** Whether some words name nothing by themselves: "who owns it?" is about what was asked before it. */
export function pointsBack(words: string): boolean {
  return theSame.test(words.trim());
}

/**
 * The questions of one message, in order: "what is mrr? who owns arr?" holds two. What asks nothing (a greeting, the reason for asking) is left
 * out, and what only looks like a question stays with the words before it. `isName` tells whether words are, word for word, a name of the catalog.
 */
export function questionsIn(message: string, isName: (words: string) => boolean): AskedPart[] {
  const sentences = message.split(endOfSentence);
  if (sentences.length + [...message.matchAll(joint)].length > piecesAtMost) return [];
  const parts = sentences.flatMap((sentence) => questionsOfSentence(sentence, isName));
  return parts.length > partsAtMost ? [] : parts;
}

function questionsOfSentence(sentence: string, isName: (words: string) => boolean): AskedPart[] {
  const text = sentence.trim().replace(firstWords, '');
  const joints = [...text.matchAll(joint)].map(({ index, 0: words, groups }) => ({
    from: index,
    to: index + words.length,
    and: groups?.and !== undefined,
  }));
  const parts: AskedPart[] = [];
  let begin = 0;
  let begun: Doubt | undefined;
  const finish = (end: number): void => {
    const part = text.slice(begin, end);
    const asked = recogniseIntent(part);
    const sure = begun?.sure ?? (asked.guessed !== true || (!beginsByTelling.test(part) && isName(part)));
    if (sure || begun !== undefined || part.endsWith('?')) parts.push({ text: part, asked, sure });
  };
  joints.forEach(({ from, to, and }, at) => {
    const before = recogniseIntent(text.slice(begin, from));
    const next = beginsAnew(text.slice(to, joints[at + 1]?.from), before, isName);
    // after a mere comma stands more often what is said of the same
    if (next === undefined || (!and && !next.sure)) return;
    finish(from);
    begin = to;
    begun = next;
  });
  finish(text.length);
  return parts;
}

interface Doubt {
  sure: boolean;
}

/** Whether words behind an "and" are a question of their own; undefined where they go on with what was said. */
function beginsAnew(
  words: string,
  before: RecognisedIntent,
  isName: (words: string) => boolean,
): Doubt | undefined {
  const { guessed, subject } = recogniseIntent(words);
  const asks = beginsByAsking.test(words);
  if (guessed) return asks ? { sure: before.intent === 'list' && beginsWithWhich.test(words) } : undefined;
  return asks || pointsBack(subject) || isName(subject) ? { sure: true } : undefined;
}

import { timeExpression } from '../catalog/search/text/time-expression.js';
import { intentPatterns } from './intent-patterns.js';

export const intents = [
  'define',
  'value',
  'trust',
  'why-changed',
  'owner',
  'lineage',
  'freshness',
  'compare',
  'list',
  'who-uses',
  'history',
  'act',
] as const;
export type Intent = (typeof intents)[number];

/** What a number is wanted for; a board deck needs more proof than a chat. */
export const uses = ['general', 'finance', 'board'] as const;
export type Use = (typeof uses)[number];

export interface RecognisedIntent {
  intent: Intent;
  /** The thing asked about, in the person's words. */
  subject: string;
  /** `compare`: the other thing. */
  other?: string;
  use: Use;
  /** Words of time, as asked: `last week`, `since March`, `in October`, `2026-01-31`. */
  time?: string;
  /** `act`: which command the words belong to. */
  command?: 'access' | 'backfill' | 'incident';
  /** No pattern fits: a definition is asked for because that is asked for most. */
  guessed?: true;
}

const boardUse =
  /\b(?:board|investors?|earnings|aufsichtsrat|vorstand|boarddeck|shareholders?|annual report|gesch[aä]ftsbericht)\b/i;
const financeUse =
  /\b(?:finance|financial|accounting|audit(?:ors?)?|month[- ]end|close the books|buchhaltung|finanz\w*|controlling|jahresabschluss|monatsabschluss|finanzas)\b/i;
const useClause =
  /\s*[,;:]?\s*\b(?:for|in|to|f[uü]r|im|in den|para)\s+(?:the\s+|our\s+|my\s+|a\s+|den\s+|die\s+|das\s+|unsere[nr]?\s+|el\s+|la\s+)?(?:board(?:\s+(?:deck|meeting|slides|report|pack))?|investors?(?:\s+\w+)?|finance(?:\s+\w+)?|accounting|audit(?:ors?)?|month[- ]end(?:\s+close)?|aufsichtsrat\w*|vorstand\w*|buchhaltung|finanz\w*|controlling|jahresabschluss|monatsabschluss|earnings(?:\s+\w+)?|reporting|finanzas)\b/i;

const edgeNoise = /^[\s"'“”«»`,;:.!?¿¡()[\]-]+|[\s"'“”«»`,;:.!?¿¡()[\]-]+$/g;
const politeness =
  /^(?:(?:hi|hey|hello|hallo|hola|please|pls|plz|bitte|ok|okay|so|sorry|morning|thanks|danke)\b[\s,!.]*|@?steward\b[\s,:]*)+/i;

/** "mrr pls", "who owns orders, thanks": said after what is asked. */
const thanksBehind =
  /[\s,;.!?]{1,8}(?:please|pls|plz|thanks?(?: you)?|thx|cheers|bitte|danke|por favor|gracias)[\s!.?]*$/i;

function tidy(text: string | undefined): string {
  return (text ?? '')
    .replace(edgeNoise, '')
    .replace(/^(?:the|our|my|der|die|das|den|dem|unsere?[rnms]?|el|la|los|las)\s+/i, '')
    .replace(edgeNoise, '');
}

/** The thing itself: "mrr for the board deck" is about mrr, the rest says what for. */
export function withoutUse(subject: string): string {
  return tidy(subject.replace(useClause, ' '));
}

/** The words of time in a text, and the text without them: `mrr since March` is about mrr. */
export function splitTime(text: string): { subject: string; time?: string } {
  const time = timeExpression.exec(text)?.[0].trim();
  return time === undefined ? { subject: text } : { subject: tidy(text.replace(timeExpression, ' ')), time };
}

/**
 * What a person wants to know, and about what. Never throws; anything that fits no pattern asks for a definition. English,
 * German and a little Spanish.
 */
export function recogniseIntent(question: string): RecognisedIntent {
  const text = question
    .slice(0, 4000)
    .replace(/<[!@#][^>]*>/g, ' ')
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .replace(/\s+/g, ' ')
    .replace(/^[¿¡\s]+/, '')
    .trim()
    .replace(politeness, '')
    .replace(thanksBehind, '');
  const use: Use = boardUse.test(text) ? 'board' : financeUse.test(text) ? 'finance' : 'general';
  for (const { intent, pattern, command } of intentPatterns) {
    const match = pattern.exec(text);
    if (!match) continue;
    const groups = match.groups ?? {};
    let subject = tidy(groups.s);
    const time = groups.t ?? timeExpression.exec(subject)?.[0];
    if (intent !== 'define' && intent !== 'list' && intent !== 'act')
      subject = tidy(subject.replace(timeExpression, ' '));
    if (intent === 'trust' || intent === 'value') subject = withoutUse(subject);
    if (subject === '' && intent !== 'list' && intent !== 'act') continue;
    const result: RecognisedIntent = { intent, subject, use };
    if (groups.o !== undefined) result.other = tidy(groups.o);
    if (time !== undefined && time.trim() !== '') result.time = time.trim();
    if (command !== undefined) result.command = command;
    return result;
  }
  return { intent: 'define', subject: tidy(text), use, guessed: true };
}

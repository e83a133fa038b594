import type { Asset } from '../catalog/asset.js';
import { parseQuestion } from '../catalog/search/question.js';
import { timeExpression } from '../catalog/search/text/time-expression.js';
import type { Answer } from './answer-types.js';
import type { AnswerContext } from './context.js';
import type { RecognisedIntent } from './intent.js';
import { retrieve } from './retrieve.js';
import { kindWord, listInWords, nameOf, plain } from './words.js';

/** What may follow a name and ask for a part of it. "for" and "by" mostly say what it is wanted for, or how it is cut. */
const narrowing =
  /^(.+?)\s+(?:in|within|inside|outside|from|without|except(?:\s+for)?|excluding|im|aus|ohne|en|sin)\s+(?:the\s+|our\s+|my\s+|der\s+|den\s+|dem\s+|el\s+|la\s+|los\s+|las\s+)?(.+)$/i;
/** Words after "in" that ask for no part: "in plain English", "in detail", "in our company". */
const noPart =
  /\b(?:general|total|detail|details|short|brief|plain|simple|depth|practice|principle|particular|fact|theory|english|german|spanish|deutsch|words?|sentences?|nutshell|laym[ae]n|terms?|context|company|business|organi[sz]ation|team|slack|steward|catalog(?:ue)?|meeting|presentation|slides?|deck|report|dashboard|chart|sql|excel|sheets?|dollars?|euros?|percent|kurz|allgemein\w*|detalle|resumen)\b/i;
const partWords = 4;

const intents: readonly Answer['intent'][] = ['define', 'value', 'trust'];

/** Of "net revenue in Mongolia" what no word of the catalog is about: `Mongolia`. The whole is answered, and the answer must not pass for one about that part. */
function unspokenPart({ intent, subject, use }: RecognisedIntent, answer: Answer, context: AnswerContext) {
  if (!intents.includes(intent) || use !== 'general' || answer.level !== 'open') return undefined;
  const [, name = '', part = ''] = narrowing.exec(subject.replace(/[\s?!.,]+$/, '')) ?? [];
  if (part === '' || part.split(/\s+/).length > partWords) return undefined;
  if (noPart.test(part) || timeExpression.test(part)) return undefined;
  const { units } = parseQuestion(context.index, part);
  if (units.length === 0 || units.some(({ found }) => found !== 'unseen')) return undefined;
  const { exact, chosen } = retrieve(name, intent, context);
  return exact && chosen?.id === answer.subject?.id ? part : undefined;
}

/** Says at the head of an answer of what it says nothing. */
export function withUnspoken(answer: Answer, recognised: RecognisedIntent, context: AnswerContext): Answer {
  const part = unspokenPart(recognised, answer, context);
  if (part === undefined || answer.subject === undefined) return answer;
  const unspoken = `Nothing in the catalog speaks of "${plain(part, 80)}": this is ${plain(nameOf(answer.subject), 80)} as a whole.`;
  return { ...answer, unspoken, text: `${unspoken} ${answer.text}` };
}

const namesakesAtMost = 3;

/** Says at the head of an answer what else bears the name that was asked for. */
export function withNamesakes(answer: Answer, others: readonly Asset[] = []): Answer {
  if (others.length === 0 || answer.subject === undefined) return answer;
  const named = listInWords(
    others.map((one) => `${plain(nameOf(one), 80)} (${kindWord[one.kind]})`),
    namesakesAtMost,
  );
  const { kind } = answer.subject;
  const alsoCalled = `${named} ${others.length === 1 ? 'is' : 'are'} called so too: this is the ${kindWord[kind]} ${plain(nameOf(answer.subject), 80)}.`;
  return { ...answer, alsoCalled, text: `${alsoCalled} ${answer.text}` };
}

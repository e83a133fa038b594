import type { Answer } from './answer-types.js';
import { firstOnlyText } from './compose.js';
import type { AnswerContext } from './context.js';
import { type AskedPart, pointsBack } from './questions-in.js';
import { retrieve } from './retrieve.js';

/**
 * The answer to a message that holds `parts`: `whole` where it is one question after all, else `half`, which answers the first of them. Nothing that was
 * asked is left out in silence.
 */
export function readAsSeveral(
  whole: Answer,
  half: Answer,
  [first, ...others]: readonly [AskedPart, ...AskedPart[]],
  context: AnswerContext,
): Answer {
  if (others.length === 0) return isNamed(half, first, context) ? half : whole;
  // what answers the whole without knowing either half by name was led astray by the other half's words
  const better =
    half.outcome === 'answered'
      ? half.subject?.id !== whole.subject?.id
      : outcomes.indexOf(half.outcome) > outcomes.indexOf(whole.outcome);
  const certain = first.sure && others.some(({ sure }) => sure);
  if (!better && !certain) return whole;
  if (others.every((other) => saysToo(half, other, context))) return half;
  return { ...half, firstOnly: true, text: `${firstOnlyText} ${half.text}` };
}

const outcomes: readonly Answer['outcome'][] = ['unknown', 'ambiguous', 'answered'];

/** The only question of a message that says more: the rest is no part of the name that is asked about. */
function isNamed({ outcome, intent }: Answer, { asked }: AskedPart, context: AnswerContext): boolean {
  return outcome === 'answered' && retrieve(asked.subject, intent, context).exact;
}

/** What a thing means is told with its verdict and its owner: "what is mrr and who owns it?" is answered whole. */
function saysToo(
  { intent, level, subject, use }: Answer,
  { asked }: AskedPart,
  context: AnswerContext,
): boolean {
  if (intent !== 'define' || level !== 'open' || subject === undefined) return false;
  if (asked.intent === 'trust' && asked.use !== use) return false;
  if (!toldByDefinition.includes(asked.intent)) return false;
  if (pointsBack(asked.subject)) return true;
  const { exact, chosen } = retrieve(asked.subject, asked.intent, context);
  return exact && chosen?.id === subject.id;
}

const toldByDefinition: readonly Answer['intent'][] = ['define', 'trust', 'owner'];

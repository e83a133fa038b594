import { routeOf } from '../../prompts/route-question.js';
import type { Answer } from '../answers/answer-types.js';
import { type Intent, recogniseIntent } from '../answers/intent.js';
import type { Asset } from '../catalog/asset.js';
import type { Model } from './model.js';
import { readPrompt } from './read-prompt.js';
import { type Asker, namesIn, recordOf, untrusted } from './records.js';
import { makeRedaction } from './redaction.js';

export interface Route {
  asset: Asset;
  intent: Intent;
}

const candidatesAtMost = 8;
/** Fewer words are a name and no sentence: there is nothing in them to be understood better. */
const sentenceWords = 4;

/** Whether the patterns and the index left something open: nothing was found, or no pattern knew what a whole sentence asks. */
export function isOpenQuestion(answer: Answer, question: string, intent: Intent | undefined): boolean {
  if (answer.outcome === 'unknown') return answer.assets.length > 0;
  if (answer.outcome !== 'answered' || answer.level !== 'open' || !answer.subject) return false;
  return (
    intent === undefined &&
    answer.intent === 'define' &&
    recogniseIntent(question).guessed === true &&
    question.trim().split(/\s+/).length >= sentenceWords
  );
}

/**
 * Lets the model say what such a question is about and what it asks: one of the entries that were retrieved, and one of the intents. Null where it
 * says none, fails, or disagrees with what the index is sure of; then the answer stays as it is. `readable` are entries that this person sees in full:
 * the model sees no others.
 */
export async function routeQuestion(
  model: Model,
  question: { text: string; answer: Answer; readable: readonly Asset[] },
  asker: Asker,
): Promise<Route | null> {
  const { answer } = question;
  const candidates = question.readable.slice(0, candidatesAtMost);
  if (candidates.length === 0) return null;
  const redaction = makeRedaction([...namesIn(candidates), ...(asker.names ?? [])]);
  const input = [
    `Question:\n${untrusted(redaction.hide(question.text.slice(0, 1_000)))}`,
    ...candidates.map(
      (asset) => `Entry ${asset.sourceId}:\n${untrusted(redaction.hide(recordOf(asset).text))}`,
    ),
  ].join('\n\n');
  const result = await model.parse({
    prompt: readPrompt('route-question'),
    input,
    schema: routeOf(candidates.map((asset) => asset.sourceId)),
    ...asker,
  });
  if (!result.ok) return null;
  const asset = candidates.find((one) => one.sourceId === result.value.choice);
  if (asset === undefined) return null;
  const known = answer.outcome === 'answered' ? answer.subject : undefined;
  // of what was found it may only say what is asked
  if (known !== undefined && (known.id !== asset.id || result.value.intent === answer.intent)) return null;
  return { asset, intent: result.value.intent };
}

import { choiceOf } from '../../prompts/choose-asset.js';
import { phrasingOf } from '../../prompts/phrase-answer.js';
import type { Answer } from '../answers/answer-types.js';
import { codeLine, nameOf, plain } from '../answers/words.js';
import { faultOf } from './check-phrasing.js';
import type { Model } from './model.js';
import { readPrompt } from './read-prompt.js';
import { type Asker, namesIn, recordOf, untrusted } from './records.js';
import { makeRedaction } from './redaction.js';

/**
 * Lets the model choose among the candidates of an ask-back. Returns the chosen asset's id, or null: then the person is asked, as
 * without a model. To be called only where this person may see every candidate in full; where several things were named it is not asked, for all are meant.
 */
export async function chooseOffered(model: Model, answer: Answer, asker: Asker): Promise<string | null> {
  const several = answer.offeredAs === 'several' || answer.offeredAs === 'query';
  if (answer.outcome !== 'ambiguous' || several || answer.offers.length < 2) return null;
  const assets = answer.offers.map((offer) => offer.asset);
  const redaction = makeRedaction([...namesIn(assets), ...(asker.names ?? [])]);
  const input = [
    `Question:\n${untrusted(redaction.hide(answer.question))}`,
    ...assets.map(
      (asset) => `Candidate ${asset.sourceId}:\n${untrusted(redaction.hide(recordOf(asset).text))}`,
    ),
  ].join('\n\n');
  const result = await model.parse({
    prompt: readPrompt('choose-asset'),
    input,
    schema: choiceOf(assets.map((asset) => asset.sourceId)),
    ...asker,
  });
  if (!result.ok) return null;
  return assets.find((asset) => asset.sourceId === result.value.choice)?.id ?? null;
}

/**
 * Lets the model say an answer more smoothly. Returns the text, which must be marked as phrased by AI, or null: then the card stands
 * as it is. Names, formulas, owners and verdicts are put in by code; nothing else of substance may come from the model.
 */
export async function phraseAnswer(model: Model, answer: Answer, asker: Asker): Promise<string | null> {
  const { subject, verdict } = answer;
  if (
    answer.outcome !== 'answered' ||
    answer.level !== 'open' ||
    !subject ||
    (answer.intent !== 'define' && answer.intent !== 'trust')
  )
    return null;
  const record = recordOf(subject);
  const redaction = makeRedaction([...namesIn([subject]), ...(asker.names ?? [])]);
  const input = `Question:\n${untrusted(redaction.hide(answer.question))}\n\nRecord ${record.id}:\n${untrusted(redaction.hide(record.text))}`;
  const result = await model.parse({
    prompt: readPrompt('phrase-answer'),
    input,
    schema: phrasingOf([record.id]),
    ...asker,
  });
  if (!result.ok) return null;
  const { sentences } = result.value;
  if (faultOf(sentences, [{ id: record.id, text: redaction.hide(record.text) }]) !== undefined) return null;
  const values: Record<string, string> = {
    name: nameOf(subject),
    formula: subject.formula === undefined ? 'no stated formula' : codeLine(subject.formula.expression, 300),
    owner: answer.facts.find(({ field }) => field === 'owner')?.value ?? 'nobody yet',
    verdict: verdict?.verdict ?? 'not judged',
  };
  const text = sentences
    .map((sentence) => ended(sentence.text.trim()))
    .join(' ')
    .replace(/\[\[(\w+)\]\]/g, (_, mark: string) => values[mark] ?? '');
  // the verdict is never left to the model: a text that does not say it gets it
  const spoken =
    verdict === undefined || text.includes(verdict.verdict) ? text : `${text} ${verdict.verdict}.`;
  return plain(redaction.restore(spoken), 1200);
}

/** The next sentence, or the verdict, must not read on from one that was left without its full stop. */
const ended = (sentence: string): string => (/[.!?]["”')]?$/.test(sentence) ? sentence : `${sentence}.`);

import { reviewDraftOf } from '../../prompts/draft-review.js';
import { faultOf, type PhrasedRecord, type PhrasedSentence } from './check-phrasing.js';
import type { Model } from './model.js';
import { readPrompt } from './read-prompt.js';
import { makeRedaction } from './redaction.js';

/** Entries beyond these say less than they cost; the first and the last matter most. */
const mostEntries = 80;
const longestEntry = 400;

/**
 * Lets the model draft a review from timeline entries alone. Returns sentences that each cite entries and hold nothing the entries do
 * not, or null: then the review stands without a draft, as it does without a model.
 *
 * @param entries id and words, oldest first.
 * @param names people's names, which do not leave.
 */
export async function draftReview(
  model: Model,
  entries: readonly PhrasedRecord[],
  params: { names: readonly string[]; personId: string; now: Date },
): Promise<PhrasedSentence[] | null> {
  const shown =
    entries.length <= mostEntries
      ? entries
      : [...entries.slice(0, mostEntries / 2), ...entries.slice(-mostEntries / 2)];
  const redaction = makeRedaction(params.names);
  const numbered = shown.map((entry, index) => ({
    id: entry.id,
    number: String(index + 1),
    text: redaction.hide(entry.text.slice(0, longestEntry)),
  }));
  const [first, ...rest] = numbered.map(({ number }) => number);
  if (first === undefined) return null;
  const result = await model.parse({
    prompt: readPrompt('draft-review'),
    input: numbered
      .map(
        ({ number, text }) =>
          `Entry ${number}:\n<untrusted>\n${text.replace(/<\/?untrusted>/gi, ' ')}\n</untrusted>`,
      )
      .join('\n\n'),
    schema: reviewDraftOf([first, ...rest]),
    personId: params.personId,
    now: params.now,
  });
  if (!result.ok) return null;
  const { sentences } = result.value;
  const records = numbered.map(({ number, text }) => ({ id: number, text }));
  if (faultOf(sentences, records) !== undefined) return null;
  return sentences.map(({ text, cites }) => ({
    text: redaction.restore(text).trim(),
    cites: [...new Set(cites)].map((number) => numbered[Number(number) - 1]?.id ?? ''),
  }));
}

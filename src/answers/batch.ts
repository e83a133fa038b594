import { z } from 'zod';
import { type Asset, assetKinds } from '../catalog/asset.js';
import { answerQuestion } from './answer.js';
import { type Answer, changeEventKinds } from './answer-types.js';
import type { AnswerInput } from './context.js';

/** One line that `steward ask --batch` reads. */
export const BatchQuestion = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  question: z.string(),
  /** The native identifier that must come first, or the outcome that must come out. */
  expect: z
    .union([
      z.string(),
      z.array(z.string()),
      z.object({
        outcome: z.enum(['answered', 'ambiguous', 'unknown']).optional(),
        source_id: z.union([z.string(), z.array(z.string())]).optional(),
      }),
    ])
    .optional(),
});
export type BatchQuestion = z.infer<typeof BatchQuestion>;

/** One line that `steward ask --batch` writes. */
export const BatchAnswer = z.object({
  id: z.string(),
  outcome: z.enum(['answered', 'ambiguous', 'unknown']),
  assets: z
    .array(z.object({ source_id: z.string(), kind: z.enum(assetKinds), name: z.string(), score: z.number() }))
    .max(10),
  text: z.string(),
  ms: z.number(),
});
export type BatchAnswer = z.infer<typeof BatchAnswer>;

/** The answer to a single question with `--json`: a batch's line, and for "why did it change" what touched it, newest and nearest first. */
export const AskAnswer = BatchAnswer.extend({
  events: z
    .array(
      z.object({
        at: z.iso.datetime(),
        kind: z.enum(changeEventKinds),
        source_id: z.string(),
        name: z.string(),
        /** Steps upstream; 0 is the thing itself. */
        distance: z.number().int(),
        text: z.string(),
        reference: z.string().optional(),
        url: z.string().optional(),
      }),
    )
    .optional(),
});
export type AskAnswer = z.infer<typeof AskAnswer>;

/** The published form of one answer; `find` gives the asset that an event is about. */
export function toAskAnswer(
  id: string,
  answer: Answer,
  ms: number,
  find: (assetId: string) => Asset | undefined,
): AskAnswer {
  const line = toBatchAnswer(id, answer, ms);
  if (answer.events === undefined) return line;
  const events = answer.events.flatMap(({ at, kind, assetId, distance, text, reference, url }) => {
    const asset = find(assetId);
    if (asset === undefined) return [];
    return [
      {
        at,
        kind,
        source_id: asset.sourceId,
        name: asset.name,
        distance,
        text,
        ...(reference === undefined ? {} : { reference }),
        ...(url === undefined ? {} : { url }),
      },
    ];
  });
  return { ...line, events };
}

/** The published form of an answer in a batch. */
export function toBatchAnswer(id: string, answer: Answer, ms: number): BatchAnswer {
  return {
    id,
    outcome: answer.outcome,
    assets: answer.assets
      .slice(0, 10)
      .map(({ asset, score }) => ({ source_id: asset.sourceId, kind: asset.kind, name: asset.name, score })),
    text: answer.text,
    ms: Math.round(ms * 100) / 100,
  };
}

/** Whether an answer is what its line expected: `true` where it expected nothing. */
export function meetsExpectation(answer: BatchAnswer, expect: BatchQuestion['expect']): boolean {
  if (expect === undefined) return true;
  const isOutcome = (text: string): boolean =>
    text === 'answered' || text === 'ambiguous' || text === 'unknown';
  if (typeof expect === 'string' && isOutcome(expect)) return answer.outcome === expect;
  const wanted = typeof expect === 'string' || Array.isArray(expect) ? { source_id: expect } : expect;
  if ('outcome' in wanted && wanted.outcome !== undefined && answer.outcome !== wanted.outcome) return false;
  if (wanted.source_id === undefined) return true;
  const first = answer.assets[0];
  return (
    first !== undefined && [wanted.source_id].flat().some((id) => id === first.source_id || id === first.name)
  );
}

export interface BatchLine {
  answer: BatchAnswer;
  /** False when the line expected something else. */
  met: boolean;
}

/**
 * Answers lines of JSON in order. A line that is no question is reported as a `RangeError` naming the line, before anything is
 * answered. @param clockMs monotonic milliseconds, for the `ms` of each line.
 */
export function* answerBatch(
  lines: Iterable<string>,
  input: AnswerInput,
  clockMs: () => number,
): Generator<BatchLine> {
  const questions = readBatch(lines);
  for (const { id, question, expect } of questions) {
    const startedAt = clockMs();
    const answer = toBatchAnswer(id, answerQuestion({ ...input, question }), clockMs() - startedAt);
    yield { answer, met: meetsExpectation(answer, expect) };
  }
}

function readBatch(lines: Iterable<string>): BatchQuestion[] {
  const questions: BatchQuestion[] = [];
  let number = 0;
  for (const line of lines) {
    number++;
    if (line.trim() === '') continue;
    let value: unknown;
    try {
      // Windows' editors begin a file with a mark of the byte order
      value = JSON.parse(line.replace(/^\ufeff/, ''));
    } catch {
      throw new RangeError(`Line ${number} is not JSON. Write one {"id","question"} per line.`);
    }
    const parsed = BatchQuestion.safeParse(value);
    if (!parsed.success)
      throw new RangeError(`Line ${number} is no question: ${z.prettifyError(parsed.error)}`);
    questions.push(parsed.data);
  }
  return questions;
}

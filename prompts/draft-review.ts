import { z } from 'zod';

/** Sentences, each with the numbers of the timeline's entries it rests on. */
export function reviewDraftOf(numbers: readonly [string, ...string[]]) {
  return z.object({
    sentences: z.array(z.object({ text: z.string(), cites: z.array(z.enum(numbers)) })),
  });
}

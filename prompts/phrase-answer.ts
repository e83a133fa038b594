import { z } from 'zod';

/** Sentences, each with the ids it rests on. */
export function phrasingOf(ids: readonly [string, ...string[]]) {
  return z.object({
    sentences: z.array(z.object({ text: z.string(), cites: z.array(z.enum(ids)) })),
  });
}

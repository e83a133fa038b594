import { z } from 'zod';

/** One of the given ids, or none of them: the model can name nothing else. */
export function choiceOf(ids: readonly string[]) {
  return z.object({ choice: z.enum(['none', ...ids]) });
}

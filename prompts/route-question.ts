import { z } from 'zod';

/** What a question that was not understood may be taken to ask. Acting, listing and comparing stay with the patterns: they need no guess. */
export const routedIntents = [
  'define',
  'value',
  'trust',
  'why-changed',
  'owner',
  'lineage',
  'freshness',
  'who-uses',
  'history',
] as const;

/** One of the given ids or none of them, and one of the intents: the model can name nothing else. */
export function routeOf(ids: readonly string[]) {
  return z.object({ choice: z.enum(['none', ...ids]), intent: z.enum(routedIntents) });
}

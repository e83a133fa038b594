import { z } from 'zod';
import { learn, learnKind } from '../answers/learning/learn.js';
import { defineEffect } from './effect.js';

const soonMs = 2_000;
const everyMs = 15 * 60_000;

/** Asks open and golden questions again: once after the catalog changed, and every quarter of an hour. */
export const answersLearn = defineEffect({
  kind: learnKind,
  queue: 'work',
  payload: z.object({ once: z.boolean().default(false) }),
  run: async (services, { once }, { now }) => {
    const next = await learn(services, now);
    if (once && next === 'later') return { done: true };
    return { again: new Date(now.getTime() + (next === 'soon' ? soonMs : everyMs)) };
  },
});

import { z } from 'zod';
import { cancelChunk } from '../backfills/run/cancel-chunk.js';
import { startChunk } from '../backfills/run/start-chunk.js';
import { watchChunk } from '../backfills/run/watch-chunk.js';
import { defineEffect } from './effect.js';

const ofChunk = z.object({ chunkId: z.uuid(), attempt: z.number().int().positive() });

/** Starts a claimed chunk at its executor, once in effect. */
export const backfillStartChunk = defineEffect({
  kind: 'backfill.start-chunk',
  queue: 'io',
  payload: ofChunk,
  run: async (services, chunk, { now }) => {
    await startChunk(services, { ...chunk, now });
    return { done: true };
  },
});

/** Looks at a run until it has ended: longer work is watched by further looks, never by waiting. */
export const backfillWatchChunk = defineEffect({
  kind: 'backfill.watch-chunk',
  queue: 'io',
  payload: ofChunk,
  run: async (services, chunk, { now }) => {
    const again = await watchChunk(services, { ...chunk, now });
    return again === null ? { done: true } : { again };
  },
});

export const backfillCancelChunk = defineEffect({
  kind: 'backfill.cancel-chunk',
  queue: 'io',
  payload: ofChunk,
  run: async (services, chunk, { now }) => {
    const again = await cancelChunk(services, { ...chunk, now });
    return again === null ? { done: true } : { again };
  },
});

import { z } from 'zod';
import { applyRequest } from '../access/apply.js';
import { expireAccess, startAccess, warnBeforeEnd } from '../access/end-access.js';
import { defineEffect } from './effect.js';

const ofRequest = z.object({ requestId: z.uuid() });

/** Grants or takes back in the warehouse, as the request's state says now; probes afterwards. */
export const accessApply = defineEffect({
  kind: 'access.apply',
  queue: 'io',
  payload: ofRequest,
  run: async (services, { requestId }, { now, signal }) => {
    const again = await applyRequest(services, { requestId, now, signal });
    return again === null ? { done: true } : { again };
  },
});

export const accessStart = defineEffect({
  kind: 'access.start',
  queue: 'work',
  payload: ofRequest,
  run: async (services, { requestId }, { now }) => {
    const again = await startAccess(services, { requestId, now });
    return again === null ? { done: true } : { again };
  },
});

export const accessExpire = defineEffect({
  kind: 'access.expire',
  queue: 'work',
  payload: ofRequest,
  run: async (services, { requestId }, { now }) => {
    const again = await expireAccess(services, { requestId, now });
    return again === null ? { done: true } : { again };
  },
});

export const accessWarn = defineEffect({
  kind: 'access.warn',
  queue: 'work',
  payload: z.object({ requestId: z.uuid(), endsAt: z.iso.datetime() }),
  run: async (services, { requestId, endsAt }, { now }) => {
    await warnBeforeEnd(services, { requestId, endsAt: new Date(endsAt), now });
    return { done: true };
  },
});

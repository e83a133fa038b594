import { z } from 'zod';
import { defineEffect } from './effect.js';

const ofStage = z.object({ requestId: z.uuid(), stage: z.number().int().min(0) });

/** Reminds whoever has not decided yet. */
export const approvalRemind = defineEffect({
  kind: 'approval.remind',
  queue: 'work',
  payload: ofStage,
  run: async (services, timer, { now }) => {
    await services.approvals.remind({ ...timer, now });
    return { done: true };
  },
});

/** Does what the policy says about a stage that nobody decided. */
export const approvalEscalate = defineEffect({
  kind: 'approval.escalate',
  queue: 'work',
  payload: ofStage,
  run: async (services, timer, { now }) => {
    await services.approvals.escalate({ ...timer, now });
    return { done: true };
  },
});

/** Ends a request that nobody decided in time. */
export const approvalExpire = defineEffect({
  kind: 'approval.expire',
  queue: 'work',
  payload: z.object({ requestId: z.uuid() }),
  run: async (services, timer, { now }) => {
    await services.approvals.expire({ ...timer, now });
    return { done: true };
  },
});

import { z } from 'zod';
import { holdSettledKind } from '../access/hold.js';
import { scheduleActor } from '../audit/record.js';
import { noteSuspension } from '../incidents/suspend-grants.js';
import { defineEffect } from './effect.js';

/** Tells the incident that asked for it what became of a suspension: access itself knows no incidents. */
export const accessHoldSettled = defineEffect({
  kind: holdSettledKind,
  queue: 'work',
  payload: z.object({ incidentId: z.uuid(), assetId: z.uuid() }),
  run: async (services, { incidentId, assetId }, { now }) => {
    await noteSuspension(services, { incidentId, assetId, actor: scheduleActor, now });
    return { done: true };
  },
});

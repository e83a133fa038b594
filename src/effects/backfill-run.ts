import { z } from 'zod';
import { announceDownstream } from '../backfills/announce.js';
import { showProgress } from '../backfills/progress.js';
import { advanceBackfill } from '../backfills/run/advance.js';
import { beginBackfill } from '../backfills/run/begin.js';
import { verifyBackfill } from '../backfills/verify/verify.js';
import { verifyLater } from '../backfills/verify/verify-later.js';
import { defineEffect, type EffectResult } from './effect.js';

const ofBackfill = z.object({ backfillId: z.uuid() });

function unlessAgain(again: Date | null): EffectResult {
  return again === null ? { done: true } : { again };
}

/** An approved backfill looks whether its turn has come. */
export const backfillBegin = defineEffect({
  kind: 'backfill.begin',
  queue: 'io',
  payload: ofBackfill,
  run: async (services, { backfillId }, { now }) => {
    await beginBackfill(services, { backfillId, now });
    return { done: true };
  },
});

/** A run starts what may start and ends what has ended. Only the first wake of a run goes on looking by itself. */
export const backfillAdvance = defineEffect({
  kind: 'backfill.advance',
  queue: 'io',
  payload: ofBackfill,
  run: async (services, { backfillId }, { now, key }) => {
    const again = await advanceBackfill(services, { backfillId, now });
    return again !== null && isHeartbeat(key) ? { again } : { done: true };
  },
});

/** Wakes of a start, resume, retry or cancel keep looking; those of a chunk's end look once. */
function isHeartbeat(key: string): boolean {
  return /^backfill\.advance:[^:]+:(start|resume|retry|unknown|cancel):/.test(key);
}

export const backfillVerify = defineEffect({
  kind: 'backfill.verify',
  queue: 'io',
  payload: ofBackfill,
  run: async (services, { backfillId }, { now }) =>
    unlessAgain(await verifyBackfill(services, { backfillId, now })),
});

/** The bar moves 15 s after it last did. */
export const backfillShow = defineEffect({
  kind: 'backfill.show',
  queue: 'work',
  payload: ofBackfill,
  run: async (services, { backfillId }, { now }) => {
    await services.db.transaction().execute(async (trx) => {
      const backfill = await trx
        .selectFrom('backfill')
        .selectAll()
        .where('id', '=', backfillId)
        .executeTakeFirst();
      if (backfill !== undefined && backfill.state === 'running') await showProgress(trx, backfill, now);
    });
    return { done: true };
  },
});

export const backfillAnnounce = defineEffect({
  kind: 'backfill.announce',
  queue: 'work',
  payload: ofBackfill.extend({ epoch: z.number().int() }),
  run: async (services, { backfillId, epoch }, { now }) => {
    await announceDownstream(services, { backfillId, epoch, now });
    return { done: true };
  },
});

/** Results of tests and freshness that come after the run. */
export const backfillVerifyLater = defineEffect({
  kind: 'backfill.verify-later',
  queue: 'work',
  payload: ofBackfill.extend({ epoch: z.number().int() }),
  run: async (services, { backfillId, epoch }, { now }) =>
    unlessAgain(await verifyLater(services, { backfillId, epoch, now })),
});

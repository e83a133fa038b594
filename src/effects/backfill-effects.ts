import { backfillCancelChunk, backfillStartChunk, backfillWatchChunk } from './backfill-chunk.js';
import {
  backfillAdvance,
  backfillAnnounce,
  backfillBegin,
  backfillShow,
  backfillVerify,
  backfillVerifyLater,
} from './backfill-run.js';
import type { RegisteredEffect } from './effect.js';

/** Everything that runs on behalf of backfills. */
export const backfillEffects: readonly RegisteredEffect[] = [
  backfillBegin,
  backfillAdvance,
  backfillStartChunk,
  backfillWatchChunk,
  backfillCancelChunk,
  backfillVerify,
  backfillVerifyLater,
  backfillShow,
  backfillAnnounce,
];

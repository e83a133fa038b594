import type { Trx } from '../db/database.js';
import { recordEvent } from './events.js';
import { referenceOf } from './reference.js';

/** Alerts that come this long after the end are still its doing. */
const echoMs = 15 * 60_000;

/**
 * An alert about the very asset that a backfill is rewriting, or about one of its runs, is the backfill's own doing: it is
 * written into its history and opens nothing. Null: no backfill explains it. What is merely downstream is not explained away:
 * a fault there may be real.
 */
export async function attachAlert(
  trx: Trx,
  params: { assetId: string | null; run: string | null; summary: string; now: Date },
): Promise<{ backfillId: string; reference: string } | null> {
  const { assetId, run, now } = params;
  if (assetId === null && run === null) return null;
  const backfill = await trx
    .selectFrom('backfill')
    .select(['id', 'number'])
    .where('started_at', '<=', now)
    .where((where) =>
      where.or([
        where('state', 'in', ['running', 'paused', 'halted', 'cancelling', 'verifying']),
        where('finished_at', '>', new Date(now.getTime() - echoMs)),
      ]),
    )
    .where((where) =>
      where.or([
        ...(assetId === null ? [] : [where('asset_id', '=', assetId)]),
        ...(run === null
          ? []
          : [
              where.exists(
                where
                  .selectFrom('backfill_chunk')
                  .select('backfill_chunk.id')
                  .whereRef('backfill_chunk.backfill_id', '=', 'backfill.id')
                  .where('external_id', '=', run),
              ),
            ]),
      ]),
    )
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (backfill === undefined) return null;
  await recordEvent(trx, {
    backfillId: backfill.id,
    kind: 'alert',
    text: `Alert while it runs: ${params.summary.slice(0, 300)}`,
    now,
  });
  return { backfillId: backfill.id, reference: referenceOf(backfill) };
}

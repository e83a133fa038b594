import type { Trx } from '../db/database.js';
import { recordEvent } from './events.js';
import { referenceOf } from './reference.js';

/**
 * An alert about the very asset that a backfill is rewriting, or about one of its runs, is the backfill's own doing: it is
 * written into its history and opens nothing. Null: no backfill explains it. What is merely downstream is not explained away, and
 * neither is what fires once it has ended, whenever the alert arrives: a fault there may be real, and a test that fails after a
 * backfill is the very thing that somebody has to see. `at` is the time of the alert by its source's clock.
 */
export async function attachAlert(
  trx: Trx,
  params: { assetId: string | null; run: string | null; summary: string; at: Date; now: Date },
): Promise<{ backfillId: string; reference: string } | null> {
  const { assetId, run, now } = params;
  if (assetId === null && run === null) return null;
  // A source whose clock is ahead must not have its alerts fall behind the end.
  const at = new Date(Math.min(params.at.getTime(), now.getTime()));
  const backfill = await trx
    .selectFrom('backfill')
    .select(['id', 'number'])
    .where('started_at', '<=', at)
    .where((where) =>
      where.or([
        where('state', 'in', ['running', 'paused', 'halted', 'cancelling', 'verifying']),
        where('finished_at', '>=', at),
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

import type { CatalogView } from '../catalog/view.js';
import type { Trx } from '../db/database.js';
import { recordEvent } from './events.js';
import { referenceOf } from './reference.js';

/** Alerts that come this long after the end are still its doing. */
const echoMs = 15 * 60_000;

/**
 * An alert on an asset that a running backfill rewrites (or on what is built from it) is its own doing: it is written into the
 * backfill's history and opens nothing. Null: no backfill explains it.
 */
export async function attachAlert(
  trx: Trx,
  params: { view: CatalogView; assetId: string; summary: string; now: Date },
): Promise<{ backfillId: string; reference: string } | null> {
  const related = [
    params.assetId,
    ...params.view.upstream(params.assetId).map(({ asset }) => asset.id),
  ].slice(0, 1_000);
  const backfill = await trx
    .selectFrom('backfill')
    .select(['id', 'number'])
    .where('asset_id', 'in', related)
    .where((where) =>
      where.or([
        where('state', 'in', ['running', 'paused', 'halted', 'cancelling', 'verifying']),
        where('finished_at', '>', new Date(params.now.getTime() - echoMs)),
      ]),
    )
    .where('started_at', 'is not', null)
    .where('started_at', '<=', params.now)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (backfill === undefined) return null;
  await recordEvent(trx, {
    backfillId: backfill.id,
    kind: 'alert',
    text: `Alert while it runs: ${params.summary.slice(0, 300)}`,
    now: params.now,
  });
  return { backfillId: backfill.id, reference: referenceOf(backfill) };
}

import type { CatalogView } from '../catalog/view.js';
import type { Trx } from '../db/database.js';
import type { BackfillRow } from './events.js';
import { referenceOf } from './reference.js';

/** Downstream of one asset at most this many are told; a walk over more is no warning but noise. */
const downstreamLimit = 2_000;

/** Says on the asset and on everything built from it that it is being rewritten, until when. */
export async function openNotices(
  trx: Trx,
  view: CatalogView,
  backfill: BackfillRow,
  eta: Date | null,
  now: Date,
): Promise<void> {
  // Whoever shows a notice names its reference in front.
  const summary = `rebuilding ${backfill.partitions} ${backfill.grain}${backfill.partitions === 1 ? '' : 's'} of ${backfill.asset_name}`;
  const rows = [
    { id: backfill.asset_id, relation: 'direct' as const, level: 'caution' as const },
    ...view
      .downstream(backfill.asset_id)
      .slice(0, downstreamLimit)
      .map(({ asset }) => ({ id: asset.id, relation: 'downstream' as const, level: 'caution' as const })),
  ];
  await trx
    .insertInto('asset_notice')
    .values(
      rows.map((row) => ({
        asset_id: row.id,
        kind: 'backfill' as const,
        subject_id: backfill.id,
        reference: referenceOf(backfill),
        relation: row.relation,
        level: row.level,
        private: false,
        summary,
        eta,
        starts_at: now,
        updated_at: now,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['kind', 'subject_id', 'asset_id'])
        .doUpdateSet({ eta, summary, ends_at: null, updated_at: now }),
    )
    .execute();
}

export async function moveEta(trx: Trx, backfillId: string, eta: Date | null, now: Date): Promise<void> {
  await trx
    .updateTable('asset_notice')
    .set({ eta, updated_at: now })
    .where('kind', '=', 'backfill')
    .where('subject_id', '=', backfillId)
    .where('ends_at', 'is', null)
    .execute();
}

/** It is over: from now on the notice is history, and says what was done instead of what is going on. */
export async function closeNotices(
  trx: Trx,
  backfill: BackfillRow,
  how: 'rebuilt' | 'failed' | 'cancelled',
  now: Date,
): Promise<void> {
  const what = `${backfill.partitions} ${backfill.grain}${backfill.partitions === 1 ? '' : 's'} of ${backfill.asset_name}`;
  const words = {
    rebuilt: `rebuilt ${what}`,
    failed: `tried to rebuild ${what} and ended with failures`,
    cancelled: `was cancelled while rebuilding ${what}`,
  };
  await trx
    .updateTable('asset_notice')
    .set({ ends_at: now, updated_at: now, summary: words[how] })
    .where('kind', '=', 'backfill')
    .where('subject_id', '=', backfill.id)
    .where('ends_at', 'is', null)
    .execute();
}

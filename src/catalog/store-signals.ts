import type { Trx } from '../db/database.js';
import type { Signal } from './asset.js';
import { inBatches } from './batches.js';

/** Appends what was measured; an outcome that is there already is not there twice. Returns how many were new. */
export async function storeSignals(trx: Trx, signals: readonly Signal[]): Promise<number> {
  let added = 0;
  for (const batch of inBatches(signals, 1_000)) {
    const result = await trx
      .insertInto('signal')
      .values(
        batch.map((signal) => ({
          asset_id: signal.assetId,
          type: signal.type,
          name: signal.name,
          column_name: signal.columnName ?? null,
          status: signal.status,
          observed_at: new Date(signal.observedAt),
          loaded_at: signal.loadedAt === undefined ? null : new Date(signal.loadedAt),
          value: signal.value ?? null,
          unit: signal.unit ?? null,
          message: signal.message ?? null,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    added += Number(result.numInsertedOrUpdatedRows ?? 0);
  }
  return added;
}

import type { Selectable } from 'kysely';
import type { Db, Trx } from '../db/database.js';
import { NotFoundError } from '../errors.js';
import type { Services } from '../services.js';
import type { BackfillRow } from './events.js';
import type { PartitionSlice } from './partition.js';
import type { MaySee } from './pipelines.js';
import type { BackfillChunkTable } from './tables.js';

export type ChunkRow = Selectable<BackfillChunkTable>;

export async function loadBackfill(db: Db | Trx, id: string): Promise<BackfillRow> {
  const row = await db.selectFrom('backfill').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new NotFoundError(notThere);
  return row;
}

/** With its row locked: every decision about one backfill queues up behind the other. */
export async function lockBackfill(trx: Trx, id: string): Promise<BackfillRow> {
  const row = await trx
    .selectFrom('backfill')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError(notThere);
  return row;
}

const notThere = 'There is no such backfill. `/backfill list` shows those that are.';

/** By number, for this reader: one they may not know of is answered like one that does not exist. */
export async function findBackfill(
  services: Services,
  number: number | null,
  maySee: MaySee,
): Promise<BackfillRow> {
  const row =
    number === null
      ? undefined
      : await services.db.selectFrom('backfill').selectAll().where('number', '=', number).executeTakeFirst();
  if (row === undefined || !visible(services, row, maySee)) throw new NotFoundError(notThere);
  return row;
}

/** An asset that has left the catalog has no rules any more: its backfills stay readable for nobody but the operator. */
export function visible(services: Services, row: Pick<BackfillRow, 'asset_id'>, maySee: MaySee): boolean {
  const asset = services.catalog.current().view.get(row.asset_id);
  return asset !== undefined && maySee(asset);
}

export async function chunksOf(db: Db | Trx, backfillId: string): Promise<ChunkRow[]> {
  return db
    .selectFrom('backfill_chunk')
    .selectAll()
    .where('backfill_id', '=', backfillId)
    .orderBy('seq')
    .execute();
}

export async function partitionsOf(db: Db | Trx, backfillId: string) {
  return db
    .selectFrom('backfill_partition')
    .selectAll()
    .where('backfill_id', '=', backfillId)
    .orderBy('range_from')
    .execute();
}

/** The exact slices of one chunk, from the rows kept at the start. */
export async function slicesOf(
  db: Db | Trx,
  chunk: Pick<ChunkRow, 'backfill_id' | 'partition_keys'>,
): Promise<PartitionSlice[]> {
  const rows = await db
    .selectFrom('backfill_partition')
    .select(['key', 'range_from', 'range_to'])
    .where('backfill_id', '=', chunk.backfill_id)
    .where('key', 'in', chunk.partition_keys)
    .orderBy('range_from')
    .execute();
  return rows.map((row) => ({ key: row.key, start: row.range_from, end: row.range_to }));
}

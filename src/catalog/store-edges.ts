import { sql } from 'kysely';
import type { Trx } from '../db/database.js';
import type { EdgeDraft, EdgeKind } from './asset.js';
import { assetId } from './asset-id.js';
import { inBatches } from './batches.js';

interface EdgeRow {
  from_id: string;
  to_id: string;
  kind: EdgeKind;
}

/**
 * Brings the lineage inside one source to what it says now. Edges to things it does not have are kept with the source, not here. Of what it could not speak of
 * (`untold`, its own ids) the lineage stays.
 */
export async function storeEdges(
  trx: Trx,
  source: string,
  edges: readonly EdgeDraft[],
  untold: readonly string[] = [],
): Promise<{ added: number; removed: number }> {
  const live = await trx
    .selectFrom('asset')
    .select('id')
    .where('source', '=', source)
    .where('removed_at', 'is', null)
    .execute();
  const ids = new Set(live.map((row) => row.id));
  const wanted = new Map<string, EdgeRow>();
  for (const edge of edges) {
    const row = { from_id: assetId(source, edge.from), to_id: assetId(source, edge.to), kind: edge.kind };
    if (ids.has(row.from_id) && ids.has(row.to_id)) wanted.set(keyOf(row), row);
  }
  const existing = await trx
    .selectFrom('asset_edge')
    .innerJoin('asset', 'asset.id', 'asset_edge.to_id')
    .select(['asset_edge.from_id', 'asset_edge.to_id', 'asset_edge.kind'])
    .where('asset.source', '=', source)
    .execute();
  const silent = new Set(untold.map((sourceId) => assetId(source, sourceId)));
  const gone = existing.filter(
    (row) => !wanted.has(keyOf(row)) && !silent.has(row.from_id) && !silent.has(row.to_id),
  );
  for (const row of existing) wanted.delete(keyOf(row));
  for (const batch of inBatches(gone, 1_000)) {
    await sql`
      delete from asset_edge using jsonb_to_recordset(${JSON.stringify(batch)}::jsonb) as gone (from_id uuid, to_id uuid, kind text)
      where asset_edge.from_id = gone.from_id and asset_edge.to_id = gone.to_id and asset_edge.kind = gone.kind`.execute(
      trx,
    );
  }
  for (const batch of inBatches([...wanted.values()], 1_000)) {
    await trx.insertInto('asset_edge').values(batch).execute();
  }
  return { added: wanted.size, removed: gone.length };
}

function keyOf(row: EdgeRow): string {
  return `${row.from_id} ${row.to_id} ${row.kind}`;
}

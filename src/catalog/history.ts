import type { Db, Trx } from '../db/database.js';
import type { AssetDraft } from './asset.js';
import type { ChangeKind, FieldChange, SchemaChange } from './versions.js';

/** One state of an asset, from its time until the next version's. */
export interface AssetVersion {
  assetId: string;
  number: number;
  at: Date;
  change: ChangeKind;
  breaking: boolean;
  changes: FieldChange[];
  schemaChanges: SchemaChange[];
  revision: string | null;
  draft: AssetDraft;
}

/** All versions of one asset, newest first. */
export async function versionsOf(db: Db, assetId: string, limit = 100): Promise<AssetVersion[]> {
  const rows = await db
    .selectFrom('asset_version')
    .selectAll()
    .where('asset_id', '=', assetId)
    .orderBy('number', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toVersion);
}

/** The definition in force at a time; undefined when the asset was not known then. */
export async function versionAt(db: Db, assetId: string, at: Date): Promise<AssetVersion | undefined> {
  const row = await db
    .selectFrom('asset_version')
    .selectAll()
    .where('asset_id', '=', assetId)
    .where('at', '<=', at)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined || row.change === 'removed' ? undefined : toVersion(row);
}

/** What changed about some assets in a window, newest first. `created` counts as a change only when it is asked for. */
export async function changesOf(
  db: Db | Trx,
  assetIds: readonly string[],
  window: { from: Date; to: Date },
  kinds: readonly ChangeKind[] = ['meaning', 'schema', 'code', 'removed', 'restored'],
): Promise<AssetVersion[]> {
  if (assetIds.length === 0) return [];
  const rows = await db
    .selectFrom('asset_version')
    .selectAll()
    .where('asset_id', 'in', [...assetIds])
    .where('at', '>=', window.from)
    .where('at', '<=', window.to)
    .where('change', 'in', [...kinds])
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(toVersion);
}

interface VersionRow {
  asset_id: string;
  number: number;
  at: Date;
  change: ChangeKind;
  breaking: boolean;
  changes: FieldChange[];
  schema_changes: SchemaChange[];
  revision: string | null;
  draft: AssetDraft;
}

function toVersion(row: VersionRow): AssetVersion {
  return {
    assetId: row.asset_id,
    number: row.number,
    at: row.at,
    change: row.change,
    breaking: row.breaking,
    changes: row.changes,
    schemaChanges: row.schema_changes,
    revision: row.revision,
    draft: row.draft,
  };
}

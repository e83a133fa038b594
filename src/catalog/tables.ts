import type { ColumnType, Generated } from 'kysely';
import type { AssetDraft, AssetKind, EdgeDraft, EdgeKind, SignalDraft } from './asset.js';
import type { ChangeKind, FieldChange, SchemaChange } from './versions.js';

type Timestamp = ColumnType<Date, Date, Date>;
type NullableTimestamp = ColumnType<Date | null, Date | null | undefined, Date | null>;
type Json<Value> = ColumnType<Value, string | undefined, string>;

export interface CatalogTables {
  /** One row. `version` goes up with every change, and `steward_catalog` is notified: other processes then load the catalog anew. */
  catalog_version: { id: number; version: ColumnType<string, number, number>; changed_at: NullableTimestamp };
  catalog_source: {
    name: string;
    type: string;
    /** Place in steward.yml. */
    position: number;
    info: Json<Record<string, string>>;
    warnings: Json<string[]>;
    /** Edges whose other end the source does not have. */
    unresolved: Json<EdgeDraft[]>;
    /** Last good read; its content is in force until the next one. */
    synced_at: NullableTimestamp;
    attempted_at: Timestamp;
    /** Why the last attempt failed; null when it did not. */
    error: string | null;
    /** No longer configured. */
    removed_at: NullableTimestamp;
  };
  asset: {
    id: string;
    source: string;
    source_id: string;
    kind: AssetKind;
    name: string;
    draft: ColumnType<AssetDraft, string, string>;
    content_hash: string;
    first_seen_at: Timestamp;
    changed_at: Timestamp;
    /** A tombstone: the source no longer has it. Requests, incidents and grants still refer to it. */
    removed_at: NullableTimestamp;
  };
  asset_edge: { from_id: string; to_id: string; kind: EdgeKind };
  asset_version: {
    id: Generated<string>;
    asset_id: string;
    number: number;
    at: Timestamp;
    change: ChangeKind;
    breaking: boolean;
    content_hash: string;
    draft: ColumnType<AssetDraft, string, string>;
    changes: Json<FieldChange[]>;
    schema_changes: Json<SchemaChange[]>;
    /** Commit or artifact that it was read from, where known. */
    revision: string | null;
  };
  signal: {
    id: Generated<string>;
    asset_id: string;
    type: SignalDraft['type'];
    name: string;
    column_name: string | null;
    status: SignalDraft['status'];
    observed_at: Timestamp;
    loaded_at: NullableTimestamp;
    value: number | null;
    unit: string | null;
    message: string | null;
  };
}

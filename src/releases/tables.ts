import type { ColumnType, Generated } from 'kysely';
import type { ChangeKind } from '../catalog/versions.js';

type Timestamp = ColumnType<Date, Date, Date>;
type NullableTimestamp = ColumnType<Date | null, Date | null | undefined, Date | null>;
type Nullable<Value> = ColumnType<Value | null, Value | null | undefined, Value | null>;

export interface ReleaseTables {
  /** What changed in one domain since its last note. One draft per domain. */
  release_note: {
    id: Generated<string>;
    domain: string;
    state: 'draft' | 'sent' | 'dropped';
    /** What its owner wrote above the list. */
    words: Generated<string>;
    created_at: Timestamp;
    updated_at: Timestamp;
    sent_at: NullableTimestamp;
    /** Who sent or dropped it. */
    decided_by: Nullable<string>;
  };
  /** One version of one asset; what it says is read from `asset_version`. */
  release_note_item: {
    note_id: string;
    asset_id: string;
    version: number;
    change: ChangeKind;
    breaking: boolean;
    /** Left out by its owner. */
    omitted: Generated<boolean>;
    at: Timestamp;
  };
}

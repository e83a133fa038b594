import type { ColumnType, Generated } from 'kysely';
import type { DefinitionState } from './state.js';
import type { DefinitionText, Impact, Proposed } from './text.js';

type Timestamp = ColumnType<Date, Date, Date>;
type NullableTimestamp = ColumnType<Date | null, Date | null | undefined, Date | null>;
type Nullable<Value> = ColumnType<Value | null, Value | null | undefined, Value | null>;

export interface DefinitionChangeTable {
  id: Generated<string>;
  /** People see `DEF-<number>`. */
  number: Generated<number>;
  kind: 'change' | 'deprecate';
  state: DefinitionState;
  asset_id: string;
  asset_name: string;
  /** As the catalog had it when it was proposed. */
  present: ColumnType<DefinitionText, string, never>;
  /** Only what is to change. */
  proposed: ColumnType<Proposed, string, never>;
  successor_id: Nullable<string>;
  /** Name of the successor, as the source knows it. */
  successor: Nullable<string>;
  /** Last day of use, ISO date. */
  last_day: Nullable<string>;
  reason: string;
  /** From when it is to hold, ISO date. */
  effective_date: string;
  impact: ColumnType<Impact, string, never>;
  requested_by: Nullable<string>;
  /** Idempotency key: the same submission twice is one request. */
  view_id: string;
  /** Unified diff for the source, or plain instructions where its file cannot be edited; null until it is made. */
  patch: Nullable<string>;
  /** The file that the patch changes, as the source names it; null for plain instructions. */
  patch_file: Nullable<string>;
  thread_permalink: Nullable<string>;
  /** Branch in the source's repository, once it was made. */
  branch: Nullable<string>;
  pull_request_url: Nullable<string>;
  /** Why the repository did not take it, the last time it was tried. */
  pull_request_error: Nullable<string>;
  approved_at: NullableTimestamp;
  in_source_at: NullableTimestamp;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface DefinitionTables {
  definition_change: DefinitionChangeTable;
}

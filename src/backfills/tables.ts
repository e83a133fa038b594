import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { Grain } from './partition.js';
import type { Direction } from './plan-chunks.js';
import type { Preview } from './preview/preview.js';
import type { BackfillState, ChunkState } from './state.js';
import type { Verification } from './verify/verification.js';

type Timestamp = ColumnType<Date, Date, Date>;
type NullableTimestamp = ColumnType<Date | null, Date | null | undefined, Date | null>;
type Nullable<Value> = ColumnType<Value | null, Value | null | undefined, Value | null>;
/** bigint arrives as text from the driver. */
type BigCount = ColumnType<string | null, number | null | undefined, number | null>;

/** What is rebuilt: only partitions without rows, only those whose last run failed, or all of the window. */
export type Reprocess = 'missing' | 'failed' | 'all';

export interface BackfillTable {
  id: Generated<string>;
  /** People see `BF-<number>`. */
  number: Generated<number>;
  state: BackfillState;
  asset_id: string;
  asset_name: string;
  executor: string;
  pipeline: string;
  grain: Grain;
  time_zone: string;
  requested_by: Nullable<string>;
  /** Idempotency key of the delivery that asked: the same submission twice is one request. */
  request_key: string;
  window_text: string;
  window_from: Timestamp;
  window_to: Timestamp;
  partitions: number;
  reprocess: Reprocess;
  direction: Direction;
  concurrency: number;
  stop_after: number;
  depends_on_past: boolean;
  reason: string;
  /** Incident it serves, by id; its follow-up is ticked by a verified backfill. */
  incident_id: Nullable<string>;
  preview: JSONColumnType<Preview, string, string>;
  preview_hash: string;
  /** Name of the policy rule that decided. */
  rule: Nullable<string>;
  approval_id: Nullable<string>;
  joined_to: Nullable<string>;
  waits_for: Nullable<string>;
  /** Why it waits, is paused or halted: one sentence for people. */
  hold: Nullable<string>;
  /** Raised by every start, resume and retry: names timers of one stretch of running. */
  epoch: Generated<number>;
  started_at: NullableTimestamp;
  /** Failures count from here: from the start, or from the last resume or retry. */
  counted_from: NullableTimestamp;
  finished_at: NullableTimestamp;
  eta: NullableTimestamp;
  /** When the bar last moved, and to what: it moves on 5 % or 15 s. */
  shown_at: NullableTimestamp;
  shown_percent: Generated<number>;
  /** Whether a failed chunk was ever retried: reported as rework. */
  reworked: Generated<boolean>;
  verification: ColumnType<Verification | null, string | null | undefined, string | null>;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface BackfillChunkTable {
  id: Generated<string>;
  backfill_id: string;
  seq: number;
  asset_id: string;
  executor: string;
  pipeline: string;
  partition_keys: string[];
  range_from: Timestamp;
  range_to: Timestamp;
  state: ColumnType<ChunkState, ChunkState | undefined, ChunkState>;
  attempt: Generated<number>;
  external_id: Nullable<string>;
  external_url: Nullable<string>;
  /** Not before this time: the executor was down or busy. */
  not_before: NullableTimestamp;
  claimed_at: NullableTimestamp;
  /** When the executor was about to be told: from then on, no answer means that it may have started. */
  told_at: NullableTimestamp;
  started_at: NullableTimestamp;
  finished_at: NullableTimestamp;
  error: Nullable<string>;
  log_url: Nullable<string>;
  updated_at: Timestamp;
}

/** One partition of one backfill: what was in it before and after. */
export interface BackfillPartitionTable {
  backfill_id: string;
  key: string;
  range_from: Timestamp;
  range_to: Timestamp;
  rows_before: BigCount;
  rows_after: BigCount;
}

/** Past runs of a pipeline: what estimates rest on. */
export interface BackfillRunTable {
  id: Generated<string>;
  asset_id: string;
  chunk_id: Nullable<string>;
  /** With `chunk_id` unique: one attempt counts once. */
  attempt: number;
  partitions: number;
  seconds: number;
  rows: BigCount;
  outcome: 'succeeded' | 'failed';
  finished_at: Timestamp;
}

/** The history that stands in the card's thread. */
export interface BackfillEventTable {
  id: Generated<string>;
  backfill_id: string;
  kind: string;
  text: string;
  at: Timestamp;
}

/** People told how it ends: who joined, who pressed "Tell me". */
export interface BackfillWatcherTable {
  backfill_id: string;
  person_id: string;
}

export interface BackfillTables {
  backfill: BackfillTable;
  backfill_chunk: BackfillChunkTable;
  backfill_partition: BackfillPartitionTable;
  backfill_run: BackfillRunTable;
  backfill_event: BackfillEventTable;
  backfill_watcher: BackfillWatcherTable;
}

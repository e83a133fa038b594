import type { z } from 'zod';
import { StewardError } from '../../errors.js';
import type { PartitionSlice } from '../partition.js';
import type { Direction } from '../plan-chunks.js';
import type { Reprocess } from '../tables.js';

/** What an executor knows of a pipeline, before anything runs. */
export interface PipelineFacts {
  /** Hash of everything that decides what a run does (SQL, deployment, DAG id). A change after the preview stops the start. */
  fingerprint: string;
  /** Each partition is built from the one before it; undefined where the executor cannot tell. */
  dependsOnPast?: boolean;
  /** Why nothing can run there now: the DAG is paused, the pipeline has no schedule. */
  warnings: string[];
}

/** `present`: has rows or a successful run. `running`: somebody else's run builds it right now. */
export interface PartitionStanding {
  state: 'missing' | 'failed' | 'present' | 'running' | 'unknown';
  /** In it now. */
  rows?: number;
  bytes?: number;
}

export interface PreviewAsk {
  pipeline: string;
  slices: readonly PartitionSlice[];
  reprocess: Reprocess;
  direction: Direction;
  concurrency: number;
}

export interface ExecutorPreview {
  facts: PipelineFacts;
  /** By partition key. A key that is absent is `unknown`. */
  standing: ReadonlyMap<string, PartitionStanding>;
  /** The executor's own dry run in one sentence, where it has one. */
  dryRun?: string;
}

/** One start of one chunk. */
export interface ChunkStart {
  chunkId: string;
  attempt: number;
  /** The same on every try of this start and different for every other: rides in the run's id, tags, conf or cause. */
  key: string;
  /** `BF-3`: for the other side's people. */
  reference: string;
  pipeline: string;
  slices: readonly PartitionSlice[];
  reprocess: Reprocess;
  direction: Direction;
  concurrency: number;
  now: Date;
}

/** A run that the other side knows. */
export interface RunHandle {
  externalId: string;
  url?: string;
}

export interface RowCount {
  key: string;
  before?: number;
  after: number;
}

/** Where a run stands. `gone`: proven not to run and not to have taken effect, so that it may be started again. */
export type RunStanding =
  | { state: 'queued' | 'running' | 'cancelling' }
  | { state: 'succeeded'; rows?: RowCount[]; url?: string }
  | { state: 'failed'; error: string; url?: string }
  | { state: 'cancelled' }
  | { state: 'gone'; why: string };

export interface CancelOutcome {
  /** Whether it is certain that nothing runs any more. */
  stopped: boolean;
  /** What was done and what still runs, for people. */
  words: string;
}

export interface Executor {
  name: string;
  type: string;
  /** Chunks at once, over all pipelines. */
  maxRunning: number;
  /** Partitions in one chunk. */
  chunkSize: number;
  /** Chunks of one pipeline at once; some systems allow one. */
  maxPerPipeline: number;
  /** Starting twice with one key starts one run. Else an unknown outcome waits for a person, it never restarts blind. */
  startsOnce: boolean;
  /** What cancel reaches, for the card: `running work stops`, `queued runs only` … */
  cancelReach: string;
  /** A run may show up this long after its start was asked for. */
  appearsWithinMs: number;
  /** A chunk that runs longer is stalled: a person is told. */
  stallAfterMs: number;
  costPerHour?: number;
  /** Why there is no dry run, where the kind of executor has one but this mode of it does not. */
  noDryRun?: string;
  preview: (ask: PreviewAsk) => Promise<ExecutorPreview>;
  /** The run of this key, if the other side knows one: asked before every start. */
  find: (start: ChunkStart) => Promise<RunHandle | null>;
  /**
   * Starts it and does not wait for its end. Throws `ExecutorUnavailableError` (nothing was started), `OutcomeUnknownError`
   * (it may have been), `ExecutorRefusedError` (never will).
   */
  start: (start: ChunkStart) => Promise<RunHandle>;
  standing: (handle: RunHandle, start: ChunkStart) => Promise<RunStanding>;
  cancel: (handle: RunHandle, start: ChunkStart) => Promise<CancelOutcome>;
  /** Rows per partition as they are now; absent where the executor has no sight of the data. */
  countRows?: (pipeline: string, slices: readonly PartitionSlice[]) => Promise<ReadonlyMap<string, number>>;
  close?: () => Promise<void>;
}

/** What an executor may use of the world. */
export interface ExecutorContext {
  fetch: typeof globalThis.fetch;
  secret: (name: string) => string | undefined;
  /** Folder that relative paths of the configuration start from. */
  baseDir: string;
  /** Connection string of a warehouse of steward.yml. */
  warehouseUrl: (name: string) => string;
  now: () => Date;
}

/** One folder under executors/: `index.ts` (this), `schema.ts`, tests beside, one line in registry.ts. */
export interface ExecutorConnector<Config = unknown> {
  type: string;
  config: z.ZodType<Config>;
  make: (config: Config, context: ExecutorContext) => Executor;
}

/** A connector as the registry holds it: its entry of steward.yml is parsed before it is made. */
export interface RegisteredExecutor {
  type: string;
  open: (entry: unknown, context: ExecutorContext) => Executor;
}

export function defineExecutor<Config>(connector: ExecutorConnector<Config>): RegisteredExecutor {
  return {
    type: connector.type,
    open: (entry, context) => connector.make(connector.config.parse(entry), context),
  };
}

/** The executor cannot be reached or asks for patience. Nothing was started. */
export class ExecutorUnavailableError extends StewardError {
  readonly code = 'executor_unavailable';
  readonly retryAfterMs: number;
  constructor(message: string, retryAfterMs = 15_000) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The answer was lost: it may have been started or not. */
export class OutcomeUnknownError extends StewardError {
  readonly code = 'outcome_unknown';
}

/** The executor says no and will go on saying so: unknown pipeline, bad credentials, wrong dates. */
export class ExecutorRefusedError extends StewardError {
  readonly code = 'executor_refused';
  readonly url: string | undefined;
  constructor(message: string, url?: string) {
    super(message);
    this.url = url;
  }
}

/** Partition, chunk and attempt in one name that every system takes: letters, digits, dashes. */
export function startKey(chunkId: string, attempt: number): string {
  return `steward-${chunkId}-${attempt}`;
}

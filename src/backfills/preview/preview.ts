import type { Estimate, UsualVolume } from '../estimate.js';
import type { PartitionStanding } from '../executors/executor.js';

export interface PreviewPartition {
  key: string;
  start: string;
  end: string;
  standing: PartitionStanding['state'];
  rows?: number;
  bytes?: number;
}

export interface DownstreamAsset {
  assetId: string;
  name: string;
  kind: string;
  tier?: number;
  owners: string[];
  distance: number;
  /** Not everybody may know that it is there. */
  restricted?: true;
}

export type ConflictKind = 'backfill' | 'in-flight' | 'quiet-hours' | 'freeze' | 'incident' | 'executor';

export interface Conflict {
  kind: ConflictKind;
  /** `hold`: the run waits until it is over. `ask`: policy and people decide, knowing it. `stop`: cannot run. */
  weight: 'hold' | 'ask' | 'stop';
  words: string;
  /** `BF-2`, `INC-7`, name of the freeze. */
  reference?: string;
}

/**
 * What a backfill will do, before anyone approves it. Stored with the request; what is compared at the start is
 * `fingerprint`: partitions, pipeline, conflicts that were not there.
 */
export interface Preview {
  /** Exactly what will be rebuilt, in order of time. */
  partitions: PreviewPartition[];
  /** Left out under the reprocess rule. */
  skipped: number;
  readBack: string;
  notes: string[];
  chunks: number;
  estimate: Estimate;
  rowsNow: number | null;
  /** Of the rows that are in the partitions now, without indexes. */
  bytes: number | null;
  /** Where nobody can count what is there: what past runs wrote. Absent where unknown, and in previews stored before this was kept. */
  usualRows?: UsualVolume;
  /** The same of what they read. */
  usualBytes?: UsualVolume;
  dryRun: string | null;
  /** What could not be asked, in words. Absent in previews stored before this was kept. */
  notKnown?: string[];
  downstream: DownstreamAsset[];
  /** Everything, for policy: never shown, for it counts what some may not know of. */
  downstreamTotal: number;
  /** How many of them everybody may know of. Absent in previews stored before this was kept. */
  downstreamKnown?: number;
  conflicts: Conflict[];
  executorType: string;
  cancelReach: string;
  pipelineFingerprint: string;
  madeAt: string;
}

import { createHash } from 'node:crypto';
import { isHidden } from '../../catalog/visibility.js';
import { InvalidInputError } from '../../errors.js';
import type { Services } from '../../services.js';
import { NothingToDoError } from '../errors.js';
import { estimate, usualVolume } from '../estimate.js';
import type { Executor, ExecutorPreview } from '../executors/executor.js';
import { describeSlices, type PartitionSlice } from '../partition.js';
import type { MaySee, PipelineAsset } from '../pipelines.js';
import { checkOrder, type Direction, planChunks } from '../plan-chunks.js';
import type { Reprocess } from '../tables.js';
import { windowOf } from '../window/parse.js';
import { findConflicts } from './conflicts.js';
import { downstreamOf } from './downstream.js';
import { pastRuns } from './past-runs.js';
import type { Preview } from './preview.js';

export interface PreviewRequest {
  asset: PipelineAsset;
  slices: readonly PartitionSlice[];
  reprocess: Reprocess;
  direction: Direction;
  concurrency: number;
  maySee: MaySee;
  exceptId?: string;
  incidentId?: string | null;
  /** What was understood of the window, and what to say about it. */
  notes?: readonly string[];
  now: Date;
}

export interface MadePreview {
  preview: Preview;
  hash: string;
  dependsOnPast: boolean;
  executor: Executor;
  /** What will be rebuilt: the window, less what the reprocess rule leaves out. */
  slices: PartitionSlice[];
}

/** Looks at everything a backfill would touch. Writes nothing, here or there. */
export async function makePreview(services: Services, ask: PreviewRequest): Promise<MadePreview> {
  const executor = services.executors.require(ask.asset.executor.name);
  const seen = await executor.preview({
    pipeline: ask.asset.executor.pipeline,
    slices: ask.slices,
    reprocess: ask.reprocess,
    direction: ask.direction,
    concurrency: ask.concurrency,
  });
  const dependsOnPast = seen.facts.dependsOnPast ?? ask.asset.meta.depends_on_past === true;
  checkOrder({ dependsOnPast, direction: ask.direction, pipeline: ask.asset.name });
  const slices = select(ask, seen);
  const { view } = services.catalog.current();
  const concurrency = dependsOnPast
    ? 1
    : Math.min(ask.concurrency, executor.maxPerPipeline, executor.maxRunning);
  const rows = sumOf(slices, seen, 'rows');
  const bytes = sumOf(slices, seen, 'bytes');
  const past = await pastRuns(services.db, view, { assetId: ask.asset.id, now: ask.now });
  const usualRows = rows === null ? usualVolume(past.rows, slices.length) : null;
  const usualBytes = bytes === null ? usualVolume(past.bytes, slices.length) : null;
  const downstream = downstreamOf(view, ask.asset.id, {
    maySee: ask.maySee,
    knownToAll: (asset) => !isHidden(services.config, asset),
  });
  const preview: Preview = {
    partitions: slices.map((slice) => {
      const standing = seen.standing.get(slice.key);
      return {
        key: slice.key,
        start: slice.start.toISOString(),
        end: slice.end.toISOString(),
        standing: standing?.state ?? 'unknown',
        ...(standing?.rows === undefined ? {} : { rows: standing.rows }),
        ...(standing?.bytes === undefined ? {} : { bytes: standing.bytes }),
      };
    }),
    skipped: ask.slices.length - slices.length,
    readBack: windowOf(slices, ask.asset.partition).readBack,
    notes: [...(ask.notes ?? [])],
    chunks: planChunks(slices, { direction: ask.direction, chunkSize: executor.chunkSize }).length,
    estimate: estimate({
      past: past.times,
      partitions: slices.length,
      concurrency,
      ...(executor.costPerHour === undefined ? {} : { costPerHour: executor.costPerHour }),
      ...(rows === null ? (usualRows === null ? {} : { rows: usualRows.p90 }) : { rows }),
    }),
    rowsNow: rows,
    bytes,
    ...(usualRows === null ? {} : { usualRows }),
    ...(usualBytes === null ? {} : { usualBytes }),
    dryRun: seen.dryRun ?? null,
    notKnown: notKnown(executor, seen, {
      rows: rows ?? usualRows?.median,
      bytes: bytes ?? usualBytes?.median,
    }),
    downstream: downstream.shown,
    downstreamTotal: downstream.total,
    downstreamKnown: downstream.known,
    conflicts: await findConflicts(services.db, services.config, {
      asset: ask.asset,
      slices,
      standing: seen.standing,
      warnings: seen.facts.warnings,
      ...(ask.exceptId === undefined ? {} : { exceptId: ask.exceptId }),
      incidentId: ask.incidentId ?? null,
      now: ask.now,
    }),
    executorType: executor.type,
    cancelReach: executor.cancelReach,
    pipelineFingerprint: seen.facts.fingerprint,
    madeAt: ask.now.toISOString(),
  };
  return { preview, hash: hashOf(preview), dependsOnPast, executor, slices };
}

/** What must still be true at the start: the exact partitions and what the pipeline does. */
export function hashOf(preview: Pick<Preview, 'partitions' | 'pipelineFingerprint'>): string {
  const essence = [preview.pipelineFingerprint, ...preview.partitions.map(({ key }) => key).sort()];
  return createHash('sha256').update(JSON.stringify(essence)).digest('hex');
}

/** How reality differs from what was approved, in words; null when it does not. */
export function describeChange(before: Preview, after: Preview): string | null {
  const changes: string[] = [];
  const old = new Set(before.partitions.map(({ key }) => key));
  const fresh = new Set(after.partitions.map(({ key }) => key));
  const added = [...fresh].filter((key) => !old.has(key));
  const gone = [...old].filter((key) => !fresh.has(key));
  if (added.length > 0) changes.push(`${added.length} partitions more (${added.slice(0, 3).join(', ')})`);
  if (gone.length > 0) changes.push(`${gone.length} partitions fewer (${gone.slice(0, 3).join(', ')})`);
  if (before.pipelineFingerprint !== after.pipelineFingerprint)
    changes.push('the pipeline itself was changed');
  const known = new Set(before.conflicts.map(({ kind, reference }) => `${kind} ${reference ?? ''}`));
  for (const conflict of after.conflicts) {
    if (conflict.weight === 'hold' || conflict.kind === 'quiet-hours' || conflict.kind === 'freeze') continue;
    if (!known.has(`${conflict.kind} ${conflict.reference ?? ''}`))
      changes.push(conflict.words.replace(/\.$/, ''));
  }
  return changes.length === 0 ? null : changes.join('; ');
}

function select(ask: PreviewRequest, seen: ExecutorPreview): PartitionSlice[] {
  if (ask.reprocess === 'all') return [...ask.slices];
  const unknown = ask.slices.filter(
    (slice) => (seen.standing.get(slice.key)?.state ?? 'unknown') === 'unknown',
  );
  if (unknown.length > 0) {
    throw new InvalidInputError(
      `${ask.asset.executor.name} cannot tell which partitions are ${ask.reprocess} (${describeSlices(unknown, 3)}). Choose “all”, or name the exact partitions.`,
      { reprocess: `It is not known which partitions are ${ask.reprocess}. Choose “all”.` },
    );
  }
  const chosen = ask.slices.filter((slice) => {
    const state = seen.standing.get(slice.key)?.state;
    return state === ask.reprocess || (ask.reprocess === 'missing' && state === 'running');
  });
  if (chosen.length === 0) {
    throw new NothingToDoError(
      `No partition of that window is ${ask.reprocess}: nothing needs to be rebuilt. Choose “all” to rebuild what is there.`,
    );
  }
  return chosen;
}

/** Over the partitions that would be rebuilt; null as soon as one of them is not known. */
function sumOf(
  slices: readonly PartitionSlice[],
  seen: ExecutorPreview,
  what: 'rows' | 'bytes',
): number | null {
  let sum = 0;
  for (const slice of slices) {
    const value = seen.standing.get(slice.key)?.[what];
    if (value === undefined) return null;
    sum += value;
  }
  return sum;
}

/** What nobody could be asked, in words: whoever approves should not take silence for an answer. */
function notKnown(
  executor: Executor,
  seen: ExecutorPreview,
  sums: { rows: number | undefined; bytes: number | undefined },
): string[] {
  const words: string[] = [];
  const failed = seen.facts.warnings.some((warning) => /dry run/i.test(warning));
  if (seen.dryRun === undefined && !failed)
    words.push(executor.noDryRun ?? `${executor.type} has no dry run, so none was made`);
  const unseen = (['rows', 'bytes'] as const).filter((what) => sums[what] === undefined);
  if (unseen.length > 0)
    words.push(`${unseen.join(' and ')}, since ${executor.name} could not count them and no past run says`);
  if (executor.costPerHour === undefined)
    words.push(`the cost, since no price per hour is set for ${executor.name}`);
  return words;
}

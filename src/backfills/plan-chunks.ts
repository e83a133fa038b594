import { InvalidInputError } from '../errors.js';
import type { PartitionSlice } from './partition.js';
import type { ChunkState } from './state.js';

export type Direction = 'forward' | 'backward';

export interface PlannedChunk {
  /** Order of the run, from 1. */
  seq: number;
  slices: PartitionSlice[];
}

/** Cuts partitions (oldest first) into chunks of neighbours, in the order they will run. A gap always begins a new chunk. */
export function planChunks(
  slices: readonly PartitionSlice[],
  params: { direction: Direction; chunkSize: number },
): PlannedChunk[] {
  if (!Number.isInteger(params.chunkSize) || params.chunkSize < 1)
    throw new RangeError('chunkSize must be 1 or more');
  const groups: PartitionSlice[][] = [];
  for (const slice of slices) {
    const group = groups.at(-1);
    const previous = group?.at(-1);
    const neighbour = previous !== undefined && previous.end.getTime() === slice.start.getTime();
    if (group !== undefined && neighbour && group.length < params.chunkSize) group.push(slice);
    else groups.push([slice]);
  }
  if (params.direction === 'backward') groups.reverse();
  return groups.map((group, index) => ({ seq: index + 1, slices: group }));
}

/** A partition that needs the one before it can neither run newest first nor side by side with it. */
export function checkOrder(params: { dependsOnPast: boolean; direction: Direction; pipeline: string }): void {
  if (!params.dependsOnPast || params.direction === 'forward') return;
  throw new InvalidInputError(
    `${params.pipeline} builds each partition from the one before it, so it can only run oldest first.`,
    { direction: 'This pipeline depends on its past: oldest first only.' },
  );
}

export interface ChunkStanding {
  id: string;
  seq: number;
  state: ChunkState;
}

/**
 * Which chunks may start now, in order, given how many places are free. With `dependsOnPast` a chunk waits until every one
 * before it has succeeded (or needed nothing).
 */
export function nextChunks(
  chunks: readonly ChunkStanding[],
  params: { free: number; dependsOnPast: boolean },
): ChunkStanding[] {
  const inOrder = [...chunks].sort((a, b) => a.seq - b.seq);
  if (params.free <= 0) return [];
  if (!params.dependsOnPast) return inOrder.filter(({ state }) => state === 'pending').slice(0, params.free);
  const first = inOrder.find(({ state }) => state !== 'succeeded' && state !== 'skipped');
  return first?.state === 'pending' ? [first] : [];
}

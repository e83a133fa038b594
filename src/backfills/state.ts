import { IllegalTransitionError } from '../errors.js';

/**
 * requested: previewed, waits for approval · waiting: approved, waits for its turn · running · paused: by a person · halted: by
 * itself, asks a person · cancelling: something still runs elsewhere · verifying · succeeded · failed: ended with failed
 * chunks or a failed check · cancelled · declined, withdrawn, expired: never approved · joined: another backfill does it.
 */
export const backfillStates = [
  'requested',
  'waiting',
  'running',
  'paused',
  'halted',
  'cancelling',
  'verifying',
  'succeeded',
  'failed',
  'cancelled',
  'declined',
  'withdrawn',
  'expired',
  'joined',
] as const;
export type BackfillState = (typeof backfillStates)[number];

export const backfillTransitions: Readonly<Record<BackfillState, readonly BackfillState[]>> = {
  requested: ['waiting', 'declined', 'withdrawn', 'expired', 'cancelled'],
  waiting: ['running', 'halted', 'paused', 'cancelled'],
  running: ['paused', 'halted', 'cancelling', 'cancelled', 'verifying'],
  paused: ['running', 'waiting', 'cancelling', 'cancelled'],
  halted: ['running', 'waiting', 'cancelling', 'cancelled'],
  cancelling: ['cancelled'],
  verifying: ['succeeded', 'failed'],
  succeeded: [],
  failed: ['running'],
  cancelled: [],
  declined: [],
  withdrawn: [],
  expired: [],
  joined: [],
};

/** States in which a backfill may still rewrite something: what overlaps it joins or waits. */
export const liveStates = [
  'requested',
  'waiting',
  'running',
  'paused',
  'halted',
  'cancelling',
  'verifying',
] as const satisfies readonly BackfillState[];
export const endedStates = [
  'succeeded',
  'failed',
  'cancelled',
  'declined',
  'withdrawn',
  'expired',
] as const satisfies readonly BackfillState[];

/**
 * pending · starting: claimed, the executor may have been told · unknown: told, but whether it started is not known; waits ·
 * running · stalled: runs longer than it may, a person was told · cancelling: asked to stop, not yet seen stopped ·
 * succeeded · failed · cancelled · skipped: nothing to do under the reprocess rule.
 */
export const chunkStates = [
  'pending',
  'starting',
  'unknown',
  'running',
  'stalled',
  'cancelling',
  'succeeded',
  'failed',
  'cancelled',
  'skipped',
] as const;
export type ChunkState = (typeof chunkStates)[number];

export const chunkTransitions: Readonly<Record<ChunkState, readonly ChunkState[]>> = {
  pending: ['starting', 'skipped', 'cancelled'],
  starting: ['running', 'succeeded', 'failed', 'unknown', 'pending', 'cancelling', 'cancelled'],
  unknown: ['running', 'succeeded', 'failed', 'pending', 'cancelling', 'cancelled'],
  running: ['succeeded', 'failed', 'stalled', 'cancelling', 'cancelled', 'pending'],
  stalled: ['running', 'succeeded', 'failed', 'cancelling', 'cancelled', 'pending'],
  cancelling: ['cancelled', 'succeeded', 'failed'],
  succeeded: [],
  failed: ['pending'],
  cancelled: [],
  skipped: [],
};

/** States in which something may be running elsewhere on the chunk's behalf. They hold a place under the caps. */
export const activeChunkStates = [
  'starting',
  'unknown',
  'running',
  'stalled',
  'cancelling',
] as const satisfies readonly ChunkState[];

/** States that people call otherwise. */
const spoken: Partial<Record<BackfillState, string>> = {
  requested: 'waiting for approval',
  joined: 'part of another backfill',
  halted: 'stopped until somebody decides',
  cancelling: 'being cancelled',
  verifying: 'done and being verified',
  succeeded: 'done',
};
const wanted: Partial<Record<BackfillState, string>> = {
  waiting: 'started',
  running: 'started',
  halted: 'stopped',
  cancelling: 'cancelled',
  verifying: 'verified',
  succeeded: 'done',
};

/** Throws when the table does not allow the move. Every guarded update asks it first. */
export function checkBackfillMove(reference: string, from: BackfillState, to: BackfillState): void {
  if (backfillTransitions[from].includes(to)) return;
  const which = from === to ? ' already' : `, so it cannot be ${wanted[to] ?? to}`;
  throw new IllegalTransitionError(
    `${reference} is ${spoken[from] ?? from}${which}. Nothing was changed.`,
    from,
    to,
  );
}

export function checkChunkMove(from: ChunkState, to: ChunkState): void {
  if (chunkTransitions[from].includes(to)) return;
  throw new IllegalTransitionError(
    `The chunk is ${from}, so it cannot become ${to}. Nothing was changed.`,
    from,
    to,
  );
}

export function isActiveChunk(state: ChunkState): boolean {
  return activeChunkStates.some((active) => active === state);
}

import type { AuditAction } from '../audit/actions.js';
import { type Actor, recordAudit } from '../audit/record.js';
import type { Trx } from '../db/database.js';
import { IllegalTransitionError } from '../errors.js';
import { refreshCards } from '../jobs/outgoing.js';
import { type BackfillRow, cardKind } from './events.js';
import type { ChunkRow } from './load.js';
import { referenceOf } from './reference.js';
import { type BackfillState, type ChunkState, checkBackfillMove, checkChunkMove } from './state.js';

type BackfillChange = Partial<
  Pick<
    BackfillRow,
    | 'hold'
    | 'epoch'
    | 'started_at'
    | 'counted_from'
    | 'finished_at'
    | 'eta'
    | 'shown_at'
    | 'shown_percent'
    | 'reworked'
    | 'waits_for'
    | 'rule'
  >
> & { verification?: string | null };

/** Moves a backfill by the table, guarded by the state it was read in, with its audit row and its cards. */
export async function moveBackfill(
  trx: Trx,
  backfill: BackfillRow,
  to: BackfillState,
  params: {
    actor: Actor;
    now: Date;
    action: AuditAction;
    change?: BackfillChange;
    text?: Record<string, unknown>;
  },
): Promise<BackfillRow> {
  checkBackfillMove(referenceOf(backfill), backfill.state, to);
  const moved = await trx
    .updateTable('backfill')
    .set({ ...params.change, state: to, updated_at: params.now })
    .where('id', '=', backfill.id)
    .where('state', '=', backfill.state)
    .returningAll()
    .executeTakeFirst();
  if (moved === undefined) {
    throw new IllegalTransitionError(
      `${referenceOf(backfill)} has moved on meanwhile. Nothing was changed.`,
      backfill.state,
      to,
    );
  }
  await recordAudit(trx, {
    actor: params.actor,
    action: params.action,
    subject: { kind: 'backfill', id: backfill.id },
    now: params.now,
    before: { state: backfill.state },
    after: { state: to },
    ...(params.text === undefined ? {} : { text: params.text }),
  });
  await refreshCards(trx, { kind: cardKind, id: backfill.id }, params.now);
  return moved;
}

type ChunkChange = Partial<
  Pick<
    ChunkRow,
    | 'attempt'
    | 'external_id'
    | 'external_url'
    | 'not_before'
    | 'claimed_at'
    | 'told_at'
    | 'started_at'
    | 'finished_at'
    | 'error'
    | 'log_url'
  >
>;

/**
 * Moves a chunk by the table, guarded by state and attempt. False: somebody else moved it first, and their word stands. With
 * `audit: null` nothing is recorded: only for looks that change no decision.
 */
export async function moveChunk(
  trx: Trx,
  chunk: ChunkRow,
  to: ChunkState,
  params: { now: Date; actor: Actor; change?: ChunkChange },
): Promise<boolean> {
  checkChunkMove(chunk.state, to);
  const result = await trx
    .updateTable('backfill_chunk')
    .set({ ...params.change, state: to, updated_at: params.now })
    .where('id', '=', chunk.id)
    .where('state', '=', chunk.state)
    .where('attempt', '=', chunk.attempt)
    .executeTakeFirst();
  if (result.numUpdatedRows !== 1n) return false;
  await recordAudit(trx, {
    actor: params.actor,
    action: 'backfill.chunk',
    subject: { kind: 'backfill', id: chunk.backfill_id },
    now: params.now,
    before: { chunk: chunk.seq, state: chunk.state, attempt: chunk.attempt },
    after: { chunk: chunk.seq, state: to, attempt: params.change?.attempt ?? chunk.attempt },
  });
  return true;
}

import type { Selectable } from 'kysely';
import { type Actor, recordAudit } from '../audit/record.js';
import type { Db, Trx } from '../db/database.js';
import { IllegalTransitionError, NotFoundError } from '../errors.js';
import { refreshCards } from '../jobs/outgoing.js';
import { checkDefinitionMove, type DefinitionState } from './state.js';
import type { DefinitionChangeTable } from './tables.js';

export type DefinitionRow = Selectable<DefinitionChangeTable>;

export const cardKind = 'definition';
export const noteCardKind = 'definition-note';

/** What people see. Inside it is a uuid; a number is never authority. */
export function referenceOf(change: { number: number }): string {
  return `DEF-${change.number}`;
}

/** Key of the one message that shows a change in the approvals channel; its thread is the decision log. */
export function channelCardKey(changeId: string): string {
  return `definition:${changeId}:channel`;
}

export async function loadDefinition(db: Db | Trx, id: string): Promise<DefinitionRow> {
  const row = await db.selectFrom('definition_change').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new NotFoundError('There is no such definition change. Nothing was changed.');
  return row;
}

/** Moves a change by the table, guarded by the state it was read in, with its audit row and its cards. */
export async function moveDefinition(
  trx: Trx,
  change: DefinitionRow,
  to: DefinitionState,
  params: { actor: Actor; now: Date; reason?: string | null },
): Promise<void> {
  checkDefinitionMove(referenceOf(change), change.state, to);
  const moved = await trx
    .updateTable('definition_change')
    .set({
      state: to,
      updated_at: params.now,
      ...(to === 'approved' ? { approved_at: params.now } : {}),
      ...(to === 'in-source' ? { in_source_at: params.now } : {}),
    })
    .where('id', '=', change.id)
    .where('state', '=', change.state)
    .executeTakeFirst();
  if (moved.numUpdatedRows !== 1n) {
    throw new IllegalTransitionError(
      `${referenceOf(change)} has moved on meanwhile. Nothing was changed.`,
      change.state,
      to,
    );
  }
  await recordAudit(trx, {
    actor: params.actor,
    action: `definition.${to}`,
    subject: { kind: 'definition', id: change.id },
    now: params.now,
    before: { state: change.state },
    after: { state: to, asset: change.asset_id },
    ...(params.reason ? { text: { reason: params.reason } } : {}),
  });
  await refreshCards(trx, { kind: cardKind, id: change.id }, params.now);
}

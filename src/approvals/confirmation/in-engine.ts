import { recordAudit } from '../../audit/record.js';
import type { StewardConfig } from '../../config/steward-schema.js';
import type { Trx } from '../../db/database.js';
import { NotAllowedError } from '../../errors.js';
import type { Decide } from '../approvals.js';
import type { RequestRow } from '../engine/finish.js';

/** The engine's half of a second confirmation: asking for one, and spending it in the transaction of the approval. */

interface Wanted {
  request: RequestRow;
  stage: number;
  decision: Decide;
}

/** Where an approver confirms. The id is unguessable and no authority: the identity that signs in is. */
export function confirmationUrl(config: NonNullable<StewardConfig['confirmation']>, id: string): string {
  return new URL(`confirm/${id}`, withSlash(config.publicUrl)).href;
}

/** A folder's address: what is resolved against it stays below it. */
export function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}

/** Keeps what was pressed until it is confirmed, and returns where. Nothing is decided by it. Pressing again starts afresh. */
export async function wantConfirmation(
  trx: Trx,
  config: StewardConfig['confirmation'],
  { request, stage, decision }: Wanted,
): Promise<string> {
  if (!config) {
    throw new NotAllowedError(
      `The policy wants approvals of ${request.reference} confirmed by a second sign-in, and none is set up (\`confirmation\` in steward.yml). Nothing was decided. Tell an administrator.`,
    );
  }
  const { now } = decision;
  await trx
    .deleteFrom('approval_confirmation')
    .where('request_id', '=', request.id)
    .where('person_id', '=', decision.personId)
    .where('state', 'in', ['wanted', 'started'])
    .execute();
  const { id } = await trx
    .insertInto('approval_confirmation')
    .values({
      request_id: request.id,
      stage,
      person_id: decision.personId,
      reason: decision.reason,
      shorten_to_ms: decision.shortenToMs ?? null,
      state: 'wanted',
      created_at: now,
      expires_at: new Date(now.getTime() + config.validFor),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await recordAudit(trx, {
    actor: decision.actor,
    action: 'approval.confirmation_wanted',
    subject: { kind: request.kind, id: request.subject_id },
    now,
    after: { requestId: request.id, stage, confirmationId: id },
  });
  return confirmationUrl(config, id);
}

/**
 * Spends a confirmation, once, for exactly what was pressed: this request, this stage, this person, this time. Throws
 * `NotAllowedError` for any other, and rolls the approval back with it.
 */
export async function spendConfirmation(
  trx: Trx,
  { request, stage, decision }: Wanted & { decision: Decide & { confirmationId: string } },
): Promise<void> {
  const spent = await trx
    .updateTable('approval_confirmation')
    .set({ state: 'used' })
    .where('id', '=', decision.confirmationId)
    .where('state', '=', 'confirmed')
    .where('request_id', '=', request.id)
    .where('stage', '=', stage)
    .where('person_id', '=', decision.personId)
    .where('expires_at', '>', decision.now)
    .where(
      'shorten_to_ms',
      'is not distinct from',
      decision.shortenToMs === undefined ? null : String(decision.shortenToMs),
    )
    .executeTakeFirst();
  if (spent.numUpdatedRows !== 1n) {
    throw new NotAllowedError(
      `What you confirmed is not what waits for you now: ${request.reference} has moved on. Nothing was decided. Press Approve again if it still waits.`,
    );
  }
}

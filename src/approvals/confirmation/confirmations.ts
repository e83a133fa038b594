import { createHash } from 'node:crypto';
import { type Actor, recordAudit } from '../../audit/record.js';
import { NotAllowedError, NotFoundError } from '../../errors.js';
import type { Services } from '../../services.js';
import type { Decided } from '../approvals.js';
import { isUuid } from '../engine/finish.js';

/**
 * A second confirmation, from the press of *Approve* to the identity that signs in: wanted -> started -> confirmed -> used, or
 * refused. A row is short-lived and says what would be decided; the approval itself is made by the engine with all its checks.
 */

export interface WantedApproval {
  id: string;
  personName: string;
  reference: string;
  title: string;
  requesterName: string;
  reason: string | null;
  stage: string;
  shortenToMs: number | null;
}

/** What a sign-in must bring back. `state` and `browser` are kept as hashes: who reads the table cannot finish a flow. */
export interface SignIn {
  state: string;
  /** Value of the cookie: only the browser that began may finish. */
  browser: string;
  nonce: string;
  codeVerifier: string;
}

/** Who signed in, as the identity provider said it. */
export interface Identity {
  issuer: string;
  subject: string;
  email: string | null;
  emailVerified: boolean;
}

const gone =
  'This confirmation is over, was used already, or never was. Nothing was decided by it. Press Approve in Slack again if the request still waits for you.';

type Base = Pick<Services, 'db' | 'directory'>;

/** What stands on the page before anybody signs in. Throws `NotFoundError` for what is over. */
export async function readWanted(services: Base, params: { id: string; now: Date }): Promise<WantedApproval> {
  const row = !isUuid(params.id)
    ? undefined
    : await services.db
        .selectFrom('approval_confirmation')
        .innerJoin('approval_request', 'approval_request.id', 'approval_confirmation.request_id')
        .innerJoin('approval_stage', (join) =>
          join
            .onRef('approval_stage.request_id', '=', 'approval_confirmation.request_id')
            .onRef('approval_stage.idx', '=', 'approval_confirmation.stage'),
        )
        .innerJoin('person', 'person.id', 'approval_confirmation.person_id')
        .innerJoin('person as requester', 'requester.id', 'approval_request.requester_id')
        .select([
          'approval_confirmation.id',
          'approval_confirmation.shorten_to_ms',
          'approval_request.reference',
        ])
        .select(['approval_request.title', 'approval_request.reason', 'approval_stage.name as stage'])
        .select(['person.name as person_name', 'requester.name as requester_name'])
        .where('approval_confirmation.id', '=', params.id)
        .where('approval_confirmation.state', 'in', ['wanted', 'started'])
        .where('approval_confirmation.expires_at', '>', params.now)
        .where('approval_request.state', '=', 'pending')
        .executeTakeFirst();
  if (!row) throw new NotFoundError(gone);
  return {
    id: row.id,
    personName: row.person_name,
    reference: row.reference,
    title: row.title,
    requesterName: row.requester_name,
    reason: row.reason,
    stage: row.stage,
    shortenToMs: row.shorten_to_ms === null ? null : Number(row.shorten_to_ms),
  };
}

/** Binds a sign-in to the row. A second start replaces the first: only the newest can be finished. */
export async function startSignIn(
  services: Base,
  params: { id: string; signIn: SignIn; now: Date },
): Promise<void> {
  const { signIn } = params;
  const started = !isUuid(params.id)
    ? undefined
    : await services.db
        .updateTable('approval_confirmation')
        .set({
          state: 'started',
          state_hash: sha256(signIn.state),
          browser_hash: sha256(signIn.browser),
          nonce: signIn.nonce,
          code_verifier: signIn.codeVerifier,
        })
        .where('id', '=', params.id)
        .where('state', 'in', ['wanted', 'started'])
        .where('expires_at', '>', params.now)
        .executeTakeFirst();
  if (started?.numUpdatedRows !== 1n) throw new NotFoundError(gone);
}

/** The sign-in that a returning browser belongs to; taken by it, so that a second return finds nothing. */
export async function takeSignIn(
  services: Base,
  params: { state: string; browser: string; now: Date },
): Promise<{ id: string; nonce: string; codeVerifier: string }> {
  const taken = await services.db.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom('approval_confirmation')
      .select(['id', 'nonce', 'code_verifier'])
      .where('state_hash', '=', sha256(params.state))
      .where('browser_hash', '=', sha256(params.browser))
      .where('state', '=', 'started')
      .where('expires_at', '>', params.now)
      .forUpdate()
      .executeTakeFirst();
    if (!row?.nonce || !row.code_verifier) return null;
    await trx
      .updateTable('approval_confirmation')
      .set({ state_hash: null, browser_hash: null, nonce: null, code_verifier: null })
      .where('id', '=', row.id)
      .execute();
    return { id: row.id, nonce: row.nonce, codeVerifier: row.code_verifier };
  });
  if (!taken) throw new NotFoundError(gone);
  return taken;
}

/**
 * The identity is held against the approver: its e-mail, verified, must be theirs. Then the approval is made as it was pressed. Throws what
 * `decide` throws; a wrong identity is recorded and ends the confirmation.
 */
export async function confirmApproval(
  services: Base & Pick<Services, 'approvals'>,
  params: { id: string; identity: Identity; now: Date },
): Promise<Decided> {
  const { identity, now } = params;
  const row = await services.db
    .selectFrom('approval_confirmation')
    .innerJoin('approval_request', 'approval_request.id', 'approval_confirmation.request_id')
    .select(['approval_confirmation.request_id', 'approval_confirmation.person_id', 'shorten_to_ms'])
    .select(['approval_confirmation.reason', 'approval_request.kind', 'approval_request.subject_id'])
    .where('approval_confirmation.id', '=', params.id)
    .executeTakeFirst();
  if (!row) throw new NotFoundError(gone);
  const person = await services.directory.byId(services.db, row.person_id);
  const actor: Actor = { personId: row.person_id, kind: 'person', channel: 'web' };
  const theirs =
    person?.status === 'active' &&
    person.email !== null &&
    identity.emailVerified &&
    identity.email?.toLowerCase() === person.email.toLowerCase();
  await services.db.transaction().execute(async (trx) => {
    const settled = await trx
      .updateTable('approval_confirmation')
      .set({ state: theirs ? 'confirmed' : 'refused', issuer: identity.issuer, settled_at: now })
      .where('id', '=', params.id)
      .where('state', '=', 'started')
      .where('expires_at', '>', now)
      .executeTakeFirst();
    if (settled.numUpdatedRows !== 1n) throw new NotFoundError(gone);
    await recordAudit(trx, {
      actor,
      action: theirs ? 'approval.confirmed' : 'approval.confirmation_refused',
      subject: { kind: row.kind, id: row.subject_id },
      now,
      after: { requestId: row.request_id, confirmationId: params.id, emailVerified: identity.emailVerified },
      text: { issuer: identity.issuer, subject: identity.subject, email: identity.email },
    });
  });
  if (!theirs) {
    throw new NotAllowedError(
      `You signed in as ${identity.email ?? 'somebody without an e-mail address'}${identity.emailVerified ? '' : ' (not verified)'}, and this approval was pressed by somebody else. Nothing was decided; the attempt is recorded.`,
    );
  }
  return services.approvals.decide({
    requestId: row.request_id,
    personId: row.person_id,
    actor,
    verdict: 'approve',
    reason: row.reason,
    ...(row.shorten_to_ms === null ? {} : { shortenToMs: Number(row.shorten_to_ms) }),
    confirmationId: params.id,
    now,
  });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

import { createHash } from 'node:crypto';
import type { Updateable } from 'kysely';
import type { Db, Trx } from '../db/database.js';
import { IllegalTransitionError, NotFoundError } from '../errors.js';
import { refreshCards } from '../jobs/outgoing.js';
import type { AccessLevel, AccessState, AccessTables } from './tables.js';

/**
 * Life of a request and the grant that follows: approval decides `requested`; the warehouse's side is apart from it.
 * A grant that vanished goes back to `provisioning`, and so does one whose suspension is lifted (src/access/hold.ts). A request that ends while the warehouse is being changed goes through `revoking`, so that nothing stays behind.
 */
export const transitions: Readonly<Record<AccessState, readonly AccessState[]>> = {
  requested: ['approved', 'provisioning', 'ended'],
  approved: ['provisioning', 'ended'],
  provisioning: ['active', 'suspending', 'suspended', 'revoking', 'ended'],
  active: ['suspending', 'revoking', 'provisioning'],
  suspending: ['suspended', 'provisioning', 'revoking'],
  suspended: ['provisioning', 'revoking'],
  revoking: ['ended'],
  ended: [],
};

/** States in which somebody holds access, or is about to. */
export const liveStates = [
  'approved',
  'provisioning',
  'active',
  'suspending',
  'suspended',
  'revoking',
] as const satisfies readonly AccessState[];
/** States from which a grant can still be ended. */
export const endableStates = [
  'approved',
  'provisioning',
  'active',
  'suspending',
  'suspended',
] as const satisfies readonly AccessState[];
/** States in which the warehouse should let them in. */
export const heldStates = ['provisioning', 'active'] as const satisfies readonly AccessState[];

export const cardKind = 'access-request';

export function reference(number: number): string {
  return `ACC-${number}`;
}

/**
 * A request joined with its right, as most functions need it. Who locks several locks them by id, after the dataset's holds (`lockHolds`) and
 * before an extension's approval (`Subject.lockFirst`): nobody then waits for somebody who waits for them.
 */
export async function readRequest(db: Db | Trx, requestId: string, lock = false) {
  const query = requestQuery(db).where('access_request.id', '=', requestId);
  const row = isUuid(requestId)
    ? await (lock ? query.forUpdate('access_request') : query).executeTakeFirst()
    : undefined;
  if (!row) throw notThere();
  return row;
}
export type AccessRow = Awaited<ReturnType<typeof readRequest>>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Ids come from buttons: anything that is no uuid is answered like an unknown one. */
export function isUuid(text: string): boolean {
  return uuid.test(text);
}

/** The same words for what is not there and what this person may not see. */
export function notThere(): NotFoundError {
  return new NotFoundError(
    'There is no such access request, or you may not see it. `/access mine` lists yours.',
  );
}

export function requestQuery(db: Db | Trx) {
  return db
    .selectFrom('access_request')
    .innerJoin('access_right', 'access_right.id', 'access_request.right_id')
    .selectAll('access_request')
    .select([
      'access_right.warehouse',
      'access_right.relation',
      'access_right.login',
      'access_right.object_key',
      'access_right.companions',
      'access_right.probe',
      'access_right.probed_at',
    ]);
}

/** The guarded move: only from the state it is in, only along the table above. */
export async function move(
  trx: Trx,
  request: Pick<AccessRow, 'id' | 'number' | 'state'>,
  to: AccessState,
  set: Updateable<AccessTables['access_request']>,
  now: Date,
): Promise<void> {
  if (!transitions[request.state].includes(to)) throw moved(request, to);
  const updated = await trx
    .updateTable('access_request')
    .set({
      ...set,
      state: to,
      ...(to === 'ended' ? { ended_at: now, trouble: null, trouble_since: null } : {}),
    })
    .where('id', '=', request.id)
    .where('state', '=', request.state)
    .executeTakeFirst();
  if (updated.numUpdatedRows !== 1n) throw moved(request, to);
  await refreshCards(trx, { kind: cardKind, id: request.id }, now);
}

function moved(request: Pick<AccessRow, 'number' | 'state'>, to: AccessState): IllegalTransitionError {
  return new IllegalTransitionError(
    `${reference(request.number)} is ${spokenState(request.state)} now, so nothing was changed. \`/access show ${request.number}\` tells more.`,
    request.state,
    to,
  );
}

export function spokenState(state: AccessState): string {
  const words: Record<AccessState, string> = {
    requested: 'waiting for approval',
    approved: 'approved and waiting for its start',
    provisioning: 'approved and being set up',
    active: 'active',
    suspending: 'being suspended',
    suspended: 'suspended for now',
    revoking: 'being taken back',
    ended: 'over',
  };
  return words[state];
}

/** What happened, for the thread, the export and the auditor: statements run, probes, retries. */
export async function recordEvent(
  trx: Trx,
  event: { requestId: string; kind: string; detail?: Record<string, unknown>; now: Date },
): Promise<void> {
  await trx
    .insertInto('access_event')
    .values({
      request_id: event.requestId,
      at: event.now,
      kind: event.kind,
      detail: JSON.stringify(event.detail ?? {}),
    })
    .execute();
}

export interface RightKey {
  warehouse: string;
  login: string;
  relation: string;
  level: AccessLevel;
  columns: readonly string[];
}

/** The row of a right, made when it is first asked for. */
export async function ensureRight(
  trx: Trx,
  right: RightKey & { personId: string; now: Date },
): Promise<string> {
  const columns = [...new Set(right.columns)].sort();
  const key = hash([right.warehouse, right.login, right.relation, right.level, ...columns]);
  await trx
    .insertInto('access_right')
    .values({
      key,
      object_key: hash([right.warehouse, right.login, right.relation]),
      warehouse: right.warehouse,
      login: right.login,
      relation: right.relation,
      level: right.level,
      columns,
      person_id: right.personId,
      created_at: right.now,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
  const row = await trx
    .selectFrom('access_right')
    .select('id')
    .where('key', '=', key)
    .executeTakeFirstOrThrow();
  return row.id;
}

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);
}

/** Work of one login on one relation is done in order. */
export function laneOfRight(objectKey: string): string {
  return `access:${objectKey}`;
}

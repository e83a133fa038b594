import { type Actor, recordAudit } from '../audit/record.js';
import type { Db, Trx } from '../db/database.js';
import { IllegalTransitionError, InvalidInputError } from '../errors.js';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';
import { rolesOnRequest } from './authority.js';
import {
  type AccessRow,
  endableStates,
  liveStates,
  move,
  readRequest,
  recordEvent,
  reference,
  requestQuery,
  spokenState,
} from './lifecycle.js';
import { noteToRequester } from './notes.js';
import { end } from './settle.js';
import { enqueueApply } from './subject.js';
import type { EndingHow } from './tables.js';

export interface EndAccess {
  requestId: string;
  person: Person;
  actor: Actor;
  now: Date;
}

/** Given back early by whoever holds it: ends this one grant. Another grant of the same right goes on. */
export async function returnAccess(services: Services, params: EndAccess): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    const request = await readRequest(trx, params.requestId, true);
    services.authority.require('access.return', await rolesOnRequest(services, trx, params.person, request));
    requireLive(request);
    await startEnding(services, trx, request, {
      how: 'returned',
      reason: null,
      by: params.person.id,
      actor: params.actor,
      now: params.now,
    });
  });
}

/** What a revoke would end, for whoever is about to write the reason. Refuses what `revokeAccess` would refuse. */
export async function lookAtRevoke(
  services: Services,
  params: { requestId: string; person: Person },
): Promise<number[]> {
  const request = await readRequest(services.db, params.requestId);
  services.authority.require(
    'access.revoke',
    await rolesOnRequest(services, services.db, params.person, request),
  );
  requireLive(request);
  return numbersOf(await grantsOfRight(services.db, request.right_id).execute());
}

/** Every grant that a revoke of this right ends, in the order in which they are locked. */
function grantsOfRight(db: Db | Trx, rightId: AccessRow['right_id']) {
  return requestQuery(db)
    .where('access_request.right_id', '=', rightId)
    .where('access_request.state', 'in', [...endableStates])
    .orderBy('access_request.id');
}

const numbersOf = (grants: readonly AccessRow[]): number[] =>
  grants.map(({ number }) => number).sort((a, b) => a - b);

/** Taken away by the owner or by security: ends every live grant of this right, with a reason. Returns their numbers. */
export async function revokeAccess(
  services: Services,
  params: EndAccess & { reason: string },
): Promise<number[]> {
  const reason = params.reason.trim();
  if (reason === '') {
    throw new InvalidInputError(
      'A revoke needs a reason: whoever loses the access will read it. Nothing was changed.',
      {
        reason: 'Say why it is taken away.',
      },
    );
  }
  return services.db.transaction().execute(async (trx) => {
    const { right_id } = await readRequest(trx, params.requestId);
    const all = await grantsOfRight(trx, right_id).forUpdate('access_request').execute();
    const request = await readRequest(trx, params.requestId, true);
    services.authority.require('access.revoke', await rolesOnRequest(services, trx, params.person, request));
    requireLive(request);
    for (const each of all) {
      await startEnding(services, trx, each, {
        how: 'revoked',
        reason,
        by: params.person.id,
        actor: params.actor,
        now: params.now,
      });
    }
    return numbersOf(all);
  });
}

/** Its time is over. A timer that comes early, late or twice changes nothing. */
export async function expireAccess(
  services: Services,
  params: { requestId: string; now: Date },
): Promise<Date | null> {
  return services.db.transaction().execute(async (trx) => {
    const request = await readRequest(trx, params.requestId, true);
    if (!endableStates.some((state) => state === request.state) || request.ends_at === null) return null;
    if (request.ends_at > params.now) return request.ends_at;
    const actor: Actor = { personId: null, kind: 'schedule', channel: 'schedule' };
    await startEnding(services, trx, request, {
      how: 'expired',
      reason: null,
      by: null,
      actor,
      now: params.now,
    });
    return null;
  });
}

/** The start that was asked for has come. */
export async function startAccess(
  services: Services,
  params: { requestId: string; now: Date },
): Promise<Date | null> {
  return services.db.transaction().execute(async (trx) => {
    const request = await readRequest(trx, params.requestId, true);
    if (request.state !== 'approved' || request.starts_at === null) return null;
    if (request.starts_at > params.now) return request.starts_at;
    if (request.ends_at !== null && request.ends_at <= params.now) return null;
    await move(trx, request, 'provisioning', {}, params.now);
    await enqueueApply(trx, request, 'grant', params.now);
    return null;
  });
}

/** Warns the holder before the end, unless the same right goes on through another grant, or the end has moved. */
export async function warnBeforeEnd(
  services: Services,
  params: { requestId: string; endsAt: Date; now: Date },
): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    const request = await readRequest(trx, params.requestId, true);
    if (request.state !== 'active' || request.ends_at === null) return;
    if (request.ends_at.getTime() !== params.endsAt.getTime() || request.ends_at <= params.now) return;
    const longer = await requestQuery(trx)
      .where('access_request.right_id', '=', request.right_id)
      .where('access_request.state', '=', 'active')
      .where('access_request.ends_at', '>', request.ends_at)
      .executeTakeFirst();
    if (!longer) await noteToRequester(services, trx, request, 'warn', params.now);
  });
}

export async function startEnding(
  services: Services,
  trx: Trx,
  request: AccessRow,
  params: { how: EndingHow; reason: string | null; by: string | null; actor: Actor; now: Date },
): Promise<void> {
  const { how, reason, by, now } = params;
  await recordAudit(trx, {
    actor: params.actor,
    action: `access.${how}_asked`,
    subject: { kind: 'access', id: request.id },
    now,
    before: { state: request.state },
    after: { state: request.state === 'approved' ? 'ended' : 'revoking', how },
    ...(reason === null ? {} : { text: { reason } }),
  });
  await dropExtension(services, trx, request, params);
  const ending = { ending_how: how, ending_reason: reason, ending_by: by };
  if (request.state === 'approved') {
    // Nothing was granted yet, so there is nothing to take back.
    await end(services, trx, { ...request, ...ending }, now, null);
    return;
  }
  await move(trx, request, 'revoking', { ...ending, trouble: null, trouble_since: null }, now);
  await recordEvent(trx, { requestId: request.id, kind: 'ending', detail: { how }, now });
  await enqueueApply(trx, request, how, now);
}

/** Nobody is asked any longer for more time of what is over. */
async function dropExtension(
  services: Services,
  trx: Trx,
  request: AccessRow,
  { actor, now }: { actor: Actor; now: Date },
): Promise<void> {
  const open = await trx
    .selectFrom('access_extension')
    .select('id')
    .where('request_id', '=', request.id)
    .where('state', '=', 'requested')
    .execute();
  for (const { id } of open)
    await services.approvals.cancel(trx, {
      kind: 'access-extension',
      subjectId: id,
      reason: `${reference(request.number)} is over, so there is nothing to extend. Access can be asked for anew.`,
      actor,
      now,
    });
}

function requireLive(request: AccessRow): void {
  if (liveStates.some((state) => state === request.state) && request.state !== 'revoking') return;
  throw new IllegalTransitionError(
    `${reference(request.number)} is ${spokenState(request.state)}, so there is nothing to take back. Nothing was changed.`,
    request.state,
    'revoking',
  );
}

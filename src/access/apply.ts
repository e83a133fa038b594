import { recordAudit, scheduleActor } from '../audit/record.js';
import type { Trx } from '../db/database.js';
import { refreshCards } from '../jobs/outgoing.js';
import type { Services } from '../services.js';
import { isHeld, lockHolds, settleSuspension } from './hold.js';
import {
  type AccessRow,
  cardKind,
  heldStates,
  liveStates,
  move,
  readRequest,
  recordEvent,
  reference,
  requestQuery,
} from './lifecycle.js';
import { noteToRequester } from './notes.js';
import {
  type Change,
  type Probe,
  type Provisioner,
  type Right,
  WarehouseBusyError,
  WarehouseRefusedError,
} from './provisioners/provisioner.js';
import { splitRelation } from './provisioners/relation-name.js';
import { tellRemains } from './remains.js';
import { adminNames } from './request-access.js';
import { activate, end } from './settle.js';
import { enqueueApply } from './subject.js';
import { openTask } from './tasks.js';

export interface ApplyParams {
  requestId: string;
  now: Date;
  signal: AbortSignal;
}

/** Look again at this time; null when there is nothing left to do. */
export type ApplyResult = Date | null;

const minuteMs = 60_000;
/** A grant that could not be made for this long is given up and said so; a revoke never is. */
const giveUpGrantMs = 86_400_000;

/**
 * Brings the warehouse to what the request's state says: grants in `provisioning`, takes back in `revoking`. May run any number of
 * times. Serialised by the right's lane.
 */
export async function applyRequest(services: Services, params: ApplyParams): Promise<ApplyResult> {
  const request = await readRequest(services.db, params.requestId);
  if (!['provisioning', 'suspending', 'revoking'].includes(request.state)) return null;
  const provisioner = services.warehouses.get(request.warehouse);
  try {
    if (!provisioner) {
      throw new WarehouseBusyError(
        `The warehouse "${request.warehouse}" is not in steward.yml any more.`,
        15 * minuteMs,
      );
    }
    if (request.state === 'suspending') return await suspend(services, provisioner, request, params);
    return request.state === 'provisioning'
      ? await grant(services, provisioner, request, params)
      : await takeBack(services, provisioner, request, params);
  } catch (error) {
    return recordTrouble(services, request, error, params.now);
  }
}

/** Other rights of this login on this relation that must survive a change. */
async function rightsToKeep(services: Services, request: AccessRow): Promise<Right[]> {
  const rows = await requestQuery(services.db)
    .where('access_right.object_key', '=', request.object_key)
    .where('access_request.right_id', '<>', request.right_id)
    .where('access_request.state', 'in', [...heldStates])
    .execute();
  const rights = new Map(rows.map((row) => [row.right_id, rightOf(row)]));
  return [...rights.values()];
}

export function rightOf(row: Pick<AccessRow, 'login' | 'relation' | 'level' | 'columns'>): Right {
  return { login: row.login, relation: row.relation, level: row.level, columns: row.columns };
}

async function grant(
  services: Services,
  provisioner: Provisioner,
  request: AccessRow,
  params: ApplyParams,
): Promise<ApplyResult> {
  const { now, signal } = params;
  if (request.ends_at !== null && request.ends_at <= now) return null;
  if (await holdBack(services, request, now)) return null;
  const keep = await rightsToKeep(services, request);
  const change = await provisioner.grant(rightOf(request), {
    // A grant that vanished is made anew: another key than the first time, or the other side would take it for done.
    key: `${request.id}:grant:${request.active_at?.getTime() ?? 0}`,
    now,
    until: request.ends_at,
    keep,
    companions: [],
    signal,
  });
  if (change.task) return leaveToPerson(services, request, 'grant', change.task.team, now);
  const probe = await provisioner
    .probe(rightOf(request), { after: 'grant', keep, signal })
    .catch(async (error: unknown) => {
      await keepUnprobed(services, request.id, change, now);
      throw error;
    });
  await services.db.transaction().execute(async (trx) => {
    // Before the row, as whoever puts the dataset on hold does: neither then waits for the other.
    await lockHolds(trx, request.asset_id);
    const current = await readRequest(trx, request.id, true);
    await keepProbe(trx, current, probe, [...current.companions, ...(change.companions ?? [])], now);
    await recordChange(trx, current, 'granted', change, probe, now);
    // It may have been ended meanwhile: then the revoke that waits in this lane takes it back.
    if (current.state !== 'provisioning') return;
    if (await isHeld(trx, current.asset_id)) {
      // The dataset was put on hold while the warehouse was at work: what was just given is taken back.
      await move(trx, current, 'suspending', {}, now);
      await enqueueApply(trx, current, `suspend-late:${now.getTime()}`, now);
      return;
    }
    if (probe.can === false) return;
    await activate(services, trx, current, now);
  });
  if (probe.can === false)
    throw new WarehouseBusyError(`The warehouse took the grant, but ${probe.words}.`, minuteMs);
  return null;
}

/**
 * The warehouse took the grant and could not be asked about it. What came with it is kept at once: the next attempt finds it there already,
 * and it would never be taken back.
 */
async function keepUnprobed(
  services: Services,
  requestId: string,
  { statements, companions = [] }: Change,
  now: Date,
): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    const current = await readRequest(trx, requestId, true);
    await trx
      .updateTable('access_right')
      .set({ companions: JSON.stringify([...new Set([...current.companions, ...companions])]) })
      .where('id', '=', current.right_id)
      .execute();
    await recordEvent(trx, {
      requestId,
      kind: 'granted',
      detail: { statements, can: null, probe: 'the warehouse did not answer when it was asked' },
      now,
    });
  });
}

/** Where Steward cannot do it itself, a person of that team does, and says so on the task. */
async function leaveToPerson(
  services: Services,
  request: AccessRow,
  what: 'grant' | 'revoke',
  team: string,
  now: Date,
): Promise<ApplyResult> {
  await services.db.transaction().execute(async (trx) => {
    const current = await readRequest(trx, request.id, true);
    // Somebody may have marked it as done meanwhile: then there is nothing to do any more.
    if (current.state === request.state) await openTask(services, trx, current, what, team, now);
  });
  return null;
}

/** Nothing new is given on a dataset that is on hold; it comes when the hold is lifted. */
async function holdBack(services: Services, request: AccessRow, now: Date): Promise<boolean> {
  if (!(await isHeld(services.db, request.asset_id))) return false;
  return services.db.transaction().execute(async (trx) => {
    await lockHolds(trx, request.asset_id);
    const current = await readRequest(trx, request.id, true);
    if (current.state !== 'provisioning' || !(await isHeld(trx, current.asset_id))) return false;
    await move(trx, current, 'suspended', {}, now);
    await recordEvent(trx, { requestId: current.id, kind: 'held-back', now });
    return true;
  });
}

/** Takes back what the warehouse gives, and keeps the grant itself: it comes back when the hold is lifted. */
async function suspend(
  services: Services,
  provisioner: Provisioner,
  request: AccessRow,
  params: ApplyParams,
): Promise<ApplyResult> {
  const { now, signal } = params;
  const keep = await rightsToKeep(services, request);
  const change = await provisioner.revoke(rightOf(request), {
    key: `${request.id}:suspend:${request.active_at?.getTime() ?? 0}`,
    now,
    until: null,
    keep,
    // What came with the grant stays: it opens nothing by itself, and the grant will need it again.
    companions: [],
    signal,
  });
  if (change.task) return leaveToPerson(services, request, 'revoke', change.task.team, now);
  const probe = await provisioner.probe(rightOf(request), { after: 'revoke', keep, signal });
  await services.db.transaction().execute(async (trx) => {
    const current = await readRequest(trx, request.id, true);
    await keepProbe(trx, current, probe, current.companions, now);
    await recordChange(trx, current, 'suspended', change, probe, now);
    if (current.state !== 'suspending') return;
    await move(trx, current, 'suspended', { trouble: null, trouble_since: null }, now);
    await settleSuspension(services, trx, await readRequest(trx, current.id), now);
  });
  return null;
}

async function takeBack(
  services: Services,
  provisioner: Provisioner,
  request: AccessRow,
  params: ApplyParams,
): Promise<ApplyResult> {
  const { now, signal } = params;
  const other = await outlivedBy(services, request, now);
  if (other) {
    await services.db.transaction().execute(async (trx) => {
      const current = await readRequest(trx, request.id, true);
      if (current.state !== 'revoking') return;
      await recordEvent(trx, {
        requestId: current.id,
        kind: 'kept',
        detail: { by: reference(other.number), until: other.ends_at?.toISOString() },
        now,
      });
      await end(services, trx, current, now, `The same access goes on through ${reference(other.number)}.`);
    });
    return null;
  }
  const keep = await rightsToKeep(services, request);
  const companions = await companionsToTake(services, request);
  let change: Change;
  let probe: Probe;
  try {
    change = await provisioner.revoke(rightOf(request), {
      key: `${request.id}:revoke`,
      now,
      until: null,
      keep,
      companions: companions.take,
      signal,
    });
    if (change.task) return leaveToPerson(services, request, 'revoke', change.task.team, now);
    probe = await provisioner.probe(rightOf(request), { after: 'revoke', keep, signal });
  } catch (error) {
    if (
      !(error instanceof WarehouseRefusedError) ||
      (error.missing !== 'relation' && error.missing !== 'login')
    )
      throw error;
    change = { statements: [] };
    const gone = error.message.replace(/ Nothing was changed\.$/, '');
    probe =
      error.missing === 'login'
        ? { can: false, sources: [], words: `${gone} So nothing is left of it` }
        : // Rights go with a table wherever it is moved: what cannot be found cannot be asked.
          {
            can: null,
            sources: [],
            words: `${gone} If it only has another name now, what was given went with it`,
          };
  }
  return services.db.transaction().execute(async (trx) => {
    const current = await readRequest(trx, request.id, true);
    await keepProbe(trx, current, probe, [], now);
    await recordChange(trx, current, 'revoked', change, probe, now);
    if (current.state !== 'revoking') return null;
    if (probe.can !== true) {
      await end(services, trx, current, now, null);
      return null;
    }
    return tellRemains(services, trx, current, probe, now);
  });
}

/** Another request on the same right that still runs: the latest end of all counts. */
async function outlivedBy(services: Services, request: AccessRow, now: Date): Promise<AccessRow | null> {
  const row = await requestQuery(services.db)
    .where('access_request.right_id', '=', request.right_id)
    .where('access_request.id', '<>', request.id)
    .where('access_request.state', 'in', [...heldStates])
    .where('access_request.ends_at', '>', now)
    .orderBy('access_request.ends_at', 'desc')
    .executeTakeFirst();
  return row ?? null;
}

async function keepProbe(
  trx: Trx,
  request: AccessRow,
  probe: Probe,
  companions: readonly string[],
  now: Date,
): Promise<void> {
  await trx
    .updateTable('access_right')
    .set({
      probe: JSON.stringify(probe),
      probed_at: now,
      companions: JSON.stringify([...new Set(companions)]),
    })
    .where('id', '=', request.right_id)
    .execute();
}

async function recordChange(
  trx: Trx,
  request: AccessRow,
  kind: string,
  change: Change,
  probe: Probe,
  now: Date,
): Promise<void> {
  await recordEvent(trx, {
    requestId: request.id,
    kind,
    detail: { statements: change.statements, probe: probe.words, can: probe.can, sources: probe.sources },
    now,
  });
}

/** Prerequisites nobody needs any more go; those that another right of this login in the schema needs are handed on to it. */
async function companionsToTake(services: Services, request: AccessRow): Promise<{ take: string[] }> {
  if (request.companions.length === 0) return { take: [] };
  const others = await requestQuery(services.db)
    .where('access_right.warehouse', '=', request.warehouse)
    .where('access_right.login', '=', request.login)
    .where('access_request.right_id', '<>', request.right_id)
    .where('access_request.state', 'in', [...liveStates])
    .execute();
  const heir = others.find((other) => schemaOf(other.relation) === schemaOf(request.relation));
  if (!heir) return { take: request.companions };
  await services.db
    .updateTable('access_right')
    .set({ companions: JSON.stringify([...new Set([...heir.companions, ...request.companions])]) })
    .where('id', '=', heir.right_id)
    .execute();
  return { take: [] };
}

function schemaOf(relation: string): string {
  const parts = splitRelation(relation);
  return parts[parts.length - 2] ?? '';
}

/** What to do about a grant that can never work as it is. */
async function wayOn(services: Services, trx: Trx, error: unknown): Promise<string> {
  const missing = error instanceof WarehouseRefusedError ? error.missing : null;
  if (missing !== 'login' && missing !== 'right') return 'Ask again once that is mended.';
  const mend = missing === 'login' ? 'add the login' : "let Steward's own role give it";
  return `Ask ${await adminNames(services, trx)} to ${mend}, then ask again.`;
}

/** Says on the card why it is not done, and when it is tried again. A grant that can never work ends as failed. */
async function recordTrouble(
  services: Services,
  request: AccessRow,
  error: unknown,
  now: Date,
): Promise<ApplyResult> {
  const words = error instanceof Error ? error.message : 'The warehouse did not answer.';
  const since = request.trouble_since ?? now;
  const age = now.getTime() - since.getTime();
  services.log.warn({ request: request.id, state: request.state, words }, 'access could not be changed');
  const hopeless = error instanceof WarehouseRefusedError || age > giveUpGrantMs;
  return services.db.transaction().execute(async (trx) => {
    const current = await readRequest(trx, request.id, true);
    if (current.state !== request.state) return null;
    await recordEvent(trx, { requestId: current.id, kind: 'trouble', detail: { words }, now });
    if (current.state === 'provisioning' && hopeless) {
      const reason = `It was approved, but could not be given: ${words} ${await wayOn(services, trx, error)}`;
      await move(trx, current, 'ended', { ended_how: 'failed', ended_reason: reason }, now);
      await recordAudit(trx, {
        actor: scheduleActor,
        action: 'access.failed',
        subject: { kind: 'access', id: current.id },
        now,
        before: { state: current.state },
        after: { state: 'ended', how: 'failed' },
        text: { reason },
      });
      await noteToRequester(services, trx, current, 'ended', now);
      return null;
    }
    await trx
      .updateTable('access_request')
      .set({ trouble: words, trouble_since: since })
      .where('id', '=', current.id)
      .execute();
    await refreshCards(trx, { kind: cardKind, id: current.id }, now);
    if (current.state === 'revoking' && age > 60 * minuteMs)
      await noteToRequester(services, trx, current, 'stuck', now);
    const asked = error instanceof WarehouseBusyError ? error.retryAfterMs : 0;
    return new Date(
      now.getTime() + Math.max(asked, Math.min(15 * minuteMs, Math.max(minuteMs / 2, age / 2))),
    );
  });
}

import type { Trx } from '../db/database.js';
import { IllegalTransitionError, InvalidInputError } from '../errors.js';
import type { Services } from '../services.js';
import { addMember, tellAudiences } from './announce.js';
import { brokenAssets, storeRadius } from './blast/store.js';
import { type ActOn, auditIncident, changeIncident } from './change.js';
import { openUp } from './declare.js';
import { NotClosableError } from './errors.js';
import { type Incident, referenceOf } from './incident.js';
import { move } from './move.js';
import { postEverywhereElse } from './outgoing-hooks.js';
import { endPages } from './paging.js';
import { addEntry } from './timeline.js';
import { replan } from './timers.js';
import { isLive, requireTransition } from './transitions.js';

/** From triage to a real incident: now it gets its channel, pages and notices. */
export async function acceptIncident(services: Services, act: ActOn): Promise<Incident> {
  return changeIncident(services, act, 'incident.accept', (trx, incident) =>
    accept(services, trx, incident, act),
  );
}

export async function accept(
  services: Services,
  trx: Trx,
  incident: Incident,
  act: Pick<ActOn, 'actor' | 'now'>,
  by = '',
): Promise<Incident> {
  const { now } = act;
  // Its next state is that of reopening, which needs a reason: accepting is for what nobody has taken yet.
  if (incident.state !== 'triage' && incident.state !== 'declined')
    throw new IllegalTransitionError(
      `${referenceOf(incident)} is ${incident.state}, and only what is in triage or was declined can be accepted. Nothing was changed.`,
      incident.state,
      'investigating',
    );
  const acknowledged = act.actor.personId === null ? {} : { acknowledged_at: now };
  const moved = await move(
    services,
    trx,
    incident,
    'investigating',
    act,
    { declared_at: incident.declared_at ?? now, ...acknowledged },
    `${referenceOf(incident)} accepted${by}`,
  );
  if (act.actor.personId !== null)
    await addMember(trx, { incidentId: incident.id, personId: act.actor.personId, how: 'accepted', now });
  await openUp(services, trx, incident.id, now);
  return moved;
}

export async function declineIncident(
  services: Services,
  act: ActOn & { reason?: string },
): Promise<Incident> {
  return changeIncident(services, act, 'incident.decline', (trx, incident) =>
    move(services, trx, incident, 'declined', act, {
      state_reason: act.reason?.trim() || 'not an incident',
      closed_at: act.now,
    }),
  );
}

/** Somebody is on it: the acknowledge clock stops. Asking twice is no fault. */
export async function acknowledge(services: Services, act: ActOn): Promise<Incident> {
  return changeIncident(services, act, 'incident.ack', async (trx, incident) => {
    if (incident.state === 'triage') return accept(services, trx, incident, act);
    if (!isLive(incident.state)) requireTransition(referenceOf(incident), incident.state, 'investigating');
    if (act.actor.personId !== null)
      await addMember(trx, {
        incidentId: incident.id,
        personId: act.actor.personId,
        how: 'acknowledged',
        now: act.now,
      });
    if (incident.acknowledged_at !== null) return incident;
    const acknowledged = await trx
      .updateTable('incident')
      .set({ acknowledged_at: act.now, updated_at: act.now })
      .where('id', '=', incident.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    await addEntry(trx, {
      incidentId: incident.id,
      at: act.now,
      kind: 'state',
      text: 'Acknowledged',
      actorId: act.actor.personId,
      data: { acknowledged: true },
      now: act.now,
    });
    await auditIncident(trx, act, incident, 'incident.ack');
    await replan(services, trx, acknowledged, act.now);
    await endPages(trx, acknowledged, act.now, 'acknowledged');
    await postEverywhereElse(services, trx, acknowledged, 'acknowledged', act.now);
    return acknowledged;
  });
}

export async function identify(services: Services, act: ActOn & { cause?: string }): Promise<Incident> {
  return changeIncident(services, act, 'incident.state', (trx, incident) =>
    move(services, trx, incident, 'identified', act, {
      identified_at: incident.identified_at ?? act.now,
      acknowledged_at: incident.acknowledged_at ?? act.now,
      ...(act.cause === undefined || act.cause.trim() === '' ? {} : { cause: act.cause.trim() }),
    }),
  );
}

/** The fix is out: mitigated is a time, monitoring is where it is watched until the data stays healthy. */
export async function mitigate(
  services: Services,
  act: ActOn & { fixedBy?: string; at?: Date },
): Promise<Incident> {
  return changeIncident(services, act, 'incident.state', (trx, incident) => {
    const fixed = act.fixedBy?.trim();
    return move(services, trx, incident, 'monitoring', act, {
      mitigated_at: act.at ?? incident.mitigated_at ?? act.now,
      acknowledged_at: incident.acknowledged_at ?? act.now,
      ...(fixed === undefined || fixed === '' ? {} : { fixed_by: fixed }),
    });
  });
}

export async function resolve(
  services: Services,
  act: ActOn & { fixedBy?: string; at?: Date },
): Promise<Incident> {
  return changeIncident(services, act, 'incident.state', (trx, incident) =>
    resolveLocked(services, trx, incident, act),
  );
}

export async function resolveLocked(
  services: Services,
  trx: Trx,
  incident: Incident,
  act: Pick<ActOn, 'actor' | 'now'> & { fixedBy?: string; at?: Date; reason?: string },
): Promise<Incident> {
  const fixed = act.fixedBy?.trim();
  const at = act.at ?? act.now;
  return move(services, trx, incident, 'resolved', act, {
    resolved_at: at,
    ...(act.reason === undefined ? {} : { state_reason: act.reason }),
    mitigated_at: incident.mitigated_at ?? at,
    acknowledged_at: incident.acknowledged_at ?? at,
    ...(fixed === undefined || fixed === '' ? {} : { fixed_by: fixed }),
  });
}

export async function reopen(services: Services, act: ActOn & { reason: string }): Promise<Incident> {
  const reason = act.reason.trim();
  if (reason.length < 5)
    throw new InvalidInputError(
      'Say in a few words why it is open again, for example `/incident reopen 12 the counts are off again`.',
      { reason: 'say why' },
    );
  return changeIncident(services, act, 'incident.state', async (trx, incident) => {
    const again = await move(services, trx, incident, 'investigating', act, {
      state_reason: reason,
      resolved_at: null,
      closed_at: null,
      // Whatever was fixed before it was called off did not hold either.
      mitigated_at: null,
      declared_at: incident.declared_at ?? act.now,
    });
    await storeRadius(services, trx, again, await brokenAssets(trx, incident.id), act.now);
    await tellAudiences(services, trx, again, act.now);
    return again;
  });
}

export async function cancel(services: Services, act: ActOn & { reason?: string }): Promise<Incident> {
  return changeIncident(services, act, 'incident.cancel', async (trx, incident) => {
    await requireNothingHeld(services, trx, incident);
    return move(services, trx, incident, 'cancelled', act, {
      state_reason: act.reason?.trim() || 'no incident after all',
      closed_at: act.now,
    });
  });
}

/** Whoever calls an exposure off must not forget the people who are kept out because of it; security lets them in again. */
async function requireNothingHeld(services: Services, trx: Trx, incident: Incident): Promise<void> {
  const held = await services.suspension.heldBy(trx, incident.id);
  if (held.length > 0)
    throw new NotClosableError(referenceOf(incident), [
      `the grants on ${held.map(({ assetName }) => assetName).join(', ')}, which are still suspended (\`/incident restore ${incident.number}\`)`,
    ]);
}

import type { Trx } from '../db/database.js';
import { InvalidInputError } from '../errors.js';
import { refreshCards } from '../jobs/outgoing.js';
import type { Services } from '../services.js';
import { addMember, tellAudiences } from './announce.js';
import { brokenAssets, storeRadius } from './blast/store.js';
import { type ActOn, incidentCard, lockIncident } from './change.js';
import { authorise, type Incident, referenceOf } from './incident.js';
import { noteStart } from './key-times.js';
import { move } from './move.js';
import { addEntry } from './timeline.js';
import { isLive, requireTransition } from './transitions.js';

/** Two incidents, one cause: this one goes into the other. Alerts, assets, people and open tasks move; how each was found is kept. */
export async function mergeIncident(services: Services, act: ActOn & { intoId: string }): Promise<Incident> {
  if (act.incidentId === act.intoId)
    throw new InvalidInputError('An incident cannot be merged into itself. Nothing was changed.');
  return services.db.transaction().execute(async (trx) => {
    // Always in the same order, so that two merges at once never wait for each other.
    const [firstId, secondId] = [act.incidentId, act.intoId].sort();
    const first = await lockIncident(trx, firstId ?? '');
    const second = await lockIncident(trx, secondId ?? '');
    const from = first.id === act.incidentId ? first : second;
    const into = first.id === act.incidentId ? second : first;
    await authorise(services, trx, from, act.actor, 'incident.merge', act.now);
    await authorise(services, trx, into, act.actor, 'incident.merge', act.now);
    return mergeLocked(services, trx, from, into, act);
  });
}

export async function mergeLocked(
  services: Services,
  trx: Trx,
  from: Incident,
  into: Incident,
  act: Pick<ActOn, 'actor' | 'now'>,
): Promise<Incident> {
  const { now } = act;
  if (into.state !== 'triage' && !isLive(into.state))
    requireTransition(referenceOf(into), into.state, 'investigating');
  if (from.private && !into.private)
    throw new InvalidInputError(
      `${referenceOf(from)} is private and ${referenceOf(into)} is not: merging would tell everybody. Nothing was changed.`,
    );
  const moved = await move(services, trx, from, 'merged', act, {
    merged_into: into.id,
    // Everybody may read the card of the one: it does not tell of a private other.
    state_reason:
      into.private && !from.private ? 'same cause as another incident' : `same cause as ${referenceOf(into)}`,
    closed_at: now,
  });
  const broken = [...new Set([...(await brokenAssets(trx, into.id)), ...(await brokenAssets(trx, from.id))])];
  await trx
    .updateTable('alert_group')
    .set({ incident_id: into.id, updated_at: now })
    .where('incident_id', '=', from.id)
    .execute();
  await services.suspension.handOver(trx, { fromId: from.id, intoId: into.id });
  for (const member of await trx
    .selectFrom('incident_member')
    .selectAll()
    .where('incident_id', '=', from.id)
    .execute()) {
    await addMember(trx, {
      incidentId: into.id,
      personId: member.person_id,
      how: member.how,
      subscribed: member.subscribed,
      joined: member.joined,
      now,
    });
  }
  const earliest =
    [from.started_at, into.started_at]
      .filter((at) => at !== null)
      .sort((a, b) => a.getTime() - b.getTime())[0] ?? null;
  const detected =
    [from.detected_at, into.detected_at]
      .filter((at) => at !== null)
      .sort((a, b) => a.getTime() - b.getTime())[0] ?? null;
  await trx
    .updateTable('incident')
    .set({ started_at: earliest, detected_at: detected, updated_at: now })
    .where('id', '=', into.id)
    .execute();
  if (earliest !== null && earliest.getTime() !== into.started_at?.getTime())
    await noteStart(trx, { incidentId: into.id, at: earliest, actorId: act.actor.personId, now });
  await storeRadius(services, trx, into, broken, now);
  // Whoever was told of the other one hears from now on how this one goes.
  if (isLive(into.state)) await tellAudiences(services, trx, into, now);
  await addEntry(trx, {
    incidentId: into.id,
    at: now,
    kind: 'merge',
    text: `${referenceOf(from)} merged into this one. It was found ${from.declared_via === 'alert' ? 'by an alert' : `by a person (${from.declared_via})`}; this one ${into.declared_via === 'alert' ? 'by an alert' : `by a person (${into.declared_via})`}.`,
    actorId: act.actor.personId,
    data: { merged: from.id, foundBy: [from.declared_via, into.declared_via] },
    now,
  });
  await refreshCards(trx, { kind: incidentCard, id: into.id }, now);
  await refreshCards(trx, { kind: incidentCard, id: from.id }, now);
  return moved;
}

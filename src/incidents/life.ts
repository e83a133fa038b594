import type { Trx } from '../db/database.js';
import { InvalidInputError } from '../errors.js';
import { refreshCards } from '../jobs/outgoing.js';
import type { Services } from '../services.js';
import { addMember, postReview, setUpChannel, tellAudiences } from './announce.js';
import { brokenAssets, storeRadius, writeNotices } from './blast/store.js';
import { type ActOn, auditIncident, changeIncident, incidentCard, lockIncident } from './change.js';
import { wantNewChannel } from './channel.js';
import { openUp } from './declare.js';
import { NotClosableError } from './errors.js';
import { authorise, type Incident, referenceOf } from './incident.js';
import { postEverywhereElse } from './outgoing-hooks.js';
import { endPages } from './paging.js';
import { wantDraft } from './report/draft.js';
import { fireRules } from './rules/fire.js';
import type { IncidentState } from './tables.js';
import { addEntry } from './timeline.js';
import { replan } from './timers.js';
import { isLive, requireTransition } from './transitions.js';

type Patch = Partial<
  Pick<
    Incident,
    | 'acknowledged_at'
    | 'identified_at'
    | 'mitigated_at'
    | 'resolved_at'
    | 'closed_at'
    | 'declared_at'
    | 'cause'
    | 'fixed_by'
    | 'state_reason'
    | 'merged_into'
    | 'healthy_since'
  >
>;

/** Moves an incident whose row is locked; what it brings with it (banners, clocks, rules) happens here and nowhere else. */
export async function move(
  services: Services,
  trx: Trx,
  incident: Incident,
  to: IncidentState,
  act: Pick<ActOn, 'actor' | 'now'>,
  patch: Patch = {},
  words?: string,
): Promise<Incident> {
  requireTransition(referenceOf(incident), incident.state, to);
  const { now } = act;
  const moved = await trx
    .updateTable('incident')
    .set({ state: to, updated_at: now, ...patch })
    .where('id', '=', incident.id)
    .where('state', '=', incident.state)
    .returningAll()
    .executeTakeFirstOrThrow();
  const reason = patch.state_reason ?? null;
  await addEntry(trx, {
    incidentId: incident.id,
    at: now,
    kind: 'state',
    text: words ?? `${incident.state} → ${to}${reason === null ? '' : `: ${reason}`}`,
    actorId: act.actor.personId,
    data: { from: incident.state, to },
    now,
  });
  await auditIncident(trx, act, incident, `incident.${to}`, {
    before: { state: incident.state },
    after: { state: to },
    ...(reason === null ? {} : { text: { reason } }),
  });
  await writeNotices(trx, moved, now);
  await replan(services, trx, moved, now);
  if (!isLive(to)) await endPages(trx, moved, now);
  if (moved.channel_state === 'archived' && isLive(to)) {
    await trx
      .updateTable('incident_member')
      .set({ invited_at: null, invite_error: null })
      .where('incident_id', '=', moved.id)
      .execute();
    await wantNewChannel(trx, moved, now);
    await setUpChannel(trx, moved.id, now, `state-${to}`);
  }
  if (moved.channel_state === 'ready') await setUpChannel(trx, moved.id, now, `state-${to}`);
  if (to === 'resolved' || to === 'closed') await wantDraft(trx, moved, now);
  if (to === 'closed' && !moved.drill) await postReview(services, trx, moved, now);
  await fireRules(services, trx, moved, 'status', `${to}:${now.getTime()}`, now);
  await postEverywhereElse(services, trx, moved, to, now);
  return moved;
}

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
): Promise<Incident> {
  const { now } = act;
  const acknowledged = act.actor.personId === null ? {} : { acknowledged_at: now };
  const moved = await move(
    services,
    trx,
    incident,
    'investigating',
    act,
    { declared_at: incident.declared_at ?? now, ...acknowledged },
    `${referenceOf(incident)} accepted`,
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
  act: Pick<ActOn, 'actor' | 'now'> & { fixedBy?: string; at?: Date },
): Promise<Incident> {
  const fixed = act.fixedBy?.trim();
  const at = act.at ?? act.now;
  return move(services, trx, incident, 'resolved', act, {
    resolved_at: at,
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

/** What a closed incident must have. A drill needs none of it. */
export async function missingForClose(services: Services, trx: Trx, incident: Incident): Promise<string[]> {
  const missing = (await services.suspension.heldBy(trx, incident.id)).map(
    ({ assetName }) =>
      `giving back the suspended grants on ${assetName} (\`/incident restore ${incident.number}\`)`,
  );
  if (incident.drill) return missing;
  if (incident.started_at === null)
    missing.push('when the data went bad (`/incident link started <time>`, or in the review)');
  if (incident.acknowledged_at === null) missing.push('when somebody took it (acknowledged)');
  if (incident.mitigated_at === null) missing.push('when it was mitigated');
  if (incident.cause === null) missing.push('the cause');
  const unowned = await trx
    .selectFrom('incident_task')
    .select('title')
    .where('incident_id', '=', incident.id)
    .where('kind', '=', 'follow_up')
    .where('state', '=', 'open')
    .where((eb) => eb.or([eb('owner_id', 'is', null), eb('due_at', 'is', null)]))
    .execute();
  for (const { title } of unowned)
    missing.push(`owner and due date of the follow-up "${title.slice(0, 60)}"`);
  const tasks = await trx
    .selectFrom('incident_task')
    .select('title')
    .where('incident_id', '=', incident.id)
    .where('kind', '=', 'task')
    .where('state', '=', 'open')
    .execute();
  for (const { title } of tasks)
    missing.push(`the task "${title.slice(0, 60)}" (do it, drop it or make it a follow-up)`);
  return missing;
}

export interface CloseParams extends ActOn {
  cause?: string;
  startedAt?: Date;
}

export async function closeIncident(services: Services, act: CloseParams): Promise<Incident> {
  return changeIncident(services, act, 'incident.close', async (trx, incident) => {
    requireTransition(referenceOf(incident), incident.state, 'closed');
    const filled = await trx
      .updateTable('incident')
      .set({
        updated_at: act.now,
        ...(act.cause?.trim() ? { cause: act.cause.trim() } : {}),
        ...(act.startedAt === undefined ? {} : { started_at: act.startedAt }),
      })
      .where('id', '=', incident.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    const missing = await missingForClose(services, trx, filled);
    if (missing.length > 0) throw new NotClosableError(referenceOf(incident), missing);
    return move(services, trx, filled, 'closed', act, { closed_at: act.now });
  });
}

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
    state_reason: `same cause as ${referenceOf(into)}`,
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
  await storeRadius(services, trx, into, broken, now);
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

import { InvalidInputError } from '../errors.js';
import { postCard, refreshCards } from '../jobs/outgoing.js';
import type { Services } from '../services.js';
import { addMember, setUpChannel, tellSubscriber } from './announce.js';
import { type ActOn, auditIncident, changeIncident, incidentCard, lockIncident } from './change.js';
import type { Incident } from './incident.js';
import type { RoleName } from './tables.js';
import { addEntry } from './timeline.js';
import { arm, reminderTime } from './timers.js';
import { isLive } from './transitions.js';

export const roleNames: readonly RoleName[] = ['lead', 'comms', 'scribe'];

/** What whoever is given a role is told, by direct message. */
export const roleDuties: Readonly<Record<RoleName, string>> = {
  lead: 'You decide what is done next and who does it; you do not have to fix it yourself. Keep the state and the severity true, and hand over before you leave.',
  comms:
    'You write the updates: what is wrong, what not to use, what to use instead, when the next word comes. One form, every audience gets its part.',
  scribe: 'You keep the timeline: mark messages that matter, note decisions and when the data went bad.',
};

export function readRole(text: string): RoleName | null {
  const word = text.trim().toLowerCase();
  return (
    roleNames.find((role) => role === word) ??
    (/(commander|leader)/.test(word) ? 'lead' : /comm/.test(word) ? 'comms' : null)
  );
}

/** Gives a role to somebody, who is told: oneself by the claim button, anybody by command. The one who had it is told by the card. */
export async function assignRole(
  services: Services,
  act: ActOn & { role: RoleName; personId: string },
): Promise<Incident> {
  return changeIncident(services, act, 'incident.role', async (trx, incident) => {
    const person = await services.directory.byId(trx, act.personId);
    if (person === null || person.status !== 'active' || person.kind !== 'member') {
      throw new InvalidInputError(
        'That person cannot take a role here: not an active member. Name somebody else.',
        { person: 'not an active member' },
      );
    }
    const before = await trx
      .selectFrom('incident_role')
      .select('person_id')
      .where('incident_id', '=', incident.id)
      .where('role', '=', act.role)
      .executeTakeFirst();
    if (before?.person_id === person.id) return incident;
    await trx
      .insertInto('incident_role')
      .values({
        incident_id: incident.id,
        role: act.role,
        person_id: person.id,
        assigned_by: act.actor.personId,
        assigned_at: act.now,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['incident_id', 'role'])
          .doUpdateSet({ person_id: person.id, assigned_by: act.actor.personId, assigned_at: act.now }),
      )
      .execute();
    await addMember(trx, { incidentId: incident.id, personId: person.id, how: 'role', now: act.now });
    await addEntry(trx, {
      incidentId: incident.id,
      at: act.now,
      kind: 'role',
      text: `${person.name} is ${act.role}`,
      actorId: act.actor.personId,
      data: { role: act.role, personId: person.id },
      now: act.now,
    });
    await auditIncident(trx, act, incident, 'incident.role', {
      before: { role: act.role, person: before?.person_id ?? null },
      after: { role: act.role, person: person.id },
    });
    if (incident.channel_state === 'ready') await setUpChannel(trx, incident.id, act.now, `role-${act.role}`);
    // Whoever takes it themselves knows it already.
    if (person.id !== act.actor.personId)
      await postCard(trx, {
        key: `incident:${incident.id}:role:${act.role}:${person.id}:${act.now.getTime()}`,
        to: { personId: person.id },
        card: { kind: incidentCard, id: incident.id, variant: `role-${act.role}` },
        now: act.now,
      });
    return incident;
  });
}

/** Joins (channel and updates) or subscribes (updates only) oneself. */
export async function joinIncident(
  services: Services,
  act: ActOn & { subscribeOnly?: boolean },
): Promise<Incident> {
  const personId = act.actor.personId;
  if (personId === null) throw new InvalidInputError('Only a person can join an incident.');
  return changeIncident(services, act, 'incident.join', async (trx, incident) => {
    await addMember(trx, {
      incidentId: incident.id,
      personId,
      how: act.subscribeOnly ? 'subscribed' : 'joined',
      joined: !act.subscribeOnly,
      subscribed: true,
      now: act.now,
    });
    await auditIncident(trx, act, incident, act.subscribeOnly ? 'incident.subscribe' : 'incident.join');
    if (act.subscribeOnly) await tellSubscriber(trx, incident, personId, act.now);
    else if (incident.channel_state === 'ready')
      await setUpChannel(trx, incident.id, act.now, `join-${personId}`);
    return incident;
  });
}

/** Leaves out of the updates again. */
export async function unsubscribe(services: Services, act: ActOn): Promise<void> {
  const personId = act.actor.personId;
  if (personId === null) return;
  await services.db
    .updateTable('incident_member')
    .set({ subscribed: false })
    .where('incident_id', '=', act.incidentId)
    .where('person_id', '=', personId)
    .execute();
}

/** Adds people by name: they become members, so that a private incident is theirs to see too. */
export async function invite(
  services: Services,
  act: ActOn & { personIds: readonly string[] },
): Promise<Incident> {
  return changeIncident(services, act, 'incident.role', async (trx, incident) => {
    for (const personId of act.personIds)
      await addMember(trx, { incidentId: incident.id, personId, how: 'invited', now: act.now });
    await auditIncident(trx, act, incident, 'incident.invite', { after: { people: [...act.personIds] } });
    if (incident.channel_state === 'ready') await setUpChannel(trx, incident.id, act.now, 'invite');
    return incident;
  });
}

/** Somebody left the company or Slack: their roles are free again, the incident says so and asks for another lead. Returns the incidents' ids. */
export async function releaseRolesOf(
  services: Services,
  params: { personId: string; now: Date },
): Promise<string[]> {
  return services.db.transaction().execute(async (trx) => {
    const leading = await trx
      .selectFrom('incident_role')
      .innerJoin('incident', 'incident.id', 'incident_role.incident_id')
      .select(['incident.id', 'role'])
      .where('person_id', '=', params.personId)
      .where('state', 'in', ['triage', 'investigating', 'identified', 'monitoring', 'resolved'])
      .orderBy('incident.id')
      .execute();
    const released: string[] = [];
    for (const { id, role } of leading) {
      // The incident's lock first, as everywhere: somebody else may be taking the role over just now.
      const incident = await lockIncident(trx, id);
      const freed = await trx
        .deleteFrom('incident_role')
        .where('incident_id', '=', id)
        .where('role', '=', role)
        .where('person_id', '=', params.personId)
        .returning('role')
        .executeTakeFirst();
      if (freed === undefined) continue;
      released.push(id);
      await addEntry(trx, {
        incidentId: id,
        at: params.now,
        kind: 'role',
        text: `Nobody is ${role} any more: whoever it was has left`,
        data: { role, left: params.personId },
        now: params.now,
      });
      // Somebody else is asked to lead, as when nobody has yet.
      if (role === 'lead' && isLive(incident.state))
        await arm(trx, id, 'roles', reminderTime(services, incident, params.now), params.now);
      await refreshCards(trx, { kind: incidentCard, id }, params.now);
    }
    return released;
  });
}

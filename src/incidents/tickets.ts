import { scheduleActor } from '../audit/record.js';
import { InvalidInputError } from '../errors.js';
import { enqueue } from '../jobs/outbox.js';
import type { Services } from '../services.js';
import { type ActOn, auditIncident, changeIncident, lockIncident } from './change.js';
import { type Incident, loadIncident, referenceOf } from './incident.js';
import { resolveLocked } from './life.js';
import { addEntry } from './timeline.js';
import { type Ticket, type TicketState, writtenHash } from './trackers/tracker.js';
import { isLive } from './transitions.js';

/** Asks for a ticket in a tracker of steward.yml. A private incident never gets one. */
export async function openTicket(services: Services, act: ActOn & { tracker?: string }): Promise<void> {
  const tracker = services.config.incidents.trackers.find(
    ({ name }) => act.tracker === undefined || name === act.tracker,
  );
  if (tracker === undefined)
    throw new InvalidInputError(
      'No tracker of that name is set up (`incidents.trackers` in steward.yml). Nothing was made.',
    );
  await changeIncident(services, act, 'incident.link', async (trx, incident) => {
    if (incident.private)
      throw new InvalidInputError('A private incident is told to no tracker. Nothing was made.');
    const known = await trx
      .selectFrom('incident_link')
      .select('id')
      .where('incident_id', '=', incident.id)
      .where('kind', '=', 'ticket')
      .where('system', '=', tracker.name)
      .executeTakeFirst();
    if (known !== undefined) return;
    const link = await trx
      .insertInto('incident_link')
      .values({
        incident_id: incident.id,
        kind: 'ticket',
        title: incident.title,
        system: tracker.name,
        by: act.actor.personId,
        created_at: act.now,
        updated_at: act.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await enqueue(trx, {
      kind: 'incident.ticket',
      queue: 'io',
      key: `incident.ticket:${link.id}:create`,
      lane: `incident-ticket:${link.id}`,
      payload: { linkId: link.id },
      now: act.now,
    });
    await auditIncident(trx, act, incident, 'incident.ticket', { after: { tracker: tracker.name } });
  });
}

export function ticketOf(incident: Incident): Ticket {
  const state: TicketState =
    incident.state === 'resolved' || incident.state === 'closed' || !isLive(incident.state)
      ? 'done'
      : incident.acknowledged_at === null
        ? 'open'
        : 'in_progress';
  return {
    title: `${referenceOf(incident)}: ${incident.title}`,
    description:
      [
        incident.summary,
        incident.cause === null ? '' : `Cause: ${incident.cause}`,
        incident.fixed_by === null ? '' : `Fixed by: ${incident.fixed_by}`,
      ]
        .filter(Boolean)
        .join('\n') || incident.title,
    state,
    severity: incident.severity,
    ourId: incident.id,
    url: null,
  };
}

/**
 * News from the tracker. What equals our own last writing is its echo and is dropped; an unknown state changes nothing; only "done" of
 * a live incident says something here: it becomes a note, and resolves where nothing fires any more.
 */
export async function ticketNews(
  services: Services,
  params: { system: string; externalId: string; state: TicketState | null; now: Date },
): Promise<'unknown' | 'echo' | 'noted' | 'resolved'> {
  return services.db.transaction().execute(async (trx) => {
    const link = await trx
      .selectFrom('incident_link')
      .selectAll()
      .where('system', '=', params.system)
      .where('external_id', '=', params.externalId)
      .forUpdate()
      .executeTakeFirst();
    if (link === undefined || params.state === null) return 'unknown';
    const incident = await lockIncident(trx, link.incident_id);
    if (
      link.written_hash === writtenHash({ state: params.state, title: ticketOf(incident).title }) ||
      link.external_state === params.state
    )
      return 'echo';
    await trx
      .updateTable('incident_link')
      .set({ external_state: params.state, updated_at: params.now })
      .where('id', '=', link.id)
      .execute();
    await addEntry(trx, {
      incidentId: incident.id,
      at: params.now,
      kind: 'task',
      text: `The ticket in ${params.system} is ${params.state.replace('_', ' ')}`,
      link: link.url,
      now: params.now,
    });
    if (params.state !== 'done' || !isLive(incident.state)) return 'noted';
    const firing = await trx
      .selectFrom('alert_group')
      .select('id')
      .where('incident_id', '=', incident.id)
      .where('state', '=', 'open')
      .where('status', '=', 'firing')
      .executeTakeFirst();
    if (firing !== undefined) return 'noted';
    await resolveLocked(services, trx, incident, {
      actor: scheduleActor,
      now: params.now,
      fixedBy: `ticket in ${params.system} done`,
    });
    return 'resolved';
  });
}

export async function ticketLink(services: Services, linkId: string) {
  const link = await services.db
    .selectFrom('incident_link')
    .selectAll()
    .where('id', '=', linkId)
    .executeTakeFirst();
  if (link === undefined) return null;
  const incident = await loadIncident(services.db, link.incident_id);
  return incident === null ? null : { link, incident };
}

import type { Selectable } from 'kysely';
import type { StewardConfig } from '../config/steward-schema.js';
import type { Trx } from '../db/database.js';
import { InvalidInputError } from '../errors.js';
import { enqueue } from '../jobs/outbox.js';
import type { Services } from '../services.js';
import { type ActOn, auditIncident, changeIncident } from './change.js';
import { type Incident, loadIncident, referenceOf } from './incident.js';
import { ticketLane } from './outside.js';
import { priorityOf } from './severity.js';
import type { IncidentTables } from './tables.js';
import type { Ticket, TicketState } from './trackers/tracker.js';
import { isLive } from './transitions.js';

/**
 * Asks for a ticket in a tracker of steward.yml, of the incident or of one of its tasks and follow-ups. A private incident never gets
 * one. Asking twice is one ticket.
 */
export async function openTicket(
  services: Services,
  act: ActOn & { tracker?: string; taskNumber?: number },
): Promise<void> {
  const tracker = services.config.incidents.trackers.find(
    ({ name }) => act.tracker === undefined || name === act.tracker,
  );
  if (tracker === undefined)
    throw new InvalidInputError(
      services.config.incidents.trackers.length === 0
        ? 'No tracker is set up (`incidents.trackers` in steward.yml). Nothing was made.'
        : `There is no tracker ${act.tracker?.slice(0, 40)}; there is ${services.config.incidents.trackers.map(({ name }) => name).join(', ')}. Nothing was made.`,
    );
  await changeIncident(services, act, 'incident.link', async (trx, incident) => {
    if (incident.private)
      throw new InvalidInputError('A private incident is told to no tracker. Nothing was made.');
    const task = act.taskNumber === undefined ? null : await taskOf(trx, incident.id, act.taskNumber);
    const known = await trx
      .selectFrom('incident_link')
      .select(['id', 'external_id'])
      .where('incident_id', '=', incident.id)
      .where('kind', '=', 'ticket')
      .where('system', '=', tracker.name)
      .where('task_id', task === null ? 'is' : '=', task?.id ?? null)
      .executeTakeFirst();
    if (known !== undefined) {
      // One that could not be made is tried again; it is looked for first, so that a lost answer makes no second one.
      if (known.external_id === null)
        await enqueueTicket(trx, known.id, `again:${act.now.getTime()}`, act.now);
      return;
    }
    const link = await trx
      .insertInto('incident_link')
      .values({
        incident_id: incident.id,
        kind: 'ticket',
        title: task?.title ?? incident.title,
        system: tracker.name,
        task_id: task?.id ?? null,
        by: act.actor.personId,
        created_at: act.now,
        updated_at: act.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await enqueueTicket(trx, link.id, 'create', act.now);
    await auditIncident(trx, act, incident, 'incident.ticket', {
      after: { tracker: tracker.name, ...(task === null ? {} : { task: task.number }) },
    });
  });
}

type Task = Selectable<IncidentTables['incident_task']>;

async function taskOf(trx: Trx, incidentId: string, number: number): Promise<Task> {
  const task = await trx
    .selectFrom('incident_task')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .where('number', '=', number)
    .executeTakeFirst();
  if (task === undefined)
    throw new InvalidInputError(`There is no task ${number} in this incident. No ticket was made.`);
  return task;
}

/** What the ticket of a task or follow-up says. */
export function ticketOfTask(config: StewardConfig, incident: Incident, task: Task): Ticket {
  return {
    title: `${referenceOf(incident)}: ${task.title}`,
    description: `${task.kind === 'follow_up' ? 'Follow-up' : 'Task'} of ${referenceOf(incident)}: ${incident.title}`,
    state: task.state === 'open' ? 'open' : 'done',
    priority: priorityOf(config, incident.severity),
    ourId: task.id,
    url: task.link,
  };
}

/** What the ticket of the incident itself says. */
export function ticketOf(config: StewardConfig, incident: Incident): Ticket {
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
    priority: priorityOf(config, incident.severity),
    ourId: incident.id,
    url: null,
  };
}

/** A ticket's link with what it stands for; null when either is gone. */
export async function ticketLink(services: Services, linkId: string) {
  const link = await services.db
    .selectFrom('incident_link')
    .selectAll()
    .where('id', '=', linkId)
    .executeTakeFirst();
  if (link === undefined) return null;
  const incident = await loadIncident(services.db, link.incident_id);
  if (incident === null) return null;
  if (link.task_id === null) return { link, incident, ticket: ticketOf(services.config, incident) };
  const task = await services.db
    .selectFrom('incident_task')
    .selectAll()
    .where('id', '=', link.task_id)
    .executeTakeFirst();
  return task === undefined
    ? null
    : { link, incident, ticket: ticketOfTask(services.config, incident, task) };
}

/** A task changed here: its tickets are told. */
export async function tellTaskTickets(trx: Trx, taskId: string, now: Date): Promise<void> {
  const links = await trx
    .selectFrom('incident_link')
    .select('id')
    .where('kind', '=', 'ticket')
    .where('task_id', '=', taskId)
    .execute();
  for (const { id } of links) await enqueueTicket(trx, id, `task:${now.getTime()}`, now);
}

/** The tracker is told what the ticket says now; the same occasion asks once. */
export async function enqueueTicket(trx: Trx, linkId: string, occasion: string, now: Date): Promise<void> {
  await enqueue(trx, {
    kind: 'incident.ticket',
    queue: 'io',
    key: `incident.ticket:${linkId}:${occasion}`,
    lane: ticketLane(linkId),
    payload: { linkId },
    now,
  });
}

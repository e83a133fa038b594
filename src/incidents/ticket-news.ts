import { scheduleActor } from '../audit/record.js';
import type { Trx } from '../db/database.js';
import { enqueue } from '../jobs/outbox.js';
import { refreshCards } from '../jobs/outgoing.js';
import type { Services } from '../services.js';
import { incidentCard, lockIncident } from './change.js';
import type { Incident } from './incident.js';
import { resolveLocked } from './life.js';
import { taskCard } from './task-reminder.js';
import { ticketOf, ticketOfTask } from './tickets.js';
import { addEntry } from './timeline.js';
import { type TicketState, writtenHash } from './trackers/tracker.js';
import { isLive } from './transitions.js';

/** How often a tracker is asked about a ticket that may still move. */
export const askTrackerEveryMs = 5 * 60_000;
/** A ticket whose incident is over is asked about for this long: follow-ups are done afterwards. */
const askAfterEndMs = 30 * 86_400_000;
const mostAtOnce = 200;

/** Asks for news of every ticket that is due. One job each, so that a slow tracker keeps nobody waiting. */
export async function askTrackers(services: Services, now: Date): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    const due = await trx
      .selectFrom('incident_link')
      .innerJoin('incident', 'incident.id', 'incident_link.incident_id')
      .select('incident_link.id')
      .where('incident_link.kind', '=', 'ticket')
      .where('incident_link.external_id', 'is not', null)
      .where('incident.private', '=', false)
      .where((eb) =>
        eb.or([
          eb('incident_link.checked_at', 'is', null),
          eb('incident_link.checked_at', '<', new Date(now.getTime() - askTrackerEveryMs + 1_000)),
        ]),
      )
      .where((eb) =>
        eb.or([
          eb('incident.closed_at', 'is', null),
          eb('incident.closed_at', '>', new Date(now.getTime() - askAfterEndMs)),
        ]),
      )
      .orderBy('incident_link.checked_at', (order) => order.asc().nullsFirst())
      .limit(mostAtOnce)
      .forUpdate('incident_link')
      .skipLocked()
      .execute();
    for (const { id } of due) {
      await trx.updateTable('incident_link').set({ checked_at: now }).where('id', '=', id).execute();
      await enqueue(trx, {
        kind: 'incident.ticket-read',
        queue: 'io',
        key: `incident.ticket-read:${id}:${now.getTime()}`,
        // After our own writing of the same ticket, never between its two halves.
        lane: `incident-ticket:${id}`,
        payload: { linkId: id },
        maxAttempts: 2,
        now,
      });
    }
  });
}

export type News = 'unknown' | 'echo' | 'noted' | 'resolved' | 'done' | 'reopened';

/**
 * News from the tracker. What equals our own last writing is its echo and is dropped; an unknown state changes nothing. Of an incident
 * only "done" says something here: it becomes a note, and resolves where nothing fires any more. A task or follow-up follows its ticket
 * both ways.
 */
export async function ticketNews(
  services: Services,
  params: { system: string; externalId: string; state: TicketState | null; now: Date },
): Promise<News> {
  const { state, now } = params;
  return services.db.transaction().execute(async (trx) => {
    const link = await trx
      .selectFrom('incident_link')
      .selectAll()
      .where('system', '=', params.system)
      .where('external_id', '=', params.externalId)
      .forUpdate()
      .executeTakeFirst();
    if (link === undefined || state === null) return 'unknown';
    const incident = await lockIncident(trx, link.incident_id);
    const task =
      link.task_id === null
        ? undefined
        : await trx
            .selectFrom('incident_task')
            .selectAll()
            .where('id', '=', link.task_id)
            .forUpdate()
            .executeTakeFirst();
    const ours =
      task === undefined
        ? ticketOf(services.config, incident)
        : ticketOfTask(services.config, incident, task);
    if (link.external_state === state) return 'echo';
    const echo = link.written_hash === writtenHash({ state, title: ours.title });
    // From now on that state is known: when it changes and comes back, somebody there did it.
    await trx
      .updateTable('incident_link')
      .set({ external_state: state, ...(echo ? {} : { written_hash: null }), updated_at: now })
      .where('id', '=', link.id)
      .execute();
    if (echo) return 'echo';
    await addEntry(trx, {
      incidentId: incident.id,
      at: now,
      kind: 'task',
      text: `The ticket${task === undefined ? '' : ` of "${task.title.slice(0, 80)}"`} in ${params.system} is ${state.replace('_', ' ')}`,
      link: link.url,
      now,
    });
    if (task !== undefined) return followTask(trx, incident, task, state, now);
    if (state !== 'done' || !isLive(incident.state)) return 'noted';
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
      now,
      fixedBy: `ticket in ${params.system} done`,
    });
    await refreshCards(trx, { kind: incidentCard, id: incident.id }, now);
    return 'resolved';
  });
}

async function followTask(
  trx: Trx,
  incident: Incident,
  task: { id: string; state: string },
  state: TicketState,
  now: Date,
): Promise<News> {
  const wanted = state === 'done' ? 'done' : 'open';
  if (task.state === wanted || task.state === 'dropped') return 'noted';
  await trx
    .updateTable('incident_task')
    .set({ state: wanted, done_at: wanted === 'done' ? now : null, done_by: null, updated_at: now })
    .where('id', '=', task.id)
    .execute();
  await refreshCards(trx, { kind: taskCard, id: task.id }, now);
  await refreshCards(trx, { kind: incidentCard, id: incident.id }, now);
  return wanted === 'done' ? 'done' : 'reopened';
}

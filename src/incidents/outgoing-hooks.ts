import type { Trx } from '../db/database.js';
import { enqueue } from '../jobs/outbox.js';
import type { Services } from '../services.js';
import type { Incident } from './incident.js';
import { enqueueTicket } from './tickets.js';

/** Tickets and outgoing webhooks hear of every change of state. Private incidents leave the house nowhere. */
export async function postEverywhereElse(
  services: Services,
  trx: Trx,
  incident: Incident,
  event: string,
  now: Date,
): Promise<void> {
  if (incident.drill || incident.private) return;
  for (const index of services.config.incidents.webhooks.keys()) {
    await enqueue(trx, {
      kind: 'incident.webhook',
      queue: 'io',
      key: `incident.webhook:${incident.id}:${index}:${event}:${now.getTime()}`,
      lane: `incident-webhook:${index}`,
      payload: { incidentId: incident.id, index, event, at: now.toISOString() },
      now,
    });
  }
  const tickets = await trx
    .selectFrom('incident_link')
    .select('id')
    .where('incident_id', '=', incident.id)
    .where('kind', '=', 'ticket')
    .where('task_id', 'is', null)
    .execute();
  for (const { id } of tickets) await enqueueTicket(trx, id, `${event}:${now.getTime()}`, now);
}

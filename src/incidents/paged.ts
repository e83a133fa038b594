import { refreshCards } from '../jobs/outgoing.js';
import type { Services } from '../services.js';
import { incidentCard, lockIncident } from './change.js';
import { addEntry } from './timeline.js';
import { replan } from './timers.js';
import { isLive } from './transitions.js';

/** An acknowledgement in the pager counts as one here. */
export async function acknowledgedFromPager(
  services: Services,
  params: { incidentId: string; now: Date },
): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    const incident = await lockIncident(trx, params.incidentId);
    if (!isLive(incident.state) || incident.acknowledged_at !== null) return;
    const acknowledged = await trx
      .updateTable('incident')
      .set({ acknowledged_at: params.now, updated_at: params.now })
      .where('id', '=', incident.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    await addEntry(trx, {
      incidentId: incident.id,
      at: params.now,
      kind: 'state',
      text: 'Acknowledged in the pager',
      now: params.now,
    });
    await replan(services, trx, acknowledged, params.now);
    await refreshCards(trx, { kind: incidentCard, id: incident.id }, params.now);
  });
}

import type { Trx } from '../db/database.js';
import { InvalidInputError } from '../errors.js';
import { enqueue } from '../jobs/outbox.js';
import type { Services } from '../services.js';
import { type ActOn, auditIncident, changeIncident } from './change.js';
import { type Incident, referenceOf } from './incident.js';
import { pagers } from './pagers/registry.js';
import { addEntry } from './timeline.js';

/** Pages whoever is on call through a pager of steward.yml. The dedup key is ours, so that paging twice rings once. */
export async function pageLocked(
  services: Services,
  trx: Trx,
  incident: Incident,
  params: { reason: string; pager?: string; teamId?: string; actorId: string | null; now: Date },
): Promise<boolean> {
  // A pager that only tells who is on call rings nobody.
  const pager = services.config.incidents.pagers.find(({ name, type }) =>
    params.pager === undefined ? pagers.some((known) => known.type === type) : name === params.pager,
  );
  if (pager === undefined) return false;
  const dedupKey = `steward-${incident.id}-${pager.name}`;
  const row = await trx
    .insertInto('incident_page')
    .values({
      incident_id: incident.id,
      pager: pager.name,
      dedup_key: dedupKey,
      reason: params.reason,
      team_id: params.teamId ?? null,
      state: 'wanted',
      created_at: params.now,
      updated_at: params.now,
    })
    .onConflict((conflict) =>
      conflict
        .column('dedup_key')
        .doUpdateSet({ state: 'wanted', reason: params.reason, updated_at: params.now }),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  await enqueuePage(trx, row.id, `trigger-${params.now.getTime()}`, params.now);
  await addEntry(trx, {
    incidentId: incident.id,
    at: params.now,
    kind: 'page',
    text: `Paged ${pager.name}: ${params.reason}`,
    actorId: params.actorId,
    data: { pager: pager.name },
    now: params.now,
  });
  return true;
}

export async function page(
  services: Services,
  act: ActOn & { reason: string; pager?: string },
): Promise<Incident> {
  return changeIncident(services, act, 'incident.page', async (trx, incident) => {
    const sent = await pageLocked(services, trx, incident, {
      reason: act.reason || incident.title,
      actorId: act.actor.personId,
      now: act.now,
      ...(act.pager === undefined ? {} : { pager: act.pager }),
    });
    if (!sent)
      throw new InvalidInputError(
        `No pager is set up (\`incidents.pagers\` in steward.yml). ${referenceOf(incident)} was not paged; call the on-call directly: \`/steward oncall\`.`,
      );
    await auditIncident(trx, act, incident, 'incident.page', { after: { pager: act.pager ?? 'default' } });
    return incident;
  });
}

/** What was paged is acknowledged or resolved with the incident. */
export async function endPages(
  trx: Trx,
  incident: Pick<Incident, 'id'>,
  now: Date,
  as: 'acknowledged' | 'resolved' = 'resolved',
): Promise<void> {
  const open = await trx
    .updateTable('incident_page')
    .set({ state: as, updated_at: now })
    .where('incident_id', '=', incident.id)
    .where(
      'state',
      'in',
      as === 'resolved' ? ['wanted', 'sent', 'acknowledged', 'failed'] : ['wanted', 'sent', 'failed'],
    )
    .returning('id')
    .execute();
  for (const { id } of open) await enqueuePage(trx, id, `${as}-${now.getTime()}`, now);
}

async function enqueuePage(trx: Trx, pageId: string, what: string, now: Date): Promise<void> {
  await enqueue(trx, {
    kind: 'incident.page',
    queue: 'io',
    key: `incident.page:${pageId}:${what}`,
    lane: `incident-page:${pageId}`,
    payload: { pageId },
    now,
  });
}

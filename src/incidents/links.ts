import { InvalidInputError } from '../errors.js';
import type { Services } from '../services.js';
import { type ActOn, auditIncident, changeIncident } from './change.js';
import { addEntry } from './timeline.js';

async function url(services: Services, act: ActOn & { url: string; title: string }): Promise<void> {
  if (!/^https?:\/\/[^\s<>]+$/i.test(act.url))
    throw new InvalidInputError(
      'Give a link that begins with https://, for example `/incident link 12 https://… the fix`. Nothing was linked.',
      { url: 'a link' },
    );
  await changeIncident(services, act, 'incident.link', async (trx, incident) => {
    await trx
      .insertInto('incident_link')
      .values({
        incident_id: incident.id,
        kind: 'link',
        title: (act.title || act.url).slice(0, 200),
        url: act.url,
        by: act.actor.personId,
        created_at: act.now,
        updated_at: act.now,
      })
      .execute();
    await addEntry(trx, {
      incidentId: incident.id,
      at: act.now,
      kind: 'note',
      text: `Link: ${act.title || act.url}`,
      link: act.url,
      actorId: act.actor.personId,
      origin: 'command',
      now: act.now,
    });
    await auditIncident(trx, act, incident, 'incident.link', { text: { url: act.url, title: act.title } });
  });
}

/** Since when the data is wrong, by its own clock: what detection is measured from. */
async function started(services: Services, act: ActOn & { at: Date }): Promise<void> {
  if (act.at > act.now)
    throw new InvalidInputError('The data cannot have gone bad in the future. Nothing was changed.');
  await changeIncident(services, act, 'incident.link', async (trx, incident) => {
    await trx
      .updateTable('incident')
      .set({ started_at: act.at, updated_at: act.now })
      .where('id', '=', incident.id)
      .execute();
    await addEntry(trx, {
      incidentId: incident.id,
      at: act.at,
      kind: 'state',
      text: 'The data went bad',
      actorId: act.actor.personId,
      data: { started: true },
      now: act.now,
    });
    await auditIncident(trx, act, incident, 'incident.started', {
      before: { started: incident.started_at?.toISOString() ?? null },
      after: { started: act.at.toISOString() },
    });
  });
}

export const addLink = { url, started };

import { InvalidInputError } from '../errors.js';
import type { Services } from '../services.js';
import { type ActOn, auditIncident, changeIncident } from './change.js';
import { addEntry } from './timeline.js';

/** A link that the incident's people should find. The same address again only renames it, where another title is given. */
export async function addLink(
  services: Services,
  act: ActOn & { url: string; title: string },
): Promise<void> {
  if (!/^https?:\/\/[^\s<>]+$/i.test(act.url))
    throw new InvalidInputError(
      'Give a link that begins with https://, for example `/incident link 12 https://… the fix`. Nothing was linked.',
      { url: 'a link' },
    );
  await changeIncident(services, act, 'incident.link', async (trx, incident) => {
    const known = await trx
      .selectFrom('incident_link')
      .select(['id', 'title'])
      .where('incident_id', '=', incident.id)
      .where('kind', '=', 'link')
      .where('url', '=', act.url)
      .executeTakeFirst();
    if (known !== undefined) {
      const title = act.title.slice(0, 200) || known.title;
      if (title === known.title) return;
      await trx
        .updateTable('incident_link')
        .set({ title, updated_at: act.now })
        .where('id', '=', known.id)
        .execute();
      await auditIncident(trx, act, incident, 'incident.link', { text: { url: act.url, title } });
      return;
    }
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

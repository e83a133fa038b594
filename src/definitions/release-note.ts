import type { Services } from '../services.js';
import { readersOf } from '../subscriptions/readers.js';
import { tellReader } from '../subscriptions/tell-reader.js';
import { postAnnouncement } from './notices.js';
import { loadDefinition, noteCardKind } from './record.js';

/**
 * Tells that a new definition is in force: whoever asked about it in the last 90 days, who subscribed, subscribed channels, and the announcements channel.
 * Once per reader; nobody who said "Stop these" or may not read it any more.
 */
export async function sendReleaseNote(
  services: Services,
  params: { changeId: string; now: Date },
): Promise<void> {
  const { changeId, now } = params;
  const { view } = services.catalog.current();
  await services.db.transaction().execute(async (trx) => {
    const change = await loadDefinition(trx, changeId);
    const subject = view.get(change.asset_id);
    if (change.state !== 'in-source' || subject === undefined) return;
    const { people, channels } = await readersOf(services, trx, subject, now);
    for (const { person, why } of people) {
      await tellReader(services, trx, {
        personId: person.id,
        why,
        topic: 'definitions-asked',
        key: `definition:${change.id}:release:${person.id}`,
        card: { kind: noteCardKind, id: change.id, variant: `release:${why}` },
        now,
      });
    }
    await postAnnouncement(services, trx, { change, variant: 'release', channels, now });
  });
}

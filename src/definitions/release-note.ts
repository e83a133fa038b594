import { levelOf } from '../catalog/visibility.js';
import { postNotice } from '../notices/post-notice.js';
import type { Services } from '../services.js';
import { postAnnouncement } from './notices.js';
import { loadDefinition, noteCardKind } from './record.js';

const askersOfDays = 90;
const askersAtMost = 500;

/** Tells whoever asked about it in the last 90 days, and the announcements channel, that a new definition is in force. Once per person. */
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
    const askers = await trx
      .selectFrom('question')
      .select('person_id')
      .distinct()
      .where('asset_id', '=', change.asset_id)
      .where('at', '>=', new Date(now.getTime() - askersOfDays * 86_400_000))
      .where('person_id', 'is not', null)
      .limit(askersAtMost)
      .execute();
    for (const { person_id: personId } of askers) {
      const person = personId === null ? null : await services.directory.byId(trx, personId);
      if (person?.status !== 'active') continue;
      // Who asked then may not see it any more.
      if (levelOf(subject, person, services.config.catalog.visibility) !== 'open') continue;
      await postNotice(services, trx, {
        topic: 'definitions-asked',
        personId: person.id,
        key: `definition:${change.id}:release:${person.id}`,
        card: { kind: noteCardKind, id: change.id, variant: 'release' },
        now,
      });
    }
    await postAnnouncement(services, trx, { change, variant: 'release', now });
  });
}

import { DateTime } from 'luxon';
import { postCard } from '../../jobs/outgoing.js';
import type { Services } from '../../services.js';
import { gapCardKind, tellAskers } from './gaps.js';
import { likelyPeople } from './likely-people.js';

const atOnce = 200;

/**
 * A promised day that has passed is said once to whoever promised it (where they left, to whoever is likely to know) and to everybody who asked: nobody else will notice.
 * A new day makes a new promise.
 */
export async function tellOfLate(services: Services, now: Date): Promise<void> {
  const today = DateTime.fromJSDate(now, { zone: services.config.calendar.timeZone }).toISODate() ?? '';
  const late = await services.db
    .selectFrom('gap')
    .select(['id', 'title', 'asset_id', 'owner_id', 'promised_on'])
    .where('state', '=', 'planned')
    .where('promised_on', '<', today)
    .orderBy('promised_on', 'desc')
    .limit(atOnce)
    .execute();
  const { view } = services.catalog.current();
  for (const gap of late) {
    const about = `late:${gap.promised_on}`;
    await services.db.transaction().execute(async (trx) => {
      const owner = gap.owner_id === null ? null : await services.directory.byId(trx, gap.owner_id);
      const asset = gap.asset_id === null ? undefined : view.get(gap.asset_id);
      const [other] =
        owner?.status === 'active'
          ? [owner]
          : await likelyPeople(services, trx, { asset, question: gap.title, now });
      if (other !== undefined)
        await postCard(trx, {
          key: `gap-${about}:${gap.id}:owner:${other.id}`,
          to: { personId: other.id },
          card: { kind: gapCardKind, id: gap.id, variant: 'owner' },
          now,
        });
      await tellAskers(trx, { gapId: gap.id, about, now });
    });
  }
}

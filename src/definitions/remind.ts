import { postCard } from '../jobs/outgoing.js';
import type { Services } from '../services.js';
import { cardKind } from './record.js';
import { keepersOf } from './withdraw.js';

const weekMs = 7 * 86_400_000;

/** How often a reminder was due since then: a week after it, and then each time twice as long after it. */
export function remindersDue(since: Date, now: Date): number {
  const weeks = (now.getTime() - since.getTime()) / weekMs;
  return weeks < 1 ? 0 : Math.floor(Math.log2(weeks)) + 1;
}

/**
 * Reminds whoever proposed an approved change, and the owners of what it is about, that its source still does not have it. What was missed while nothing ran is said
 * once. Whoever withdraws it or brings it into the source is the only one who can end it, so that it is no notice that one may stop.
 */
export async function remindOfApproved(
  services: Pick<Services, 'db' | 'directory' | 'catalog'>,
  now: Date,
): Promise<void> {
  const waiting = await services.db
    .selectFrom('definition_change')
    .select(['id', 'requested_by', 'asset_id', 'approved_at'])
    .where('state', '=', 'approved')
    .where('approved_at', '<=', new Date(now.getTime() - weekMs))
    .execute();
  for (const { approved_at: since, ...change } of waiting) {
    if (since === null) continue;
    const due = remindersDue(since, now);
    await services.db.transaction().execute(async (trx) => {
      for (const { id } of await keepersOf(services, trx, change)) {
        await postCard(trx, {
          key: `definition:${change.id}:waits:${due}:${id}`,
          to: { personId: id },
          card: { kind: cardKind, id: change.id, variant: 'keeper' },
          now,
        });
      }
    });
  }
}

import { NotFoundError } from '../../errors.js';
import type { Person } from '../../people/person.js';
import type { Services } from '../../services.js';
import { loadBackfill, visible } from '../load.js';
import { referenceOf } from '../reference.js';
import { maySeeOf } from '../visibility.js';

/** "Tell me how it ends", and "Stop these": pressed again it is taken back. */
export async function toggleWatch(
  services: Services,
  params: { backfillId: string; person: Person },
): Promise<string> {
  const backfill = await loadBackfill(services.db, params.backfillId);
  if (!visible(services, backfill, maySeeOf(services.config, params.person))) {
    throw new NotFoundError('There is no such backfill. `/backfill list` shows those that are.');
  }
  const row = { backfill_id: backfill.id, person_id: params.person.id };
  const removed = await services.db
    .deleteFrom('backfill_watcher')
    .where('backfill_id', '=', row.backfill_id)
    .where('person_id', '=', row.person_id)
    .executeTakeFirst();
  if (removed.numDeletedRows > 0n) return `You are no longer told how ${referenceOf(backfill)} ends.`;
  await services.db
    .insertInto('backfill_watcher')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return `You will be told how ${referenceOf(backfill)} ends. Press again to stop that.`;
}

import { scheduleActor } from '../audit/record.js';
import type { Services } from '../services.js';

/** Undecided requests about datasets that left the catalog end, with the reason: nobody could decide them any more. */
export async function cancelForGoneDatasets(services: Services, now: Date): Promise<number> {
  const { view } = services.catalog.current();
  // An empty catalog is a catalog that could not be read, not a company without data.
  if (view.assets().length === 0) return 0;
  const pending = await services.db
    .selectFrom('access_request')
    .select(['id', 'asset_id', 'asset_name'])
    .where('state', '=', 'requested')
    .execute();
  const gone = pending.filter((request) => view.get(request.asset_id) === undefined);
  for (const request of gone) {
    await services.db.transaction().execute((trx) =>
      services.approvals.cancel(trx, {
        kind: 'access',
        subjectId: request.id,
        reason: `${request.asset_name} is no longer in the catalog.`,
        actor: scheduleActor,
        now,
      }),
    );
  }
  return gone.length;
}

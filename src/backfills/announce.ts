import type { Trx } from '../db/database.js';
import { postNotice } from '../notices/post-notice.js';
import type { Services } from '../services.js';
import { cardKind } from './events.js';

/** Tier that owners are told of even when all went well. */
const loudTier = 1;

/**
 * Owners of what is built from the asset hear of tier-1 assets, or of failure; nobody hears twice, and whoever asked, approved
 * or watches knows already. One line per backfill, whatever number of their assets is concerned: at once where it failed, else with
 * everything that can wait for the morning.
 */
export async function announceDownstream(
  services: Services,
  params: { backfillId: string; epoch: number; now: Date },
): Promise<number> {
  const { now } = params;
  return services.db.transaction().execute(async (trx) => {
    const backfill = await trx
      .selectFrom('backfill')
      .selectAll()
      .where('id', '=', params.backfillId)
      .executeTakeFirst();
    if (backfill === undefined || backfill.epoch !== params.epoch) return 0;
    if (backfill.state !== 'failed' && backfill.state !== 'succeeded') return 0;
    const { view } = services.catalog.current();
    const told = new Set<string>();
    for (const { asset } of view.downstream(backfill.asset_id)) {
      if (backfill.state === 'succeeded' && asset.tier !== loudTier) continue;
      for (const owner of asset.owners) {
        for (const person of await services.directory.resolveOwner(trx, owner)) told.add(person.id);
      }
    }
    if (backfill.requested_by !== null) told.delete(backfill.requested_by);
    const watchers = await trx
      .selectFrom('backfill_watcher')
      .select('person_id')
      .where('backfill_id', '=', backfill.id)
      .execute();
    for (const { person_id } of watchers) told.delete(person_id);
    for (const personId of await decidedBy(trx, backfill.approval_id)) told.delete(personId);
    for (const personId of told) {
      await postNotice(services, trx, {
        // A failure may be in somebody's numbers now; what went well can be read in the morning.
        topic: backfill.state === 'failed' ? 'backfills-upstream' : 'backfills-done-upstream',
        personId,
        key: `backfill:${backfill.id}:downstream:${backfill.epoch}:${personId}`,
        card: { kind: cardKind, id: backfill.id, variant: 'downstream' },
        now,
      });
    }
    return told.size;
  });
}

/** Their own cards show how it ends. */
async function decidedBy(trx: Trx, approvalId: string | null): Promise<string[]> {
  if (approvalId === null) return [];
  const rows = await trx
    .selectFrom('approval_decision')
    .select('person_id')
    .where('request_id', '=', approvalId)
    .execute();
  return rows.map(({ person_id }) => person_id);
}

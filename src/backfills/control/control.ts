import type { Actor } from '../../audit/record.js';
import type { Trx } from '../../db/database.js';
import type { Services } from '../../services.js';
import type { BackfillRow } from '../events.js';
import { lockBackfill } from '../load.js';
import { type Acting, requireOn } from '../roles.js';

/** Somebody acts on a backfill: whoever they are and through whatever door. */
export interface ControlParams {
  backfillId: string;
  acting: Acting;
  actor: Actor;
  now: Date;
}

/** Locks the backfill, asks whether this person may, and acts: all in one transaction. */
export async function controlling<Result>(
  services: Services,
  action: string,
  params: ControlParams,
  body: (trx: Trx, backfill: BackfillRow) => Promise<Result>,
): Promise<Result> {
  return services.db.transaction().execute(async (trx) => {
    const backfill = await lockBackfill(trx, params.backfillId);
    await requireOn(services, trx, action, params.acting, {
      asset: services.catalog.current().view.get(backfill.asset_id),
      requesterId: backfill.requested_by,
      now: params.now,
    });
    return body(trx, backfill);
  });
}

/** `2026-10-01, 2026-10-02 and 3 more` */
export function some(keys: readonly string[], limit = 5): string {
  if (keys.length <= limit) return keys.join(', ');
  return `${keys.slice(0, limit).join(', ')} and ${keys.length - limit} more`;
}

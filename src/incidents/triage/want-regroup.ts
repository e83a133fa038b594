import type { Trx } from '../../db/database.js';
import { enqueue } from '../../jobs/outbox.js';

/** Alerts that come within this time are grouped together: a storm is one grouping every two seconds, not one per alert. */
const bucketMs = 2_000;

export const regroupKind = 'incident.regroup';

/** Asks for a grouping at the end of the running two seconds. */
export async function wantRegroup(trx: Trx, now: Date): Promise<void> {
  const bucket = Math.floor(now.getTime() / bucketMs);
  await enqueue(trx, {
    kind: regroupKind,
    queue: 'work',
    key: `${regroupKind}:${bucket}`,
    lane: 'incident-regroup',
    payload: { bucket },
    runAt: new Date((bucket + 1) * bucketMs),
    now,
  });
}

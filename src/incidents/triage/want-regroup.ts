import type { Trx } from '../../db/database.js';
import { setTimer } from '../../jobs/outbox.js';

/** Alerts that come within this time are grouped together: a storm is one grouping every two seconds, not one per alert. */
const bucketMs = 2_000;

export const regroupKind = 'incident.regroup';

/**
 * Asks for a grouping at the end of the running two seconds. One that has begun meanwhile cannot see what this transaction writes, so it is asked
 * for again: the row stays locked until the alerts are there.
 */
export async function wantRegroup(trx: Trx, now: Date): Promise<void> {
  const bucket = Math.floor(now.getTime() / bucketMs);
  await setTimer(trx, {
    kind: regroupKind,
    queue: 'work',
    key: `${regroupKind}:${bucket}`,
    lane: 'incident-regroup',
    payload: { bucket },
    runAt: new Date((bucket + 1) * bucketMs),
    now,
  });
}

import type { Trx } from '../db/database.js';
import { setTimer } from '../jobs/outbox.js';

/** How long before the end the holder is warned: a day, or a fifth of a short grant. */
export function warnBeforeMs(lengthMs: number): number {
  return Math.min(86_400_000, Math.floor(lengthMs / 5));
}

/** Timers for the warning and for the end. Set again whenever the end moves. */
export async function armEndTimers(
  trx: Trx,
  params: { id: string; endsAt: Date; startsAt: Date; now: Date },
): Promise<void> {
  const { id, endsAt, startsAt, now } = params;
  const payload = { requestId: id };
  await setTimer(trx, {
    kind: 'access.expire',
    queue: 'work',
    key: `access.expire:${id}`,
    payload,
    runAt: endsAt,
    now,
  });
  const before = warnBeforeMs(endsAt.getTime() - startsAt.getTime());
  if (before < 60_000) return;
  const warnAt = new Date(endsAt.getTime() - before);
  await setTimer(trx, {
    kind: 'access.warn',
    queue: 'work',
    key: `access.warn:${id}`,
    payload: { requestId: id, endsAt: endsAt.toISOString() },
    runAt: warnAt,
    now,
  });
}

import { scheduleActor } from '../../audit/record.js';
import type { Trx } from '../../db/database.js';
import { enqueue } from '../../jobs/outbox.js';
import type { Services } from '../../services.js';
import { type BackfillRow, recordEvent, tellPeople } from '../events.js';
import { dropFromIncident } from '../incident-link.js';
import { chunksOf, lockBackfill } from '../load.js';
import { moveBackfill } from '../move.js';
import { closeNotices } from '../notices.js';
import { showProgress } from '../progress.js';
import { referenceOf } from '../reference.js';
import { isActiveChunk } from '../state.js';
import { wakeThoseWaitingFor } from '../work.js';
import { claimChunks } from './claim.js';

/** While a run goes on it looks by itself this often: places under the caps are freed by others, too. */
const lookMs = 15_000;

/** One step of a run: starts what may start, ends what has ended. Returns when to look again, or null when it is over. */
export async function advanceBackfill(
  services: Services,
  params: { backfillId: string; now: Date },
): Promise<Date | null> {
  const { now } = params;
  return services.db.transaction().execute(async (trx) => {
    const backfill = await trx
      .selectFrom('backfill')
      .selectAll()
      .where('id', '=', params.backfillId)
      .forUpdate()
      .executeTakeFirst();
    if (backfill === undefined) return null;
    if (backfill.state === 'cancelling')
      return (await endCancelling(trx, backfill, now)) ? null : later(now, lookMs);
    if (backfill.state !== 'running') return null;
    const chunks = await chunksOf(trx, backfill.id);
    const failures = chunks.filter(
      ({ state, finished_at }) =>
        state === 'failed' && finished_at !== null && finished_at >= (backfill.counted_from ?? finished_at),
    );
    const pending = chunks.filter(({ state }) => state === 'pending');
    const active = chunks.filter(({ state }) => isActiveChunk(state));
    const last = failures.at(-1);
    if (failures.length >= backfill.stop_after && pending.length > 0) {
      await halt(
        trx,
        backfill,
        `Stopped by itself after ${failures.length} failed chunk${failures.length === 1 ? '' : 's'}. Last: ${last?.partition_keys.join(', ')}: ${last?.error ?? 'no reason given'}${active.length > 0 ? ` ${active.length} still running; they go on.` : ''}`,
        now,
      );
      return null;
    }
    const blocked =
      backfill.depends_on_past && failures.length > 0 && active.length === 0 && pending.length > 0;
    if (blocked) {
      await halt(
        trx,
        backfill,
        `${last?.partition_keys.join(', ')} failed, and what comes after it is built from it. ${last?.error ?? ''}`.trim(),
        now,
      );
      return null;
    }
    if (pending.length === 0 && active.length === 0) {
      await moveBackfill(trx, backfill, 'verifying', {
        actor: scheduleActor,
        now,
        action: 'backfill.verify',
        change: { eta: null },
      });
      await enqueue(trx, {
        kind: 'backfill.verify',
        queue: 'io',
        key: `backfill.verify:${backfill.id}:${backfill.epoch}`,
        payload: { backfillId: backfill.id },
        now,
      });
      return null;
    }
    const { claimed, nextLook } = await claimChunks(services, trx, backfill, now);
    if (claimed.length > 0) await showProgress(trx, backfill, now);
    const regular = later(now, lookMs);
    return nextLook !== null && nextLook < regular ? nextLook : regular;
  });
}

async function halt(trx: Trx, backfill: BackfillRow, words: string, now: Date): Promise<void> {
  await moveBackfill(trx, backfill, 'halted', {
    actor: scheduleActor,
    now,
    action: 'backfill.halt',
    change: { hold: words },
  });
  await recordEvent(trx, { backfillId: backfill.id, kind: 'halted', text: words, now });
  if (backfill.requested_by !== null) {
    await tellPeople(trx, {
      backfillId: backfill.id,
      personIds: [backfill.requested_by],
      variant: 'halted',
      about: `halted:${backfill.epoch}`,
      now,
    });
  }
}

/** Cancelled once nothing runs any more. */
export async function endCancelling(trx: Trx, backfill: BackfillRow, now: Date): Promise<boolean> {
  const chunks = await chunksOf(trx, backfill.id);
  if (chunks.some(({ state }) => isActiveChunk(state))) return false;
  const locked = backfill.state === 'cancelling' ? backfill : await lockBackfill(trx, backfill.id);
  await moveBackfill(trx, locked, 'cancelled', {
    actor: scheduleActor,
    now,
    action: 'backfill.cancelled',
    change: { finished_at: now, eta: null },
  });
  const done = chunks
    .filter(({ state }) => state === 'succeeded')
    .flatMap(({ partition_keys }) => partition_keys).length;
  await recordEvent(trx, {
    backfillId: backfill.id,
    kind: 'cancelled',
    text: `${referenceOf(backfill)} is cancelled and nothing runs any more. ${done} of ${backfill.partitions} partitions had been rebuilt and stay so.`,
    now,
  });
  await closeNotices(trx, backfill, 'cancelled', now);
  await dropFromIncident(trx, backfill, now);
  await wakeThoseWaitingFor(trx, backfill.id, now);
  return true;
}

function later(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
}

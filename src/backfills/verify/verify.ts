import { scheduleActor } from '../../audit/record.js';
import { enqueue } from '../../jobs/outbox.js';
import type { Services } from '../../services.js';
import { type BackfillRow, recordEvent, tellPeople } from '../events.js';
import { ExecutorUnavailableError } from '../executors/executor.js';
import { tellIncident } from '../incident-link.js';
import { chunksOf, lockBackfill, partitionsOf } from '../load.js';
import { moveBackfill } from '../move.js';
import { closeNotices } from '../notices.js';
import { referenceOf } from '../reference.js';
import { wakeThoseWaitingFor } from '../work.js';
import {
  failedBefore,
  freshnessCheck,
  rowsByPartition,
  rowsCheck,
  runsCheck,
  testsCheck,
  verdictOf,
} from './checks.js';
import type { Verification, VerificationCheck } from './verification.js';
import { nextLook } from './verify-later.js';

/** Looks whether what was rebuilt is right, and ends the backfill. Returns when to look again if the executor is away. */
export async function verifyBackfill(
  services: Services,
  params: { backfillId: string; now: Date },
): Promise<Date | null> {
  const { now } = params;
  const backfill = await services.db
    .selectFrom('backfill')
    .selectAll()
    .where('id', '=', params.backfillId)
    .executeTakeFirst();
  if (backfill === undefined || backfill.state !== 'verifying') return null;
  try {
    await countAfter(services, backfill);
  } catch (error) {
    if (!(error instanceof ExecutorUnavailableError)) throw error;
    return new Date(now.getTime() + error.retryAfterMs);
  }
  const chunks = await chunksOf(services.db, backfill.id);
  const failed = chunks
    .filter(({ state }) => state === 'failed')
    .flatMap(({ partition_keys }) => partition_keys);
  const { view } = services.catalog.current();
  const checks: VerificationCheck[] = [
    runsCheck(backfill, failed),
    await rowsCheck(services, backfill, failed),
    freshnessCheck(view, backfill, now),
    testsCheck(view, backfill),
  ];
  const verdict = verdictOf(checks, failedBefore(view, backfill));
  await end(services, backfill, { verdict, checks, at: now.toISOString() }, now);
  return null;
}

async function countAfter(services: Services, backfill: BackfillRow): Promise<void> {
  const executor = services.executors.get(backfill.executor);
  if (executor?.countRows === undefined) return;
  const partitions = await partitionsOf(services.db, backfill.id);
  const slices = partitions.map((row) => ({ key: row.key, start: row.range_from, end: row.range_to }));
  const counts = await executor.countRows(backfill.pipeline, slices);
  for (const [key, rows] of counts) {
    await services.db
      .updateTable('backfill_partition')
      .set({ rows_after: rows })
      .where('backfill_id', '=', backfill.id)
      .where('key', '=', key)
      .execute();
  }
}

async function end(
  services: Services,
  seen: BackfillRow,
  verification: Verification,
  now: Date,
): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    const backfill = await lockBackfill(trx, seen.id);
    if (backfill.state !== 'verifying') return;
    const to = verification.verdict === 'failed' ? 'failed' : 'succeeded';
    await moveBackfill(trx, backfill, to, {
      actor: scheduleActor,
      now,
      action: `backfill.${to}`,
      change: { finished_at: now, verification: JSON.stringify(verification), shown_percent: 100 },
    });
    const words = verification.checks.map((check) => check.words).join(' ');
    await recordEvent(trx, {
      backfillId: backfill.id,
      kind: to,
      text: `${endWords(to, verification)} ${words}`,
      now,
    });
    const rows = rowsByPartition(await partitionsOf(trx, backfill.id));
    if (rows !== null) await recordEvent(trx, { backfillId: backfill.id, kind: 'rows', text: rows, now });
    await tellIncident(trx, backfill, { text: words, verdict: verification.verdict }, now);
    await closeNotices(trx, backfill, to === 'failed' ? 'failed' : 'rebuilt', now);
    const watchers = await trx
      .selectFrom('backfill_watcher')
      .select('person_id')
      .where('backfill_id', '=', backfill.id)
      .execute();
    await tellPeople(trx, {
      backfillId: backfill.id,
      personIds: watchers.map(({ person_id }) => person_id),
      variant: 'result',
      about: `result:${backfill.epoch}`,
      now,
    });
    const tookMs = now.getTime() - (backfill.started_at ?? now).getTime();
    // Their own card changes without a sound: whoever may have looked away meanwhile is told.
    if (backfill.requested_by !== null && (to === 'failed' || tookMs > worthTellingMs)) {
      await tellPeople(trx, {
        backfillId: backfill.id,
        personIds: [backfill.requested_by],
        variant: 'result',
        about: `result:${backfill.epoch}`,
        now,
      });
    }
    await enqueue(trx, {
      kind: 'backfill.announce',
      queue: 'work',
      key: `backfill.announce:${backfill.id}:${backfill.epoch}`,
      payload: { backfillId: backfill.id, epoch: backfill.epoch },
      now,
      runAt: new Date(now.getTime() + announceAfterMs),
    });
    await enqueue(trx, {
      kind: 'backfill.verify-later',
      queue: 'work',
      key: `backfill.verify-later:${backfill.id}:${backfill.epoch}`,
      payload: { backfillId: backfill.id, epoch: backfill.epoch },
      now,
      runAt: nextLook(now, now),
    });
    await wakeThoseWaitingFor(trx, backfill.id, now);
    services.log.info({ backfill: referenceOf(backfill), verdict: verification.verdict }, 'a backfill ended');
  });
}

/** A run that is over before this needs no message of its own. */
const worthTellingMs = 2 * 60_000;

function endWords(to: 'failed' | 'succeeded', verification: Verification): string {
  if (to === 'failed') return 'Ended, but not right.';
  if (verification.verdict === 'verified') return 'Done and verified.';
  return verification.checks.some(({ name, result }) => name !== 'runs' && result === 'pass')
    ? 'Done, not verified yet.'
    : 'Done; nothing could be verified.';
}

/** Owners downstream are told once for all that ended within this time. */
const announceAfterMs = 60_000;

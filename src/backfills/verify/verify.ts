import { scheduleActor } from '../../audit/record.js';
import type { CatalogView } from '../../catalog/view.js';
import { enqueue } from '../../jobs/outbox.js';
import { refreshCards } from '../../jobs/outgoing.js';
import type { Services } from '../../services.js';
import { type BackfillRow, cardKind, recordEvent, tellPeople } from '../events.js';
import { ExecutorUnavailableError } from '../executors/executor.js';
import { tellIncident } from '../incident-link.js';
import { chunksOf, lockBackfill, partitionsOf } from '../load.js';
import { moveBackfill } from '../move.js';
import { closeNotices } from '../notices.js';
import { referenceOf } from '../reference.js';
import { wakeThoseWaitingFor } from '../work.js';
import type { Verification, VerificationCheck } from './verification.js';

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
  const verdict = checks.some(({ result }) => result === 'fail')
    ? 'failed'
    : checks.some(({ name, result }) => name !== 'runs' && result === 'pass')
      ? 'verified'
      : 'unverified';
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

function runsCheck(backfill: BackfillRow, failed: readonly string[]): VerificationCheck {
  return failed.length === 0
    ? {
        name: 'runs',
        result: 'pass',
        words:
          backfill.partitions === 1
            ? 'The partition was rebuilt.'
            : `All ${backfill.partitions} partitions were rebuilt.`,
      }
    : {
        name: 'runs',
        result: 'fail',
        words: `${failed.length} of ${backfill.partitions} partitions failed: ${failed.slice(0, 5).join(', ')}.`,
      };
}

async function rowsCheck(
  services: Services,
  backfill: BackfillRow,
  failed: readonly string[],
): Promise<VerificationCheck> {
  const rows = (await partitionsOf(services.db, backfill.id)).filter(({ key }) => !failed.includes(key));
  const counted = rows.filter(({ rows_after }) => rows_after !== null);
  if (counted.length === 0)
    return { name: 'rows', result: 'unknown', words: 'The executor cannot count rows.' };
  const before = counted.reduce((sum, row) => sum + Number(row.rows_before ?? 0), 0);
  const after = counted.reduce((sum, row) => sum + Number(row.rows_after), 0);
  const emptied = counted.filter((row) => Number(row.rows_after) === 0 && Number(row.rows_before ?? 0) > 0);
  if (emptied.length > 0) {
    return {
      name: 'rows',
      result: 'fail',
      words: `Rows vanished: ${emptied
        .slice(0, 5)
        .map((row) => `${row.key} had ${row.rows_before}, now 0`)
        .join('; ')}.`,
    };
  }
  const empty = counted.filter((row) => Number(row.rows_after) === 0);
  const words = `Rows in the rebuilt partitions: ${before} before, ${after} now.`;
  if (empty.length === counted.length)
    return { name: 'rows', result: 'fail', words: `${words} All of them are empty.` };
  return {
    name: 'rows',
    result: 'pass',
    words:
      empty.length === 0
        ? words
        : `${words} Empty: ${empty
            .slice(0, 5)
            .map(({ key }) => key)
            .join(', ')}.`,
  };
}

/** Only what was measured after the run says something about it. */
function freshnessCheck(view: CatalogView, backfill: BackfillRow, now: Date): VerificationCheck {
  const signal = view
    .latestSignals(backfill.asset_id)
    .find(({ type, observedAt }) => type === 'freshness' && isAfter(observedAt, backfill));
  if (signal === undefined)
    return { name: 'freshness', result: 'unknown', words: 'No freshness was measured since the run.' };
  const fine = signal.status === 'pass';
  const age =
    signal.loadedAt === undefined
      ? ''
      : `, newest row ${Math.round((now.getTime() - Date.parse(signal.loadedAt)) / 3_600_000)} h old`;
  return { name: 'freshness', result: fine ? 'pass' : 'fail', words: `Freshness: ${signal.status}${age}.` };
}

function testsCheck(view: CatalogView, backfill: BackfillRow): VerificationCheck {
  const tests = view
    .latestSignals(backfill.asset_id)
    .filter(({ type, observedAt }) => type === 'test' && isAfter(observedAt, backfill));
  if (tests.length === 0)
    return { name: 'tests', result: 'unknown', words: 'No test of this model has run since.' };
  const failing = tests.filter(({ status }) => status === 'fail' || status === 'error');
  return failing.length === 0
    ? {
        name: 'tests',
        result: 'pass',
        words: `${tests.length} test${tests.length === 1 ? '' : 's'} ran since and passed.`,
      }
    : {
        name: 'tests',
        result: 'fail',
        words: `${failing.length} of ${tests.length} tests fail: ${failing
          .slice(0, 3)
          .map(({ name }) => name)
          .join(', ')}.`,
      };
}

function isAfter(observedAt: string, backfill: BackfillRow): boolean {
  return Date.parse(observedAt) >= (backfill.started_at?.getTime() ?? Number.POSITIVE_INFINITY);
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
      text: `${to === 'failed' ? 'Ended, but not right.' : verification.verdict === 'verified' ? 'Done and verified.' : 'Done; nothing could be verified.'} ${words}`,
      now,
    });
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
    if (to === 'failed' && backfill.requested_by !== null) {
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
      runAt: new Date(now.getTime() + laterEveryMs),
    });
    await wakeThoseWaitingFor(trx, backfill.id, now);
    services.log.info({ backfill: referenceOf(backfill), verdict: verification.verdict }, 'a backfill ended');
  });
}

/** How long results of tests and freshness that come later still count, and how often they are looked for. */
const laterForMs = 24 * 3_600_000;
const laterEveryMs = 10 * 60_000;

/**
 * Tests and freshness are measured by others, often hours after the run: what was unknown then is looked at again until it is
 * known. A test that fails now is told to whoever asked; the backfill itself stays ended. Returns when to look again.
 */
export async function verifyLater(
  services: Services,
  params: { backfillId: string; epoch: number; now: Date },
): Promise<Date | null> {
  const { now } = params;
  return services.db.transaction().execute(async (trx) => {
    const backfill = await lockBackfill(trx, params.backfillId);
    const before = backfill.verification;
    if (
      backfill.epoch !== params.epoch ||
      backfill.state !== 'succeeded' ||
      before === null ||
      backfill.finished_at === null
    )
      return null;
    const { view } = services.catalog.current();
    const fresh = [freshnessCheck(view, backfill, now), testsCheck(view, backfill)];
    const checks = before.checks.map(
      (check) =>
        fresh.find(
          ({ name, result }) => name === check.name && check.result === 'unknown' && result !== 'unknown',
        ) ?? check,
    );
    const changed = checks.filter((check) => !before.checks.includes(check));
    if (changed.length > 0) {
      const verdict = checks.some(({ result }) => result === 'fail') ? 'failed' : 'verified';
      await trx
        .updateTable('backfill')
        .set({ verification: JSON.stringify({ verdict, checks, at: now.toISOString() }), updated_at: now })
        .where('id', '=', backfill.id)
        .execute();
      const words = changed.map((check) => check.words).join(' ');
      await recordEvent(trx, {
        backfillId: backfill.id,
        kind: 'verified-later',
        text: `${verdict === 'failed' ? 'Seen later, and not right:' : 'Seen later:'} ${words}`,
        now,
      });
      await refreshCards(trx, { kind: cardKind, id: backfill.id }, now);
      if (verdict !== before.verdict) await tellIncident(trx, backfill, { text: words, verdict }, now);
      if (verdict === 'failed' && backfill.requested_by !== null) {
        await tellPeople(trx, {
          backfillId: backfill.id,
          personIds: [backfill.requested_by],
          variant: 'result',
          about: `later:${backfill.epoch}`,
          now,
        });
      }
    }
    const open = checks.some(({ result }) => result === 'unknown');
    const over = now.getTime() - backfill.finished_at.getTime() >= laterForMs;
    return open && !over ? new Date(now.getTime() + laterEveryMs) : null;
  });
}

/** Owners downstream are told once for all that ended within this time. */
const announceAfterMs = 60_000;

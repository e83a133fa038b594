import type { Signal } from '../../catalog/asset.js';
import type { CatalogView } from '../../catalog/view.js';
import type { Services } from '../../services.js';
import type { BackfillRow } from '../events.js';
import { partitionsOf } from '../load.js';
import type { Verification, VerificationCheck } from './verification.js';

/** What the checks say together. Right rows are not enough while a test that failed before has not run again. */
export function verdictOf(
  checks: readonly VerificationCheck[],
  unproven: readonly string[],
): Verification['verdict'] {
  if (checks.some(({ result }) => result === 'fail')) return 'failed';
  const seen = checks.some(({ name, result }) => name !== 'runs' && result === 'pass');
  return seen && unproven.length === 0 ? 'verified' : 'unverified';
}

/** Whether every partition was rebuilt. */
export function runsCheck(backfill: BackfillRow, failed: readonly string[]): VerificationCheck {
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

/** Rows before and after: what vanished is a failure, what is empty is said. */
export async function rowsCheck(
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
  const words = `Rows in the rebuilt partitions: ${before} before, ${after} now.${largestChange(counted)}`;
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

type Counted = Awaited<ReturnType<typeof partitionsOf>>[number];

function largestChange(rows: readonly Counted[]): string {
  const change = (row: Counted): number => Math.abs(Number(row.rows_after) - Number(row.rows_before ?? 0));
  const [most] = [...rows].sort((a, b) => change(b) - change(a));
  if (most === undefined || rows.length < 2 || change(most) === 0) return '';
  return ` Most changed: ${most.key}, ${Number(most.rows_before ?? 0)} before, ${most.rows_after} now.`;
}

const shownPartitions = 60;

/** Every partition with its rows before and after, for the history; null where nothing was counted. */
export function rowsByPartition(rows: readonly Counted[]): string | null {
  const counted = rows.filter(({ rows_after }) => rows_after !== null);
  if (counted.length === 0) return null;
  const words = counted
    .slice(0, shownPartitions)
    .map((row) => `${row.key}: ${row.rows_before ?? 'unknown'} → ${row.rows_after}`);
  const rest = counted.length - words.length;
  return `Rows before → now. ${words.join('; ')}${rest > 0 ? `; and ${rest} more partitions` : ''}.`;
}

/** Only what was measured after the run says something about it. */
export function freshnessCheck(view: CatalogView, backfill: BackfillRow, now: Date): VerificationCheck {
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

/**
 * Only tests that ran since the start say something about what was rebuilt. One that failed before and has not run since keeps the
 * backfill from being called verified: the fault it found may still be there.
 */
export function testsCheck(view: CatalogView, backfill: BackfillRow): VerificationCheck {
  const tests = view
    .latestSignals(backfill.asset_id)
    .filter((signal) => isTest(signal) && isAfter(signal.observedAt, backfill));
  const unproven = failedBefore(view, backfill);
  if (tests.length === 0)
    return {
      name: 'tests',
      result: 'unknown',
      words:
        unproven.length === 0
          ? 'No test of this model has run since.'
          : `No test of this model has run since, and ${nameSome(unproven)} failed before: whether this mended it shows with its next run.`,
    };
  const failing = tests.filter(({ status }) => status === 'fail' || status === 'error');
  if (failing.length === 0 && unproven.length > 0)
    return {
      name: 'tests',
      result: 'unknown',
      words: `${tests.length} test${tests.length === 1 ? '' : 's'} ran since and passed, but ${nameSome(unproven)} failed before and has not run again.`,
    };
  return failing.length === 0
    ? {
        name: 'tests',
        result: 'pass',
        words: `${tests.length} test${tests.length === 1 ? '' : 's'} ran since and passed.`,
      }
    : {
        name: 'tests',
        result: 'fail',
        words: `${failing.length} of ${tests.length} tests fail: ${nameSome(failing.map(({ name }) => name))}.`,
      };
}

/** Names of tests whose latest result is a failure from before the start. */
export function failedBefore(view: CatalogView, backfill: BackfillRow): string[] {
  return view
    .latestSignals(backfill.asset_id)
    .filter(
      (signal) =>
        isTest(signal) &&
        (signal.status === 'fail' || signal.status === 'error') &&
        !isAfter(signal.observedAt, backfill),
    )
    .map(({ name }) => name);
}

function nameSome(names: readonly string[]): string {
  const rest = names.length - 3;
  return `${names.slice(0, 3).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** A tie-out is a test whose other side is another system. */
function isTest({ type }: Signal): boolean {
  return type === 'test' || type === 'tie-out';
}

function isAfter(observedAt: string, backfill: BackfillRow): boolean {
  return Date.parse(observedAt) >= (backfill.started_at?.getTime() ?? Number.POSITIVE_INFINITY);
}

import pg from 'pg';
import type { Asset } from '../../catalog/asset.js';
import type { Viewer } from '../../catalog/visibility.js';
import type { Services } from '../../services.js';
import { utcWords } from '../../utc-words.js';
import { recogniseIntent } from '../intent.js';
import { startOfTimeWords } from '../time-words.js';
import { type QueryRows, runGovernedQuery, ValueRefusedError } from './run-query.js';

/** What the source's own query gave, with what one must know to read it; or why it was not run. */
export type MetricValue =
  | ({ shown: true; query: string; asOf: Date; warehouse: string; role: string } & QueryRows)
  | { shown: false; reason: string };

const connectTimeoutMs = 2_000;

/**
 * The number of a metric, from the query that its source wrote for it and nothing else: read-only, as the configured role, within limits of
 * rows and time, and only for somebody whose own login may read the tables. Null where `catalog.values` is off.
 */
export async function readValue(
  services: Pick<Services, 'config' | 'db' | 'directory' | 'warehouses'>,
  asset: Asset,
  viewer: Viewer,
  now: Date,
): Promise<MetricValue | null> {
  const { mode, warehouse, role, maxRows, timeoutSeconds } = services.config.catalog.values;
  if (mode === 'off' || warehouse === undefined || role === undefined) return null;
  const query = asset.formula?.compiledQuery ?? asset.exampleQuery;
  if (query === undefined) return { shown: false, reason: 'Its source has no query for it.' };
  const person = viewer.id === undefined ? null : await services.directory.byId(services.db, viewer.id);
  const login = person === null ? null : services.warehouses.identityOf(warehouse, person);
  if (login === null)
    return {
      shown: false,
      reason: `Its number is for people with a login in ${warehouse}, and you have none.`,
    };
  const connectionString = services.warehouses.addressOf(warehouse);
  if (connectionString === undefined)
    return { shown: false, reason: `The warehouse ${warehouse} has no address here.` };
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'steward:value',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const rows = await runGovernedQuery(client, query, login, {
      role,
      maxRows,
      timeoutMs: timeoutSeconds * 1000,
    });
    return { shown: true, query, asOf: now, warehouse, role, ...rows };
  } catch (error) {
    const reason =
      error instanceof ValueRefusedError
        ? error.sentence
        : `The warehouse ${warehouse} cannot be reached now.`;
    return { shown: false, reason };
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The rows that the question's words of time mean, where a month or a day of them is in the result; else the first ones. */
export function rowsAskedFor(
  value: QueryRows,
  question: string,
  now: Date,
  limit: number,
): (string | null)[][] {
  const { time } = recogniseIntent(question);
  const start = startOfTimeWords(time, now)?.toISOString();
  for (const length of time !== undefined && /\d{4}-\d{2}-\d{2}|yesterday|gestern|ayer/i.test(time)
    ? [10]
    : [7]) {
    const asked =
      start === undefined
        ? []
        : value.rows.filter((row) => row.some((cell) => cell?.startsWith(start.slice(0, length))));
    if (asked.length > 0) return asked.slice(0, limit);
  }
  return value.rows.slice(0, limit);
}

/** One row said aloud: "month 2026-02-01, mrr 51230". */
export function rowInWords(columns: readonly string[], row: readonly (string | null)[]): string {
  return columns.map((column, i) => `${column.replace(/_/g, ' ')} ${row[i] ?? 'unknown'}`).join(', ');
}

/** What is said of a value in plain words. */
export function valueInWords(value: MetricValue, question: string, now: Date): string {
  if (!value.shown) return value.reason;
  if (value.rows.length === 0) return "Its source's own query gave no rows.";
  const rows = rowsAskedFor(value, question, now, 3).map((row) => rowInWords(value.columns, row));
  return `Its source's own query says, as of ${utcWords(value.asOf)}: ${rows.join('; ')}.`;
}

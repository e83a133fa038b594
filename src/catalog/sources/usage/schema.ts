import { z } from 'zod';
import { utcTime } from '../utc-time.js';

/** A count about an asset on a day, however the export calls its columns. */
export const usageHeadings = {
  asset: [
    'asset',
    'source_id',
    'relation',
    'table',
    'table_name',
    'dataset',
    'metric',
    'name',
    'object',
    'object_name',
  ],
  database: ['database', 'database_name', 'table_catalog', 'project_id'],
  schema: ['schema', 'schema_name', 'table_schema', 'dataset_id'],
  count: ['count', 'queries', 'query_count', 'views', 'uses', 'executions'],
  /** Who it was: one line per asset, day and login. */
  login: ['login', 'login_name', 'user', 'user_name', 'username', 'usename'],
  people: ['people', 'users', 'distinct_users', 'user_count'],
  date: ['date', 'day', 'query_date', 'usage_date', 'as_of', 'last_queried', 'last_used', 'week', 'month'],
} as const;

/** `2026-03-01`, a time that starts with it, or a month; as an ISO time in UTC. A time that only its sender can read counts as its day. */
export const UsageDate = z
  .string()
  .regex(/^\d{4}-\d{2}(?:-\d{2}|$)/)
  .transform((written) => {
    const day = `${written.length === 7 ? `${written}-01` : written.slice(0, 10)}T00:00:00Z`;
    return (written.length > 10 ? utcTime(written) : undefined) ?? utcTime(day);
  })
  .pipe(z.string());

/** A number of times, with or without marks between its thousands. */
export const UsageCount = z
  .string()
  .transform((written) =>
    Number(/^\d{1,3}(?:[,'\s]\d{3})+(?:\.\d+)?$/.test(written) ? written.replace(/[,'\s]/g, '') : written),
  )
  .pipe(z.number().nonnegative());

import { z } from 'zod';

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

/** `2026-03-01`, or a time that starts with it. */
export const UsageDate = z.string().regex(/^\d{4}-\d{2}-\d{2}/);
export const UsageCount = z.coerce.number().nonnegative();

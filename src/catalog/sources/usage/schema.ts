import { z } from 'zod';

/** A count about an asset on a day, however the export calls its columns. */
export const usageHeadings = {
  asset: ['asset', 'source_id', 'relation', 'table', 'dataset', 'metric', 'name', 'object'],
  count: ['count', 'queries', 'query_count', 'views', 'uses', 'executions'],
  people: ['people', 'users', 'distinct_users', 'user_count'],
  date: ['date', 'day', 'as_of', 'week', 'month'],
} as const;

/** `2026-03-01`, or a time that starts with it. */
export const UsageDate = z.string().regex(/^\d{4}-\d{2}-\d{2}/);
export const UsageCount = z.coerce.number().nonnegative();

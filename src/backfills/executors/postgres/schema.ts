import { z } from 'zod';
import { duration } from '../../../config/schema-values.js';

/** A pipeline as SQL: one script that empties and fills the partitions in [`:partition_start`, `:partition_end`). */
const pipeline = z.strictObject({
  sql: z.string().optional(),
  /** File with the script, relative to steward.yml. */
  file: z.string().optional(),
  /** `schema.table` that it fills, for row counts; read from the script's `insert into` when absent. */
  relation: z.string().optional(),
  column: z.string().optional(),
  dependsOnPast: z.boolean().default(false),
});

/** `executors: [{name, type: postgres, …}]` */
export const postgresExecutor = z.strictObject({
  name: z.string(),
  type: z.literal('postgres'),
  warehouse: z.string(),
  /** Every `<pipeline>.sql` in it is a pipeline. Relative to steward.yml. */
  pipelinesDir: z.string().optional(),
  pipelines: z.record(z.string(), pipeline).default({}),
  /** Role the scripts run as (`set local role`); default: the login of the warehouse's address. */
  role: z.string().optional(),
  /** Schema with the executor's own marker table. */
  markerSchema: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,50}$/)
    .default('steward_backfill'),
  maxRunning: z.number().int().positive().default(4),
  maxPerPipeline: z.number().int().positive().default(4),
  /** Partitions rebuilt in one transaction. */
  chunkSize: z.number().int().positive().default(1),
  statementTimeout: duration.prefault('30m'),
  stallAfter: duration.prefault('40m'),
  costPerHour: z.number().nonnegative().optional(),
});
export type PostgresExecutorConfig = z.infer<typeof postgresExecutor>;

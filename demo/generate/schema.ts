import { z } from 'zod';
import type { Json } from './json.js';

/** The dbt YAML that the sample company uses: models with semantic models and metrics inside (dbt 1.12). */
const json: z.ZodType<Json> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(json), z.record(z.string(), json)]),
);
const meta = z.record(z.string(), json).default({});
const tags = z.array(z.string()).default([]);

const genericTest = z.union([
  z.enum(['not_null', 'unique']).transform((name) => ({ name, arguments: {} as Record<string, Json> })),
  z
    .partialRecord(
      z.enum(['accepted_values', 'relationships']),
      z.object({ arguments: z.record(z.string(), json) }),
    )
    .transform((entry) => {
      const [name, body] = Object.entries(entry)[0] ?? ['accepted_values', { arguments: {} }];
      return { name, arguments: body.arguments };
    }),
]);
export type GenericTest = z.infer<typeof genericTest>;

const column = z.strictObject({
  name: z.string(),
  description: z.string(),
  data_type: z.string(),
  config: z.strictObject({ tags, meta }).prefault({}),
  constraints: z.array(z.strictObject({ type: z.literal('not_null') })).default([]),
  entity: z.strictObject({ name: z.string(), type: z.enum(['primary', 'foreign', 'unique']) }).optional(),
  dimension: z.strictObject({ type: z.enum(['categorical', 'time']) }).optional(),
  granularity: z.enum(['day', 'week', 'month']).optional(),
  data_tests: z.array(genericTest).default([]),
});
export type Column = z.infer<typeof column>;

const input = z.union([
  z.string().transform((name) => ({ name, filter: undefined, alias: undefined, offset_window: undefined })),
  z.strictObject({
    name: z.string(),
    filter: z.string().optional(),
    alias: z.string().optional(),
    offset_window: z.string().optional(),
  }),
]);
export type MetricInput = z.infer<typeof input>;

const metric = z.strictObject({
  name: z.string(),
  label: z.string(),
  description: z.string(),
  type: z.enum(['simple', 'ratio', 'derived', 'cumulative', 'conversion']),
  agg: z.enum(['sum', 'average', 'count', 'count_distinct', 'median', 'percentile']).optional(),
  expr: z.string().optional(),
  percentile: z.number().optional(),
  percentile_type: z.enum(['continuous', 'discrete']).optional(),
  agg_time_dimension: z.string().optional(),
  non_additive_dimension: z.strictObject({ name: z.string(), window_agg: z.enum(['min', 'max']) }).optional(),
  numerator: input.optional(),
  denominator: input.optional(),
  input_metrics: z.array(input).default([]),
  input_metric: input.optional(),
  window: z.string().optional(),
  grain_to_date: z.string().optional(),
  entity: z.string().optional(),
  calculation: z.string().optional(),
  base_metric: input.optional(),
  conversion_metric: input.optional(),
  config: z.strictObject({ group: z.string(), tags, meta }),
});
export type Metric = z.infer<typeof metric>;

const model = z.strictObject({
  name: z.string(),
  description: z.string(),
  config: z.strictObject({
    materialized: z.enum(['view', 'table']).optional(),
    group: z.string(),
    access: z.enum(['private', 'protected', 'public']),
    tags,
    contract: z.strictObject({ enforced: z.boolean() }).optional(),
    meta,
  }),
  semantic_model: z.strictObject({ enabled: z.boolean(), name: z.string() }).optional(),
  agg_time_dimension: z.string().optional(),
  primary_entity: z.string().optional(),
  time_spine: z.strictObject({ standard_granularity_column: z.string() }).optional(),
  columns: z.array(column),
  metrics: z.array(metric).default([]),
});
export type Model = z.infer<typeof model>;

const threshold = z.strictObject({ count: z.number(), period: z.enum(['minute', 'hour', 'day']) });
export type Threshold = z.infer<typeof threshold>;

const source = z.strictObject({
  name: z.string(),
  description: z.string(),
  loader: z.string(),
  database: z.string(),
  schema: z.string(),
  config: z.strictObject({ loaded_at_field: z.string(), meta }),
  tables: z.array(
    z.strictObject({
      name: z.string(),
      description: z.string(),
      config: z.strictObject({
        freshness: z.strictObject({ warn_after: threshold, error_after: threshold }),
        tags,
        meta,
      }),
      columns: z.array(column),
    }),
  ),
});
export type SourceGroup = z.infer<typeof source>;

const group = z.strictObject({
  name: z.string(),
  description: z.string(),
  owner: z.strictObject({ name: z.string(), email: z.string(), slack: z.string() }),
});
export type Group = z.infer<typeof group>;

const exposure = z.strictObject({
  name: z.string(),
  label: z.string(),
  type: z.enum(['dashboard', 'notebook', 'analysis', 'ml', 'application']),
  maturity: z.enum(['low', 'medium', 'high']),
  url: z.string(),
  description: z.string(),
  owner: z.strictObject({ name: z.string(), email: z.string() }),
  depends_on: z.array(z.string()),
  config: z.strictObject({ tags, meta }),
});
export type Exposure = z.infer<typeof exposure>;

/** One properties file under `models/`. Unknown keys are refused: a typing error must not drop a test or an owner. */
export const propertiesFile = z.strictObject({
  version: z.literal(2),
  models: z.array(model).default([]),
  metrics: z.array(metric).default([]),
  sources: z.array(source).default([]),
  groups: z.array(group).default([]),
  exposures: z.array(exposure).default([]),
});

/** `dbt_project.yml`, as far as the generator follows it: one materialisation and schema per folder. */
export const projectFile = z.looseObject({
  name: z.string(),
  models: z.record(
    z.string(),
    z.object({
      '+database': z.string(),
      staging: z.object({ '+materialized': z.enum(['view', 'table']), '+schema': z.string() }),
      intermediate: z.object({ '+materialized': z.enum(['view', 'table']), '+schema': z.string() }),
      marts: z.object({ '+materialized': z.enum(['view', 'table']), '+schema': z.string() }),
    }),
  ),
});

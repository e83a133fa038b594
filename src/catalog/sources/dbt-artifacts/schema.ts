import { z } from 'zod';
import { listOf, object, optional, text, texts } from '../../meta/fields.js';

/** Nodes by unique_id. One that is no object is left out; the rest are read one by one. */
const nodes = z
  .unknown()
  .optional()
  .transform((value) => {
    const record = object.parse(value);
    return Object.entries(record).map(([uniqueId, node]) => ({ uniqueId, node: object.parse(node) }));
  });

export const Metadata = z.object({
  dbt_schema_version: text,
  dbt_version: text,
  generated_at: text,
  project_name: text,
  adapter_type: text,
  /** Of the run's environment what begins with `DBT_ENV_CUSTOM_ENV_`, without that. */
  env: object,
});

/** `manifest.json`, https://schemas.getdbt.com/dbt/manifest/v12.json and its elders: the parts that are read here. */
export const Manifest = z.object({
  metadata: Metadata,
  nodes,
  sources: nodes,
  exposures: nodes,
  metrics: nodes,
  semantic_models: nodes,
  saved_queries: nodes,
  groups: nodes,
  unit_tests: nodes,
  functions: nodes,
});
export type Manifest = z.infer<typeof Manifest>;
export type ManifestNode = Manifest['nodes'][number];

/** `semantic_manifest.json` of dbt-semantic-interfaces: lists, and no ids. */
export const SemanticManifest = z.object({
  semantic_models: listOf(z.record(z.string(), z.unknown())),
  metrics: listOf(z.record(z.string(), z.unknown())),
  saved_queries: listOf(z.record(z.string(), z.unknown())),
  project_configuration: object,
});
export type SemanticManifest = z.infer<typeof SemanticManifest>;

const CatalogTable = z.object({
  metadata: z.object({ type: text, comment: text }).catch({ type: undefined, comment: undefined }),
  columns: z
    .unknown()
    .optional()
    .transform((value) =>
      listOf(z.object({ name: z.string(), type: text, index: z.number().catch(0), comment: text })).parse(
        Object.values(object.parse(value)),
      ),
    ),
  stats: z
    .unknown()
    .optional()
    .transform((value) =>
      listOf(z.object({ id: z.string(), value: z.unknown(), include: z.boolean() })).parse(
        Object.values(object.parse(value)),
      ),
    ),
});
export type CatalogTable = z.infer<typeof CatalogTable>;

/** `catalog.json` v1: what the warehouse has. */
export const WarehouseCatalog = z.object({
  metadata: Metadata,
  nodes: z.record(z.string(), CatalogTable),
  sources: z.record(z.string(), CatalogTable),
});
export type WarehouseCatalog = z.infer<typeof WarehouseCatalog>;

/** What is no number, or below nought, says nothing. */
const count = z.number().nonnegative().optional().catch(undefined);

const RunResult = z.object({
  unique_id: z.string(),
  status: z.string(),
  message: text,
  failures: z.number().nullish().catch(undefined),
  execution_time: z.number().nullish().catch(undefined),
  timing: listOf(z.object({ name: text, completed_at: text })),
  /** Each adapter's own: most say `rows_affected` (-1: not known), BigQuery `bytes_processed` too. */
  adapter_response: z
    .object({ rows_affected: count, bytes_processed: count })
    .catch({ rows_affected: undefined, bytes_processed: undefined }),
});
export type RunResult = z.infer<typeof RunResult>;

/** `run_results.json` v4 to v6. */
export const RunResults = z.object({ metadata: Metadata, results: listOf(RunResult) });
export type RunResults = z.infer<typeof RunResults>;

const FreshnessResult = z.object({
  unique_id: z.string(),
  status: z.string(),
  max_loaded_at: text,
  snapshotted_at: text,
  max_loaded_at_time_ago_in_s: optional(z.number()),
  error: text,
});
export type FreshnessResult = z.infer<typeof FreshnessResult>;

/** `sources.json` v3: the outcome of `dbt source freshness`. */
export const Freshness = z.object({ metadata: Metadata, results: listOf(FreshnessResult) });
export type Freshness = z.infer<typeof Freshness>;

/** A test as far as it says what it tests. */
export const TestNode = z.object({
  name: text,
  tags: texts,
  attached_node: text,
  column_name: text,
  depends_on: object,
  test_metadata: object,
  description: text,
});
export type TestNode = z.infer<typeof TestNode>;

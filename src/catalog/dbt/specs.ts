import type { Column, Contract, FreshnessSla, OwnerRef, Partition, Provenance } from '../asset.js';

/**
 * dbt's semantic layer in one shape, whichever of its spellings it was written in: three generations of metric YAML,
 * manifests v5 to v12, `semantic_manifest.json`. What a spelling cannot say is absent.
 */

/** What every dbt thing has, as far as it was written. */
export interface DbtNode {
  uniqueId: string;
  name: string;
  packageName: string;
  label?: string;
  description: string;
  tags: string[];
  /** `meta`, `config.meta`: every place where hand-written facts may stand. */
  metas: unknown[];
  group?: string;
  file?: string;
  place: Provenance;
}

/** A metric or measure that goes into another metric. */
export interface MetricInput {
  name: string;
  alias?: string;
  filters: string[];
  /** `1 month`: the input is taken that long ago. */
  offsetWindow?: string;
  /** `month`: the input is taken at the start of that period. */
  offsetToGrain?: string;
  fillNullsWith?: string;
}

/** How rows become a number: a measure, or a simple metric of the latest spelling. */
export interface Aggregation {
  agg: string;
  expr?: string;
  percentile?: number;
  timeDimension?: string;
  /** The column over which it must not be added up. */
  nonAdditiveOver?: string;
}

export interface MeasureSpec extends Aggregation {
  name: string;
  label?: string;
  description: string;
  /** dbt makes a metric of the same name out of it. */
  createMetric: boolean;
  metas: unknown[];
}

export interface DimensionSpec {
  name: string;
  type: string;
  expr?: string;
  label?: string;
  description: string;
  granularity?: string;
}

export interface EntitySpec {
  name: string;
  type: string;
  expr?: string;
}

export interface SemanticModelSpec extends DbtNode {
  /** Name of the dbt model under it, from `ref('…')`. */
  modelName?: string;
  modelPackage?: string;
  modelVersion?: string;
  /** Source under it, for the rare `source('…', '…')`. */
  sourceTable?: { source: string; table: string };
  relation?: string;
  timeDimension?: string;
  measures: MeasureSpec[];
  dimensions: DimensionSpec[];
  entities: EntitySpec[];
}

export interface MetricSpec extends DbtNode {
  /** `simple`, `ratio`, `derived`, `cumulative`, `conversion`, or a `calculation_method` of old. */
  type?: string;
  measure?: MetricInput;
  aggregation?: Aggregation & { semanticModel?: string };
  numerator?: MetricInput;
  denominator?: MetricInput;
  /** Input metrics of a derived or cumulative metric. */
  inputs: MetricInput[];
  expr?: string;
  window?: string;
  grainToDate?: string;
  conversion?: { base?: MetricInput; conversion?: MetricInput; entity?: string; calculation?: string };
  filters: string[];
  timeGranularity?: string;
  fillNullsWith?: string;
  /** Before dbt 1.6 a metric named its model, time column and dimensions itself. */
  legacy?: {
    modelName?: string;
    timestamp?: string;
    timeGrains: string[];
    dimensions: string[];
    sql?: string;
  };
  /** What dbt itself says it depends on, by unique_id. */
  dependsOn: string[];
  /** Where the formula was read, when not where the rest was. */
  provenanceOfFormula?: Provenance;
}

export interface SavedQuerySpec {
  name: string;
  label?: string;
  description: string;
  metrics: string[];
  groupBy: string[];
  file?: string;
}

export interface GroupSpec {
  name: string;
  packageName: string;
  owners: OwnerRef[];
  file?: string;
}

/** A model, seed, snapshot or source table. */
export interface TableSpec extends DbtNode {
  resource: 'model' | 'seed' | 'snapshot' | 'source';
  columns: Column[];
  relation?: string;
  version?: string;
  latestVersion?: string;
  deprecatedOn?: string;
  contract?: Contract;
  /** Of its file, as dbt has it in the manifest. */
  codeChecksum?: string;
  partition?: Partition;
  freshnessSla?: FreshnessSla;
  /** Source tables: the source they belong to. */
  sourceName?: string;
  /** Jinja that says what it is made of, where YAML says so (`relation: ref('orders')` of a snapshot). */
  madeOf?: string;
  /** Words from around it: the source's own description, the loader. */
  words: string[];
}

export interface ExposureSpec extends DbtNode {
  type?: string;
  maturity?: string;
  url?: string;
  owners: OwnerRef[];
  /** By unique_id, where dbt has resolved them. */
  dependsOn: string[];
}

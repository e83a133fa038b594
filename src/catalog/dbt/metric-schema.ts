import { z } from 'zod';
import { listOf, object, optional, text, texts } from '../meta/fields.js';
import { present } from '../meta/meta-facts.js';
import { asText, isPlainObject, type PlainObject } from '../meta/values.js';
import { conditions, metricInput, window } from './fields.js';
import { metricsIn, refsIn } from './jinja.js';
import { type NodeIdentity, parseNode } from './node-schema.js';
import type { Aggregation, MetricInput, MetricSpec } from './specs.js';

const input = optional(metricInput);
const inputs = listOf(metricInput);

/** What a metric says once the wrappers that come and go between generations are taken off. */
const Metric = z.object({
  type: text,
  calculation_method: text,
  expression: text,
  sql: text,
  model: text,
  timestamp: text,
  time_grains: texts,
  dimensions: texts,
  filters: conditions,
  filter: conditions,
  measure: input,
  numerator: input,
  denominator: input,
  metrics: inputs,
  input_metrics: inputs,
  input_metric: input,
  metric: input,
  expr: text,
  window,
  grain_to_date: text,
  base_measure: input,
  base_metric: input,
  conversion_measure: input,
  conversion_metric: input,
  entity: text,
  calculation: text,
  time_granularity: text,
  fill_nulls_with: text,
  semantic_model: text,
  agg: text,
  agg_time_dimension: text,
  percentile: text,
  non_additive_dimension: object,
  depends_on: object,
});

/**
 * Reads a metric in any of dbt's spellings: before 1.6 (`calculation_method`, `expression`), MetricFlow (`type_params`, in YAML and in
 * manifests), and the latest (everything directly on the metric).
 */
export function parseMetric(raw: PlainObject, identity: NodeIdentity): MetricSpec {
  const metric = Metric.parse(unwrapped(raw));
  const type = metric.calculation_method ?? metric.type;
  const old =
    metric.calculation_method !== undefined || (metric.sql !== undefined && metric.type !== undefined);
  const aggregation = aggregationOf(metric);
  const dependsOn = metric.depends_on.nodes;
  return {
    ...parseNode(raw, identity),
    inputs: inputsOf(metric, old),
    filters: [...metric.filter, ...metric.filters],
    dependsOn: Array.isArray(dependsOn) ? dependsOn.filter((id): id is string => typeof id === 'string') : [],
    ...present({
      type,
      measure: metric.measure,
      aggregation,
      numerator: metric.numerator,
      denominator: metric.denominator,
      expr: metric.expression ?? metric.expr,
      window: metric.window,
      grainToDate: metric.grain_to_date,
      timeGranularity: metric.time_granularity,
      fillNullsWith: metric.fill_nulls_with,
      conversion:
        metric.base_measure === undefined && metric.base_metric === undefined
          ? undefined
          : present({
              base: metric.base_measure ?? metric.base_metric,
              conversion: metric.conversion_measure ?? metric.conversion_metric,
              entity: metric.entity,
              calculation: metric.calculation,
            }),
      legacy: old ? legacyOf(metric) : undefined,
    }),
  };
}

/** Inputs stand in one of four places; before 1.6 only inside the expression, as `{{ metric('…') }}`. */
function inputsOf(metric: z.infer<typeof Metric>, old: boolean): MetricInput[] {
  const single = metric.input_metric ?? metric.metric;
  const named = [...metric.metrics, ...metric.input_metrics, ...(single === undefined ? [] : [single])];
  if (named.length > 0 || !old) return named;
  return metricsIn(metric.expression ?? metric.sql ?? '').map((name) => ({ name, filters: [] }));
}

function legacyOf(metric: z.infer<typeof Metric>): MetricSpec['legacy'] {
  const modelName = metric.model === undefined ? undefined : refsIn(metric.model)[0]?.name;
  return {
    timeGrains: metric.time_grains,
    dimensions: metric.dimensions,
    ...present({ modelName, timestamp: metric.timestamp, sql: metric.sql }),
  };
}

function aggregationOf(metric: z.infer<typeof Metric>): MetricSpec['aggregation'] {
  if (metric.agg === undefined) return undefined;
  const percentile = metric.percentile === undefined ? undefined : Number(metric.percentile);
  const parts: Omit<Aggregation, 'agg'> = present({
    expr: metric.expr,
    percentile,
    timeDimension: metric.agg_time_dimension,
    nonAdditiveOver: asText(metric.non_additive_dimension.name),
  });
  return { agg: metric.agg, ...parts, ...present({ semanticModel: metric.semantic_model }) };
}

/** Takes `type_params` and the params inside it off, outer values first where both are set. */
function unwrapped(raw: PlainObject): PlainObject {
  const params = isPlainObject(raw.type_params) ? raw.type_params : {};
  const aggregation = isPlainObject(params.metric_aggregation_params) ? params.metric_aggregation_params : {};
  const wrappers = [
    raw,
    params,
    params.cumulative_type_params,
    params.conversion_type_params,
    aggregation,
    aggregation.agg_params,
  ];
  const flat: PlainObject = {};
  for (const wrapper of wrappers) {
    if (!isPlainObject(wrapper)) continue;
    for (const [key, value] of Object.entries(wrapper)) {
      // A manifest's own `metrics` list is lineage of old and empty now; only the one in type_params names inputs.
      if (wrapper === raw && key === 'metrics') continue;
      if (value !== null && value !== undefined) flat[key] ??= value;
    }
  }
  return flat;
}

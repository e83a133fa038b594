import type { Json, JsonObject } from '../json.js';
import type { Project, ProjectMetric } from '../project.js';
import type { Metric, MetricInput } from '../schema.js';
import { createdAtSeconds, fqn, insideFolder } from './node.js';

function filterOf(text: string | undefined): Json {
  return text ? { where_filters: [{ where_sql_template: text.trim() }] } : null;
}

function windowOf(text: string | undefined): Json {
  const match = /^(\d+)\s+(day|week|month)s?$/.exec(text ?? '');
  return match ? { count: Number(match[1]), granularity: match[2] ?? 'day' } : null;
}

function inputOf(input: MetricInput | undefined): Json {
  if (!input) return null;
  return {
    name: input.name,
    filter: filterOf(input.filter),
    alias: input.alias ?? null,
    offset_window: windowOf(input.offset_window),
    offset_to_grain: null,
  };
}

/** Version 12 knows conversions between measures only; the measure has the name of the metric that replaced it. */
function measureOf(input: MetricInput | undefined): Json {
  return {
    name: input?.name ?? '',
    filter: filterOf(input?.filter),
    alias: input?.alias ?? null,
    join_to_timespine: false,
    fill_nulls_with: null,
  };
}

/** Names of the metrics that a metric is computed from. */
export function inputsOf(metric: Metric): string[] {
  const inputs = [
    metric.numerator,
    metric.denominator,
    metric.input_metric,
    metric.base_metric,
    metric.conversion_metric,
    ...metric.input_metrics,
  ];
  return [...new Set(inputs.filter((input) => input !== undefined).map((input) => input.name))];
}

function aggregation({ metric, model }: ProjectMetric): Json {
  if (!metric.agg || !model) return null;
  const extra = metric.non_additive_dimension;
  return {
    semantic_model: model.properties.semantic_model?.name ?? model.name,
    agg: metric.agg,
    agg_params: {
      percentile: metric.percentile ?? null,
      use_discrete_percentile: metric.percentile_type === 'discrete',
      use_approximate_percentile: false,
    },
    agg_time_dimension: metric.agg_time_dimension ?? model.properties.agg_time_dimension ?? null,
    non_additive_dimension: extra
      ? { name: extra.name, window_choice: extra.window_agg, window_groupings: [] }
      : null,
    expr: metric.expr ?? null,
  };
}

function conversion(metric: Metric): Json {
  if (metric.type !== 'conversion') return null;
  return {
    base_measure: measureOf(metric.base_metric),
    conversion_measure: measureOf(metric.conversion_metric),
    entity: metric.entity ?? '',
    calculation: metric.calculation ?? 'conversion_rate',
    window: windowOf(metric.window),
    constant_properties: null,
  };
}

function cumulative(metric: Metric): Json {
  if (metric.type !== 'cumulative') return null;
  return {
    window: windowOf(metric.window),
    grain_to_date: metric.grain_to_date ?? null,
    period_agg: 'first',
    metric: inputOf(metric.input_metric),
  };
}

function typeParams(entry: ProjectMetric): JsonObject {
  const { metric } = entry;
  return {
    measure: null,
    input_measures: [],
    numerator: inputOf(metric.numerator),
    denominator: inputOf(metric.denominator),
    expr: metric.expr ?? null,
    window: null,
    grain_to_date: null,
    metrics: metric.input_metrics.map(inputOf),
    conversion_type_params: conversion(metric),
    cumulative_type_params: cumulative(metric),
    metric_aggregation_params: aggregation(entry),
  };
}

/** The manifest's node of a metric, in the shape that dbt 1.12 gives to the latest YAML. */
export function metricNode(project: Project, entry: ProjectMetric): JsonObject {
  const { metric, model, yamlFile, slice } = entry;
  const { tags, meta, group } = metric.config;
  const upstream = metric.agg
    ? [`semantic_model.${project.name}.${model?.properties.semantic_model?.name ?? ''}`]
    : inputsOf(metric).map((name) => `metric.${project.name}.${name}`);
  return {
    name: metric.name,
    resource_type: 'metric',
    package_name: project.name,
    path: insideFolder(yamlFile),
    original_file_path: yamlFile,
    unique_id: entry.uniqueId,
    fqn: fqn(project.name, yamlFile, metric.name),
    description: metric.description,
    label: metric.label,
    type: metric.type,
    type_params: typeParams(entry),
    filter: null,
    metadata: {
      repo_file_path: yamlFile,
      file_slice: {
        filename: yamlFile.split('/').at(-1) ?? yamlFile,
        content: slice.content,
        start_line_number: slice.startLine,
        end_line_number: slice.endLine,
      },
    },
    time_granularity: null,
    config: { enabled: true, group, meta },
    unrendered_config: {},
    sources: [],
    depends_on: { macros: [], nodes: upstream },
    refs: [],
    metrics: [],
    created_at: createdAtSeconds,
    group,
    meta,
    tags,
  };
}

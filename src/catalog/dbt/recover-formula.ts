import { isPlainObject } from '../meta/values.js';
import { parseMetric } from './metric-schema.js';
import type { MetricSpec } from './specs.js';
import { readYaml, type YamlItem } from './yaml-file.js';

/** Says nothing of how it is computed: some engines write metrics of older YAML with every parameter null. */
export function lacksFormula(metric: MetricSpec): boolean {
  return (
    metric.measure === undefined &&
    metric.aggregation === undefined &&
    metric.numerator === undefined &&
    metric.conversion === undefined &&
    metric.legacy === undefined &&
    metric.inputs.length === 0
  );
}

/** Takes from `other` what `metric` does not say about its computation. The words and the owner stay. */
export function withFormulaOf(metric: MetricSpec, other: MetricSpec): MetricSpec {
  return {
    ...other,
    ...metric,
    inputs: other.inputs,
    filters: metric.filters.length > 0 ? metric.filters : other.filters,
    ...(other.expr === undefined ? {} : { expr: other.expr }),
    ...(metric.type === undefined || metric.type === 'simple' ? { type: other.type ?? 'simple' } : {}),
    provenanceOfFormula: other.place,
  };
}

/** Looks a metric up in a YAML text: a whole file, or the piece of one that dbt keeps in a manifest. */
export function metricInYaml(metric: MetricSpec, file: string, text: string): MetricSpec | undefined {
  const outcome = readYaml(file, text);
  if ('problem' in outcome) return undefined;
  const { content } = outcome.file;
  const candidates: YamlItem[] = [
    ...outcome.file.items('metrics'),
    ...outcome.file.items('models').flatMap(({ raw, line }) =>
      (Array.isArray(raw.metrics) ? raw.metrics : []).filter(isPlainObject).map((nested) => ({
        raw: { semantic_model: semanticModelName(raw), ...nested },
        line,
      })),
    ),
    ...(content.name === metric.name ? [{ raw: content, line: 1 }] : []),
  ];
  const found = candidates.find(({ raw }) => raw.name === metric.name);
  if (found === undefined) return undefined;
  return parseMetric(found.raw, {
    uniqueId: metric.uniqueId,
    packageName: metric.packageName,
    file,
    place: { file, line: found.line },
  });
}

/** Latest spelling: the semantic model is part of the model and takes its name unless it has one of its own. */
export function semanticModelName(model: Record<string, unknown>): string | undefined {
  const named = isPlainObject(model.semantic_model) ? model.semantic_model.name : undefined;
  if (typeof named === 'string') return named;
  return typeof model.name === 'string' ? model.name : undefined;
}

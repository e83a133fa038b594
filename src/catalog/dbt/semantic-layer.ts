import type { MeasureSpec, MetricInput, MetricSpec, SemanticModelSpec } from './specs.js';

/** Semantic models and metrics, found by the names they use for each other. */
export interface SemanticLayer {
  /** The measure of that name as this metric means it: of the semantic models it depends on first. */
  measure: (metric: MetricSpec, name: string) => MeasureSpec | undefined;
  metric: (name: string, packageName?: string) => MetricSpec | undefined;
  /** Metrics that go straight into this one. */
  inputMetrics: (metric: MetricSpec) => MetricSpec[];
  /** Semantic models whose rows this metric counts itself, not through another metric. */
  ownModels: (metric: MetricSpec) => SemanticModelSpec[];
  /** Semantic models below this metric, through other metrics too. */
  models: (metric: MetricSpec) => SemanticModelSpec[];
}

export function makeSemanticLayer(
  semanticModels: readonly SemanticModelSpec[],
  metrics: readonly MetricSpec[],
): SemanticLayer {
  const byMeasure = groupBy(
    semanticModels.flatMap((model) => model.measures.map((measure) => ({ model, measure }))),
    ({ measure }) => measure.name,
  );
  const modelsByName = groupBy(semanticModels, (model) => model.name);
  const modelsById = new Map(semanticModels.map((model) => [model.uniqueId, model]));
  const metricsByName = groupBy(metrics, (metric) => metric.name);
  const metricsById = new Map(metrics.map((metric) => [metric.uniqueId, metric]));

  function place(metric: MetricSpec, name: string) {
    const places = byMeasure.get(name) ?? [];
    return (
      places.find(({ model }) => metric.dependsOn.includes(model.uniqueId)) ??
      places.find(({ model }) => model.packageName === metric.packageName) ??
      places[0]
    );
  }

  function metric(name: string, packageName?: string): MetricSpec | undefined {
    const named = metricsByName.get(name) ?? [];
    return named.find((candidate) => candidate.packageName === packageName) ?? named[0];
  }

  function inputMetrics(of: MetricSpec): MetricSpec[] {
    const named = [
      ...metricInputs(of),
      ...measureInputs(of).filter((input) => place(of, input.name) === undefined),
    ];
    const found = [
      ...of.dependsOn.map((id) => metricsById.get(id)),
      ...named.map((input) => metric(input.name, of.packageName)),
    ];
    return [...new Set(found.filter((candidate) => candidate !== undefined))].filter(
      (candidate) => candidate !== of,
    );
  }

  function ownModels(of: MetricSpec): SemanticModelSpec[] {
    const aggregated = of.aggregation?.semanticModel;
    const found = [
      ...measureInputs(of).map((input) => place(of, input.name)?.model),
      aggregated === undefined ? undefined : modelsByName.get(aggregated)?.[0],
      ...of.dependsOn.map((id) => modelsById.get(id)),
    ];
    return [...new Set(found.filter((model) => model !== undefined))];
  }

  function models(of: MetricSpec): SemanticModelSpec[] {
    const found = new Set<SemanticModelSpec>();
    const seen = new Set([of]);
    for (const current of seen) {
      for (const model of ownModels(current)) found.add(model);
      for (const input of inputMetrics(current)) seen.add(input);
    }
    return [...found];
  }

  return { measure: (of, name) => place(of, name)?.measure, metric, inputMetrics, ownModels, models };
}

/** Inputs that name a measure, or in newer files sometimes a metric. */
export function measureInputs(metric: MetricSpec): MetricInput[] {
  return [metric.measure, metric.conversion?.base, metric.conversion?.conversion].filter(
    (input) => input !== undefined,
  );
}

/** Inputs that name a metric. */
export function metricInputs(metric: MetricSpec): MetricInput[] {
  return [metric.numerator, metric.denominator, ...metric.inputs].filter((input) => input !== undefined);
}

function groupBy<Value>(values: readonly Value[], keyOf: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const list = groups.get(keyOf(value));
    if (list === undefined) groups.set(keyOf(value), [value]);
    else list.push(value);
  }
  return groups;
}

import type { EdgeDraft } from '../asset.js';
import type { SemanticLayer } from './semantic-layer.js';
import type { MetricSpec, SemanticModelSpec } from './specs.js';

/** Lineage of metrics from their definitions, for sources where dbt has not worked it out: to input metrics, and to the tables they count. */
export function specEdges(
  metrics: readonly MetricSpec[],
  layer: SemanticLayer,
  tableId: (model: SemanticModelSpec) => string | undefined,
): EdgeDraft[] {
  return metrics.flatMap((metric) => {
    const to = metric.uniqueId;
    const inputs = layer
      .inputMetrics(metric)
      .map((input): EdgeDraft => ({ from: input.uniqueId, to, kind: 'upstream' }));
    const tables = new Set(layer.ownModels(metric).flatMap((model) => tableId(model) ?? []));
    return [...inputs, ...[...tables].map((from): EdgeDraft => ({ from, to, kind: 'measures' }))];
  });
}

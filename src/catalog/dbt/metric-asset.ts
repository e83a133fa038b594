import type { AssetDraft } from '../asset.js';
import { unique } from '../meta/values.js';
import { type DraftContext, draftOf, factsOf } from './draft.js';
import { formulaOf } from './formula.js';
import { measureInputs, metricInputs, type SemanticLayer } from './semantic-layer.js';
import type { MetricInput, MetricSpec, SavedQuerySpec, SemanticModelSpec } from './specs.js';

export interface MetricContext extends DraftContext {
  layer: SemanticLayer;
  savedQueries: readonly SavedQuerySpec[];
  /** The dbt model under a semantic model, where the project has it. */
  modelOf: (model: SemanticModelSpec) => AssetDraft | undefined;
}

/** A metric as an asset: its own words first, and around them what its semantic models and models say. */
export function metricAsset(metric: MetricSpec, context: MetricContext): AssetDraft {
  const { layer } = context;
  const facts = factsOf(metric, context.now);
  const draft = draftOf(metric, 'metric', facts, context);
  const formula = formulaOf(metric, (name) => layer.measure(metric, name));
  const timeDimension = facts.timeDimension ?? timeDimensionOf(metric, layer, new Set());
  const grain = facts.grain ?? metric.timeGranularity ?? grainOf(metric, layer, timeDimension);
  const owners = draft.owners.length > 0 ? draft.owners : ownersBelow(metric, context);
  return {
    ...draft,
    ...(formula === undefined ? {} : { formula }),
    ...(timeDimension === undefined ? {} : { timeDimension }),
    ...(grain === undefined ? {} : { grain }),
    owners,
    dimensions: facts.dimensions.length > 0 ? facts.dimensions : dimensionsOf(metric, layer, new Set()),
    filters: unique([...filtersOf(metric), ...facts.filters]),
    caveats: unique([...facts.caveats, ...builtInCaveats(metric, layer)]),
    context: contextOf(metric, facts.context, context),
    ...(metric.provenanceOfFormula === undefined
      ? {}
      : { provenance: { ...draft.provenance, formula: metric.provenanceOfFormula } }),
  };
}

/** Conditions of the metric itself, then those of its inputs with the input's name before them. */
function filtersOf(metric: MetricSpec): string[] {
  const ofInput = (input: MetricInput): string[] =>
    input.filters.map((filter) => `${input.alias ?? input.name}: ${filter}`);
  const own = metric.measure === undefined ? [] : metric.measure.filters;
  return [
    ...metric.filters,
    ...own,
    ...metricInputs(metric).flatMap(ofInput),
    ...measureInputs(metric)
      .filter((input) => input !== metric.measure)
      .flatMap(ofInput),
  ];
}

function timeDimensionOf(
  metric: MetricSpec,
  layer: SemanticLayer,
  seen: Set<MetricSpec>,
): string | undefined {
  if (seen.has(metric)) return undefined;
  seen.add(metric);
  if (metric.legacy?.timestamp !== undefined) return metric.legacy.timestamp;
  const [model] = layer.ownModels(metric);
  const measured = measureInputs(metric).map((input) => layer.measure(metric, input.name)?.timeDimension);
  const own =
    metric.aggregation?.timeDimension ?? measured.find((name) => name !== undefined) ?? model?.timeDimension;
  if (own !== undefined) return own;
  const below = unique(layer.inputMetrics(metric).map((input) => timeDimensionOf(input, layer, seen)));
  return below.length === 1 ? below[0] : undefined;
}

function grainOf(
  metric: MetricSpec,
  layer: SemanticLayer,
  timeDimension: string | undefined,
): string | undefined {
  const grains = unique(
    layer
      .models(metric)
      .flatMap((model) => model.dimensions.filter((dimension) => dimension.name === timeDimension))
      .flatMap((dimension) => dimension.granularity ?? []),
  );
  return grains.length === 1 ? grains[0] : metric.legacy?.timeGrains[0];
}

/** What it can be cut by: of several inputs only what all of them share. */
function dimensionsOf(metric: MetricSpec, layer: SemanticLayer, seen: Set<MetricSpec>): string[] {
  if (seen.has(metric)) return [];
  seen.add(metric);
  if (metric.legacy !== undefined && metric.legacy.dimensions.length > 0) return metric.legacy.dimensions;
  const own = layer.ownModels(metric).map((model) => model.dimensions.map((dimension) => dimension.name));
  const below = layer.inputMetrics(metric).map((input) => dimensionsOf(input, layer, seen));
  const [first, ...rest] = [...own, ...below].filter((names) => names.length > 0);
  return unique((first ?? []).filter((name) => rest.every((names) => names.includes(name))));
}

/** What the definition itself warns of. */
function builtInCaveats(metric: MetricSpec, layer: SemanticLayer): string[] {
  const measures = measureInputs(metric).flatMap((input) => layer.measure(metric, input.name) ?? []);
  const over = unique(
    [metric.aggregation, ...measures].flatMap((aggregation) => aggregation?.nonAdditiveOver ?? []),
  );
  const fills = unique(
    [
      metric.fillNullsWith,
      ...[...measureInputs(metric), ...metricInputs(metric)].map((input) => input.fillNullsWith),
    ].filter((fill) => fill !== undefined),
  );
  return [
    ...over.map((column) => `Not additive over ${column}: do not sum it across ${column}.`),
    ...fills.map((fill) => `Periods without data count as ${fill}.`),
  ];
}

/** Nobody named for the metric: whoever owns the models it counts. */
function ownersBelow(metric: MetricSpec, context: MetricContext): AssetDraft['owners'] {
  for (const model of context.layer.models(metric)) {
    const node = draftOf(model, 'model', factsOf(model, context.now), context);
    if (node.owners.length > 0) return node.owners;
    const below = context.modelOf(model)?.owners ?? [];
    if (below.length > 0) return below;
  }
  return [];
}

/** Words from around the metric: measures, semantic models and their synonyms, the model, the columns it counts, saved queries. */
function contextOf(metric: MetricSpec, own: readonly string[], context: MetricContext): string[] {
  const { layer } = context;
  const measures = measureInputs(metric).flatMap((input) => layer.measure(metric, input.name) ?? []);
  const expressions = [metric.aggregation, ...measures].flatMap((aggregation) => aggregation?.expr ?? []);
  const words = [
    ...own,
    ...measures.flatMap((measure) => [measure.name, measure.label, measure.description, measure.expr]),
    ...expressions,
    ...layer.models(metric).flatMap((model) => {
      const facts = factsOf(model, context.now);
      const table = context.modelOf(model);
      const used = new Set(expressions.flatMap((expression) => expression.match(/[A-Za-z_]\w*/g) ?? []));
      return [
        model.name,
        model.label,
        model.description,
        ...facts.synonyms,
        ...facts.context,
        model.modelName,
        table?.description,
        ...(table?.columns ?? [])
          .filter((column) => used.has(column.name))
          .map((column) => column.description),
      ];
    }),
    ...context.savedQueries
      .filter((query) => query.metrics.includes(metric.name))
      .flatMap((query) => [query.name, query.label, query.description]),
  ];
  return unique(
    words.filter((word) => word !== undefined && word.trim() !== '').map((word) => word?.trim() ?? ''),
  );
}

import { parseMetric } from '../../dbt/metric-schema.js';
import { semanticModelName } from '../../dbt/recover-formula.js';
import { parseSavedQuery, parseSemanticModel } from '../../dbt/semantic-model-schema.js';
import type { MetricSpec, SavedQuerySpec, SemanticModelSpec } from '../../dbt/specs.js';
import { asText, asTexts, isPlainObject, type PlainObject } from '../../meta/values.js';
import { type Entry, entriesOf, identityOf, keptApart, type NodeContext, withFolderConfig } from './nodes.js';
import type { ProjectFiles } from './project-files.js';

export interface Semantics {
  metrics: MetricSpec[];
  semanticModels: SemanticModelSpec[];
  savedQueries: SavedQuerySpec[];
}

/** Metrics and semantic models in all three generations of dbt's YAML, which may stand side by side. */
export function semanticsOf(files: ProjectFiles, context: NodeContext): Semantics {
  const models = entriesOf(files.yaml, 'models', []);
  const semanticModels = keptApart(
    [
      ...entriesOf(files.yaml, 'semantic_models', context.warnings),
      ...models.flatMap((model) => embeddedSemanticModel(model) ?? []),
    ].map((entry) => parseSemanticModel(entry.raw, identityOf('semantic_model', entry, context))),
    'semantic models',
    context.warnings,
  );
  const written = [
    ...entriesOf(files.yaml, 'metrics', context.warnings),
    ...models.flatMap((model) => embeddedMetrics(model)),
  ].map((entry) =>
    withFolderConfig(
      parseMetric(entry.raw, identityOf('metric', entry, context)),
      'metrics',
      entry.file,
      context,
    ),
  );
  const names = new Set(written.map((metric) => metric.name));
  const made = semanticModels
    .flatMap((model) => metricsOfMeasures(model, context))
    .filter((metric) => !names.has(metric.name));
  return {
    metrics: keptApart([...written, ...made], 'metrics', context.warnings),
    semanticModels,
    savedQueries: entriesOf(files.yaml, 'saved_queries', context.warnings).flatMap(
      (entry) => parseSavedQuery(entry.raw, entry.file) ?? [],
    ),
  };
}

/** Latest spelling: the model carries its semantic model, its columns carry the dimensions and entities. */
function embeddedSemanticModel(model: Entry): Entry | undefined {
  const { raw } = model;
  const block = raw.semantic_model;
  const on = block === true || (isPlainObject(block) && block.enabled !== false);
  if (!on) return undefined;
  const columns = (Array.isArray(raw.columns) ? raw.columns : []).filter(isPlainObject);
  const derived = isPlainObject(raw.derived_semantics) ? raw.derived_semantics : {};
  return {
    ...model,
    name: semanticModelName(raw) ?? model.name,
    raw: {
      name: semanticModelName(raw),
      model: `ref('${model.name}')`,
      description: raw.description,
      config: isPlainObject(block) ? block.config : undefined,
      defaults: { agg_time_dimension: raw.agg_time_dimension },
      dimensions: [...columns.flatMap((column) => partOf(column, 'dimension')), ...lists(derived.dimensions)],
      entities: [...columns.flatMap((column) => partOf(column, 'entity')), ...lists(derived.entities)],
    },
  };
}

/** `dimension: {type: time}` or `dimension: time` on a column; the column is its expression and, unless it has its own, its name. */
function partOf(column: PlainObject, key: 'dimension' | 'entity'): PlainObject[] {
  const part = column[key];
  if (part === undefined || part === null || part === false) return [];
  const fields = isPlainObject(part) ? part : { type: asText(part) };
  return [
    {
      description: column.description,
      type_params: { time_granularity: column.granularity },
      ...fields,
      name: asText(fields.name) ?? column.name,
      expr: column.name,
    },
  ];
}

function lists(value: unknown): PlainObject[] {
  return (Array.isArray(value) ? value : [])
    .filter(isPlainObject)
    .map((item) => ({ type_params: { time_granularity: item.granularity }, ...item }));
}

function embeddedMetrics(model: Entry): Entry[] {
  if (!Array.isArray(model.raw.metrics)) return [];
  return model.raw.metrics.filter(isPlainObject).flatMap((raw) => {
    const name = asText(raw.name);
    return name === undefined
      ? []
      : [{ ...model, name, raw: { semantic_model: semanticModelName(model.raw), ...raw } }];
  });
}

/** `create_metric: true` on a measure: dbt makes a simple metric of it. */
function metricsOfMeasures(model: SemanticModelSpec, context: NodeContext): MetricSpec[] {
  return model.measures
    .filter((measure) => measure.createMetric)
    .map((measure) => ({
      uniqueId: `metric.${context.project}.${measure.name}`,
      name: measure.name,
      packageName: context.project,
      description: measure.description,
      tags: [],
      metas: measure.metas,
      place: model.place,
      type: 'simple',
      measure: { name: measure.name, filters: [] },
      inputs: [],
      filters: [],
      dependsOn: [model.uniqueId],
      ...(measure.label === undefined ? {} : { label: measure.label }),
      ...(model.file === undefined ? {} : { file: model.file }),
    }));
}

/** What an exposure says it stands on, as `ref()`, `source()` and `metric()` calls. */
export function callsOf(raw: PlainObject): string {
  return asTexts(raw.depends_on).join('\n');
}

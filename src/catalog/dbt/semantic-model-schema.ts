import { z } from 'zod';
import { flag, listOf, object, text, texts } from '../meta/fields.js';
import { present } from '../meta/meta-facts.js';
import { asText, type PlainObject } from '../meta/values.js';
import { refsIn, sourcesIn } from './jinja.js';
import { type NodeIdentity, parseNode } from './node-schema.js';
import type { DimensionSpec, EntitySpec, MeasureSpec, SavedQuerySpec, SemanticModelSpec } from './specs.js';

const name = z.string().min(1);

const Measure = z
  .object({
    name,
    label: text,
    description: text,
    agg: text,
    expr: text,
    agg_params: object,
    agg_time_dimension: text,
    non_additive_dimension: object,
    create_metric: flag,
    meta: object,
    config: object,
  })
  .transform(
    (measure): MeasureSpec => ({
      name: measure.name,
      description: measure.description ?? '',
      agg: measure.agg ?? 'sum',
      createMetric: measure.create_metric,
      metas: [measure.meta, measure.config.meta],
      ...present({
        label: measure.label,
        expr: measure.expr,
        percentile:
          measure.agg_params.percentile === undefined ? undefined : Number(measure.agg_params.percentile),
        timeDimension: measure.agg_time_dimension,
        nonAdditiveOver: asText(measure.non_additive_dimension.name),
      }),
    }),
  );

const Dimension = z
  .object({ name, type: text, expr: text, label: text, description: text, type_params: object })
  .transform(
    (dimension): DimensionSpec => ({
      name: dimension.name,
      type: dimension.type ?? 'categorical',
      description: dimension.description ?? '',
      ...present({
        expr: dimension.expr,
        label: dimension.label,
        granularity: asText(dimension.type_params.time_granularity),
      }),
    }),
  );

const Entity = z.object({ name, type: text, expr: text }).transform(
  (entity): EntitySpec => ({
    name: entity.name,
    type: entity.type ?? 'foreign',
    ...present({ expr: entity.expr }),
  }),
);

const SemanticModel = z.object({
  model: text,
  node_relation: object,
  defaults: object,
  measures: listOf(Measure),
  dimensions: listOf(Dimension),
  entities: listOf(Entity),
});

/** Reads a semantic model of a manifest, of `semantic_manifest.json` or of MetricFlow YAML: the three agree but for what is null. */
export function parseSemanticModel(raw: PlainObject, identity: NodeIdentity): SemanticModelSpec {
  const model = SemanticModel.parse(raw);
  const [ref] = refsIn(model.model ?? '');
  const [source] = sourcesIn(model.model ?? '');
  return {
    ...parseNode(raw, identity),
    measures: model.measures,
    dimensions: model.dimensions,
    entities: model.entities,
    ...present({
      modelName: ref?.name ?? asText(model.node_relation.alias),
      modelPackage: ref?.package,
      modelVersion: ref?.version,
      sourceTable: source,
      relation: asText(model.node_relation.relation_name),
      timeDimension: asText(model.defaults.agg_time_dimension),
    }),
  };
}

const SavedQuery = z.object({
  name,
  label: text,
  description: text,
  query_params: object,
});

/** A saved query: which metrics people look at together, and by what. */
export function parseSavedQuery(raw: PlainObject, file?: string): SavedQuerySpec | undefined {
  const parsed = SavedQuery.safeParse(raw);
  if (!parsed.success) return undefined;
  const { query_params: params, ...query } = parsed.data;
  return {
    name: query.name,
    description: query.description ?? '',
    metrics: texts.parse(params.metrics),
    groupBy: texts
      .parse(params.group_by)
      .flatMap((dimension) => /['"]([^'"]+)['"]/.exec(dimension)?.[1] ?? dimension),
    ...present({ label: query.label, file }),
  };
}

import type { AssetDraft, EdgeDraft, SourceSnapshot } from '../../asset.js';
import type { DraftContext } from '../../dbt/draft.js';
import { metricAsset } from '../../dbt/metric-asset.js';
import { parseMetric } from '../../dbt/metric-schema.js';
import { makeSemanticLayer } from '../../dbt/semantic-layer.js';
import { parseSavedQuery, parseSemanticModel } from '../../dbt/semantic-model-schema.js';
import { specEdges } from '../../dbt/spec-lineage.js';
import type { MetricSpec, SemanticModelSpec, TableSpec } from '../../dbt/specs.js';
import { tableAsset } from '../../dbt/table-asset.js';
import { present } from '../../meta/meta-facts.js';
import { asText } from '../../meta/values.js';
import { plainRelation } from '../../names.js';
import type { SemanticManifest } from './schema.js';

const file = 'semantic_manifest.json';

/** Metrics of a semantic manifest by name: beside a manifest they fill in what that one lost. */
export function semanticMetrics(manifest: SemanticManifest): MetricSpec[] {
  return manifest.metrics.map((raw) =>
    parseMetric(raw, { uniqueId: `metric.${asText(raw.name) ?? ''}`, packageName: '', place: { file } }),
  );
}

/** Semantic models of a semantic manifest, for the same. */
export function semanticModels(manifest: SemanticManifest): SemanticModelSpec[] {
  return manifest.semantic_models.map((raw) =>
    parseSemanticModel(raw, {
      uniqueId: `semantic_model.${asText(raw.name) ?? ''}`,
      packageName: '',
      place: { file },
    }),
  );
}

/**
 * The catalog of a `semantic_manifest.json` alone. It knows no project, no ids and no lineage: ids are made of the names, a metric hangs on
 * the tables that its semantic models stand on, and owners are known only where `meta` has them.
 */
export function semanticManifestSnapshot(manifest: SemanticManifest, context: DraftContext): SourceSnapshot {
  const metrics = semanticMetrics(manifest);
  const models = semanticModels(manifest);
  const tables = new Map(
    models.map((model) => [tableOf(model).uniqueId, tableAsset(tableOf(model), context)]),
  );
  const layer = makeSemanticLayer(models, metrics);
  const savedQueries = manifest.saved_queries.flatMap((raw) => parseSavedQuery(raw, file) ?? []);
  const modelOf = (model: SemanticModelSpec): AssetDraft | undefined => tables.get(tableOf(model).uniqueId);
  const edges: EdgeDraft[] = specEdges(metrics, layer, (model) => tableOf(model).uniqueId);
  return {
    assets: [
      ...tables.values(),
      ...metrics.map((metric) => metricAsset(metric, { ...context, layer, savedQueries, modelOf })),
    ],
    edges,
    signals: [],
    warnings: [
      'Only semantic_manifest.json was found: ids are made up from names, and tests, dashboards and most lineage are unknown. Put manifest.json beside it.',
    ],
    info: present({ semanticInterfacesVersion: versionOf(manifest) }),
  };
}

function versionOf(manifest: SemanticManifest): string | undefined {
  const { dsi_package_version: version } = manifest.project_configuration;
  if (typeof version !== 'object' || version === null) return asText(version);
  return (
    Object.values(version)
      .map(asText)
      .filter((part) => part !== undefined)
      .join('.') || undefined
  );
}

/** The table a semantic model stands on, of which only its name and place are known. */
function tableOf(model: SemanticModelSpec): TableSpec {
  const name = model.modelName ?? model.name;
  return {
    uniqueId: `model.${name}`,
    name,
    packageName: '',
    description: '',
    tags: [],
    metas: [],
    place: { file },
    resource: 'model',
    columns: [],
    words: [],
    ...(model.relation === undefined ? {} : { relation: plainRelation(model.relation) }),
  };
}

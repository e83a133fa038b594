import type { AssetDraft, AssetKind, SourceSnapshot } from '../../asset.js';
import type { DraftContext } from '../../dbt/draft.js';
import { parseExposure } from '../../dbt/exposure-schema.js';
import { parseGroup } from '../../dbt/groups.js';
import { metricAsset } from '../../dbt/metric-asset.js';
import { parseMetric } from '../../dbt/metric-schema.js';
import type { NodeIdentity } from '../../dbt/node-schema.js';
import { makeSemanticLayer } from '../../dbt/semantic-layer.js';
import { parseSavedQuery, parseSemanticModel } from '../../dbt/semantic-model-schema.js';
import { specEdges } from '../../dbt/spec-lineage.js';
import type { SemanticModelSpec, TableSpec } from '../../dbt/specs.js';
import { exposureAsset, tableAsset } from '../../dbt/table-asset.js';
import { parseTable } from '../../dbt/table-schema.js';
import { warehouseCatalogFile } from '../../last-seen.js';
import { asText } from '../../meta/values.js';
import { dependsOn, manifestEdges } from './lineage.js';
import type { Recover } from './recover.js';
import type {
  CatalogTable,
  Freshness,
  Manifest,
  ManifestNode,
  RunResults,
  WarehouseCatalog,
} from './schema.js';
import { signalsOf } from './signals.js';
import { withWarehouseColumns } from './warehouse-columns.js';

/** What stands beside the manifest, as far as it is there. */
export interface Companions {
  catalog?: WarehouseCatalog;
  runResults?: RunResults;
  freshness?: Freshness;
}

export type ManifestContext = Omit<DraftContext, 'groups'> & {
  /** Fills in what the manifest lost. */
  recover: Recover;
};

const tableKinds = ['model', 'seed', 'snapshot', 'source'] as const;

/** Turns a manifest and its companions into assets, lineage and signals. */
export async function manifestSnapshot(
  manifest: Manifest,
  companions: Companions,
  given: ManifestContext,
): Promise<SourceSnapshot> {
  const groups = manifest.groups.flatMap(
    ({ node }) => parseGroup(node, asText(node.package_name) ?? '', fileOf(node)) ?? [],
  );
  const context: DraftContext = { ...given, groups };
  const tables = [...manifest.nodes, ...manifest.sources].flatMap((node) => tableOf(node) ?? []);
  const tableAssets = new Map<string, AssetDraft>();
  for (const table of tables) {
    const asset = tableAsset(table, context);
    const actual = companions.catalog?.nodes[table.uniqueId] ?? companions.catalog?.sources[table.uniqueId];
    tableAssets.set(table.uniqueId, actual === undefined ? asset : asTheWarehouseHasIt(asset, actual));
  }

  const { metrics, semanticModels } = await given.recover(
    manifest.metrics.map((node) => parseMetric(node.node, identityOf(node))),
    manifest.semantic_models.map((node) => parseSemanticModel(node.node, identityOf(node))),
  );
  const tableBelow = new Map(
    manifest.semantic_models.map(({ uniqueId, node }) => [uniqueId, dependsOn(node)[0]]),
  );
  const tableId = (model: SemanticModelSpec): string | undefined =>
    tableBelow.get(model.uniqueId) ??
    tables.find((table) => table.resource !== 'source' && table.name === model.modelName)?.uniqueId;
  const layer = makeSemanticLayer(semanticModels, metrics);
  const metricContext = {
    ...context,
    layer,
    savedQueries: manifest.saved_queries.flatMap(({ node }) => parseSavedQuery(node, fileOf(node)) ?? []),
    modelOf: (model: SemanticModelSpec) => tableAssets.get(tableId(model) ?? ''),
  };
  const assets = onceEach([
    ...tableAssets.values(),
    ...metrics.map((metric) => metricAsset(metric, metricContext)),
    ...manifest.exposures.map((node) => exposureAsset(parseExposure(node.node, identityOf(node)), context)),
  ]);
  const kinds = new Map<string, AssetKind>(assets.map((asset) => [asset.sourceId, asset.kind]));
  const { signals, warnings } = signalsOf({ manifest, ...companions, isAsset: (id) => kinds.has(id) });
  const edges = manifestEdges(manifest, kinds);
  // A metric whose computation was lost has lost its lineage with it.
  const connected = new Set(edges.map((edge) => edge.to));
  const unconnected = metrics.filter((metric) => !connected.has(metric.uniqueId));
  return {
    assets,
    edges: [...edges, ...specEdges(unconnected, layer, tableId)],
    signals,
    warnings,
    info: infoOf(manifest),
  };
}

/** A table as documented, completed by what the warehouse knows of it. */
function asTheWarehouseHasIt({ columnsFrom: _, ...asset }: AssetDraft, actual: CatalogTable): AssetDraft {
  const columns = withWarehouseColumns(asset.columns, actual);
  const comment = actual.metadata.comment ?? '';
  if (asset.description !== '' || comment === '') return { ...asset, columns };
  const provenance = { ...asset.provenance, description: { file: warehouseCatalogFile } };
  return { ...asset, columns, description: comment, provenance };
}

/** A unique_id is unique in every manifest that dbt wrote; in one that was written over by hand the first one counts. */
function onceEach(assets: readonly AssetDraft[]): AssetDraft[] {
  return [...new Map([...assets].reverse().map((asset) => [asset.sourceId, asset])).values()].reverse();
}

function tableOf({ uniqueId, node }: ManifestNode): TableSpec | undefined {
  const resource = tableKinds.find((kind) => uniqueId.startsWith(`${kind}.`));
  return resource === undefined ? undefined : parseTable(node, resource, identityOf({ uniqueId, node }));
}

function identityOf({ uniqueId, node }: ManifestNode): NodeIdentity {
  const file = fileOf(node);
  return {
    uniqueId,
    packageName: asText(node.package_name) ?? uniqueId.split('.')[1] ?? '',
    place: { file: file ?? 'manifest.json' },
    ...(file === undefined ? {} : { file }),
  };
}

/** dbt's own path uses the separators of the machine it ran on. A node that is documented elsewhere keeps the path of its definition. */
function fileOf(node: ManifestNode['node']): string | undefined {
  return asText(node.original_file_path)?.replaceAll('\\', '/');
}

/** A build may say in dbt's own way (`DBT_ENV_CUSTOM_ENV_GIT_SHA`) of which commit it is. */
function revisionIn(env: Manifest['metadata']['env']): string | undefined {
  const named = Object.entries(env).find(
    ([name, value]) =>
      /(?:^|_)(?:sha|commit|revision)$/i.test(name) && /^[0-9a-f]{7,64}$/i.test(String(value)),
  );
  return named === undefined ? undefined : String(named[1]);
}

function infoOf({ metadata }: Manifest): Record<string, string> {
  const info = {
    project: metadata.project_name,
    dbtVersion: metadata.dbt_version,
    schemaVersion: metadata.dbt_schema_version,
    generatedAt: metadata.generated_at,
    adapter: metadata.adapter_type,
    revision: revisionIn(metadata.env),
  };
  return Object.fromEntries(
    Object.entries(info).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

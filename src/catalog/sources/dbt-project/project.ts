import type { AssetDraft, EdgeDraft, SourceSnapshot } from '../../asset.js';
import type { DraftContext } from '../../dbt/draft.js';
import { parseExposure } from '../../dbt/exposure-schema.js';
import { parseGroup } from '../../dbt/groups.js';
import { metricAsset } from '../../dbt/metric-asset.js';
import { makeSemanticLayer } from '../../dbt/semantic-layer.js';
import { specEdges } from '../../dbt/spec-lineage.js';
import type { SemanticModelSpec, TableSpec } from '../../dbt/specs.js';
import { exposureAsset, tableAsset } from '../../dbt/table-asset.js';
import { asText } from '../../meta/values.js';
import { makeDocBlocks } from './doc-blocks.js';
import { makeFolderConfigs } from './folder-configs.js';
import { entriesOf, identityOf, keptApart, type NodeContext, withFolderConfig } from './nodes.js';
import type { ProjectFiles } from './project-files.js';
import { codeEdges, makeReferences, type References } from './references.js';
import { callsOf, semanticsOf } from './semantics.js';
import { codeOf, sourcesOf, tablesOf } from './tables.js';

/** Turns a project's files into assets and lineage. Nothing here has been run, so there are no signals. */
export function projectSnapshot(files: ProjectFiles, given: Omit<DraftContext, 'groups'>): SourceSnapshot {
  const warnings = [...files.warnings];
  const docs = makeDocBlocks(files.docs);
  const nodes: NodeContext = {
    project: files.name,
    describe: docs.expand,
    folderConfigs: makeFolderConfigs(files.settings, files.name),
    warnings,
  };
  const groups = entriesOf(files.yaml, 'groups', warnings).flatMap(
    ({ raw, file }) => parseGroup(raw, files.name, file) ?? [],
  );
  const context: DraftContext = { ...given, groups };
  const tables = [...tablesOf(files, nodes), ...sourcesOf(files, nodes)];
  const tableAssets = new Map(tables.map((table) => [table.uniqueId, tableAsset(table, context)]));
  const { metrics, semanticModels, savedQueries } = semanticsOf(files, nodes);
  const references = makeReferences(files.name, tables, metrics);
  const tableId = (model: SemanticModelSpec) => tableBelow(model, references);
  const layer = makeSemanticLayer(semanticModels, metrics);
  const modelOf = (model: SemanticModelSpec): AssetDraft | undefined => tableAssets.get(tableId(model) ?? '');
  const exposures = exposuresOf(files, nodes);
  const assets = [
    ...tableAssets.values(),
    ...metrics.map((metric) => metricAsset(metric, { ...context, layer, savedQueries, modelOf })),
    ...exposures.map(({ exposure }) => exposureAsset(exposure, context)),
  ];
  const edges: EdgeDraft[] = [
    ...tables.flatMap((table) => tableEdges(table, files, references)),
    ...specEdges(metrics, layer, tableId),
    ...metrics.flatMap((metric): EdgeDraft[] =>
      metric.legacy?.modelName === undefined
        ? []
        : [
            {
              from: references.table({ name: metric.legacy.modelName }),
              to: metric.uniqueId,
              kind: 'measures',
            },
          ],
    ),
    ...exposures.flatMap(({ exposure, calls }) =>
      [...new Set(references.all(calls))].map(
        (from): EdgeDraft => ({ from, to: exposure.uniqueId, kind: 'exposes' }),
      ),
    ),
  ];
  return {
    assets,
    edges,
    signals: [],
    warnings: [...warnings, ...missingDocs(docs.missing()), ...unknownReferences(assets, edges)],
    info: { project: files.name, ...versionOf(files) },
  };
}

function exposuresOf(files: ProjectFiles, nodes: NodeContext) {
  const entries = entriesOf(files.yaml, 'exposures', nodes.warnings);
  const parsed = entries.map((entry) =>
    withFolderConfig(
      parseExposure(entry.raw, identityOf('exposure', entry, nodes)),
      'exposures',
      entry.file,
      nodes,
    ),
  );
  return keptApart(parsed, 'exposures', nodes.warnings).map((exposure, index) => ({
    exposure,
    calls: callsOf(entries[index]?.raw ?? {}),
  }));
}

function tableBelow(model: SemanticModelSpec, references: References): string | undefined {
  if (model.sourceTable !== undefined) return references.source(model.sourceTable);
  if (model.modelName === undefined) return undefined;
  return references.table({
    name: model.modelName,
    ...(model.modelPackage === undefined ? {} : { package: model.modelPackage }),
    ...(model.modelVersion === undefined ? {} : { version: model.modelVersion }),
  });
}

function tableEdges(table: TableSpec, files: ProjectFiles, references: References): EdgeDraft[] {
  if (table.resource === 'source' || table.resource === 'seed') return [];
  if (table.madeOf !== undefined) return codeEdges(table.uniqueId, table.madeOf, references);
  const suffix = table.version === undefined ? '' : `.v${table.version}`;
  const raw = { version: table.version, latest_version: table.latestVersion };
  const file = codeOf(files.code, table.name, suffix, raw) ?? snapshotFile(table, files);
  return file === undefined ? [] : codeEdges(table.uniqueId, file.text, references);
}

function snapshotFile(table: TableSpec, files: ProjectFiles) {
  if (table.resource !== 'snapshot' || !/^\w+$/.test(table.name)) return undefined;
  const block = new RegExp(`\\{%-?\\s*snapshot\\s+${table.name}\\s*-?%\\}`);
  return files.code.find((file) => block.test(file.text));
}

function missingDocs(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return [
    `${names.length} doc block(s) are used and not written, such as ${names[0]}: those descriptions are empty.`,
  ];
}

function unknownReferences(assets: readonly AssetDraft[], edges: readonly EdgeDraft[]): string[] {
  const known = new Set(assets.map((asset) => asset.sourceId));
  const unknown = [...new Set(edges.flatMap((edge) => [edge.from, edge.to]))].filter((id) => !known.has(id));
  if (unknown.length === 0) return [];
  return [
    `${unknown.length} thing(s) are referred to and not in the project's files, such as ${unknown[0]}: lineage ends there.`,
  ];
}

function versionOf(files: ProjectFiles): Record<string, string> {
  const version = asText(files.settings.version);
  return version === undefined ? {} : { version };
}

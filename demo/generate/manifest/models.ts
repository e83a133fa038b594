import { compileSql, dependencies, quotedRelation } from '../compile.js';
import type { JsonObject } from '../json.js';
import type { Project, ProjectModel } from '../project.js';
import {
  columnNodes,
  createdAtSeconds,
  fqn,
  insideFolder,
  noDocs,
  nodeConfig,
  reference,
  sha256,
} from './node.js';

function contractOf(model: ProjectModel): JsonObject {
  const enforced = model.properties.config.contract?.enforced ?? false;
  const promised = model.properties.columns.map((column) => `${column.name}|${column.data_type}`).join('\n');
  return { enforced, alias_types: true, checksum: enforced ? sha256(promised) : null };
}

function configOf(model: ProjectModel): JsonObject {
  const { config } = model.properties;
  return nodeConfig({
    schema: model.schema,
    database: null,
    tags: config.tags,
    meta: config.meta,
    group: config.group,
    materialized: model.materialized,
    incremental_strategy: null,
    batch_size: null,
    lookback: 1,
    begin: null,
    persist_docs: {},
    'post-hook': [],
    'pre-hook': [],
    quoting: {},
    column_types: {},
    full_refresh: null,
    unique_key: null,
    on_schema_change: 'ignore',
    on_configuration_change: 'apply',
    grants: {},
    packages: [],
    docs: noDocs,
    contract: { enforced: config.contract?.enforced ?? false, alias_types: true },
    event_time: null,
    concurrent_batches: null,
    access: config.access,
    freshness: null,
  });
}

/** The manifest's node of a model. */
export function modelNode(project: Project, model: ProjectModel): JsonObject {
  const { properties } = model;
  const upstream = dependencies(project, model.sql);
  const primaryKey = properties.columns
    .filter((column) => column.data_tests.some((test) => test.name === 'unique'))
    .map((column) => column.name);
  const spine = properties.time_spine?.standard_granularity_column;
  return {
    database: project.database,
    schema: model.schema,
    name: model.name,
    resource_type: 'model',
    package_name: project.name,
    path: insideFolder(model.sqlFile),
    original_file_path: model.sqlFile,
    unique_id: model.uniqueId,
    fqn: fqn(project.name, model.sqlFile, model.name),
    alias: model.name,
    checksum: { name: 'sha256', checksum: sha256(model.sql) },
    config: configOf(model),
    tags: properties.config.tags,
    description: properties.description,
    columns: columnNodes(properties.columns),
    meta: properties.config.meta,
    group: properties.config.group,
    docs: noDocs,
    patch_path: `${project.name}://${model.yamlFile}`,
    build_path: null,
    unrendered_config: {},
    created_at: createdAtSeconds,
    relation_name: quotedRelation(project, model),
    raw_code: model.sql,
    doc_blocks: [],
    language: 'sql',
    refs: upstream.models.map((each) => reference(each.name)),
    sources: upstream.sources.map((each) => [each.group.name, each.table.name]),
    metrics: [],
    functions: [],
    depends_on: {
      macros: [],
      nodes: [...upstream.models, ...upstream.sources].map((each) => each.uniqueId),
    },
    compiled_path: `target/compiled/${project.name}/${model.sqlFile}`,
    compiled: true,
    compiled_code: compileSql(project, model.sql, (node) => quotedRelation(project, node)),
    extra_ctes_injected: true,
    extra_ctes: [],
    contract: contractOf(model),
    access: properties.config.access,
    constraints: [],
    version: null,
    latest_version: null,
    deprecation_date: null,
    primary_key: primaryKey,
    time_spine: spine ? { standard_granularity_column: spine, custom_granularities: [] } : null,
  };
}

import { quotedRelation } from '../compile.js';
import type { JsonObject } from '../json.js';
import type { Project, ProjectSource } from '../project.js';
import { columnNodes, createdAtSeconds } from './node.js';

/** The manifest's node of a source table. Table configuration is added to that of its group. */
export function sourceNode(project: Project, source: ProjectSource): JsonObject {
  const { group, table } = source;
  const meta = { ...group.config.meta, ...table.config.meta };
  const freshness = { ...table.config.freshness, filter: null };
  const loadedAt = group.config.loaded_at_field;
  return {
    database: group.database,
    schema: group.schema,
    name: table.name,
    resource_type: 'source',
    package_name: project.name,
    path: source.yamlFile,
    original_file_path: source.yamlFile,
    unique_id: source.uniqueId,
    fqn: [project.name, 'staging', group.name, table.name],
    source_name: group.name,
    source_description: group.description,
    loader: group.loader,
    identifier: table.name,
    quoting: { database: null, schema: null, identifier: null, column: null },
    loaded_at_field: loadedAt,
    loaded_at_query: null,
    freshness,
    external: null,
    description: table.description,
    columns: columnNodes(table.columns),
    meta,
    source_meta: group.config.meta,
    tags: table.config.tags,
    config: {
      enabled: true,
      event_time: null,
      freshness,
      loaded_at_field: loadedAt,
      loaded_at_query: null,
      meta,
      tags: table.config.tags,
    },
    patch_path: null,
    unrendered_config: {},
    relation_name: quotedRelation(project, source),
    created_at: createdAtSeconds,
    unrendered_database: null,
    unrendered_schema: group.schema,
    doc_blocks: [],
  };
}

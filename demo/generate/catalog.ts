import type { JsonObject } from './json.js';
import { dbtVersion } from './manifest/index.js';
import type { Project } from './project.js';
import type { Column } from './schema.js';
import type { Invocation } from './timeline.js';

function table(
  project: Project,
  uniqueId: string,
  relation: { schema: string; name: string; type: string; columns: Column[] },
): JsonObject {
  const columns = relation.columns.map((column, index) => [
    column.name,
    { type: column.data_type, index: index + 1, name: column.name, comment: null },
  ]);
  return {
    metadata: {
      type: relation.type,
      schema: relation.schema,
      name: relation.name,
      database: project.database,
      comment: null,
      owner: 'steward_provisioner',
    },
    columns: Object.fromEntries(columns),
    stats: {
      has_stats: {
        id: 'has_stats',
        label: 'Has Stats?',
        value: false,
        include: false,
        description: 'Indicates whether there are statistics for this table',
      },
    },
    unique_id: uniqueId,
  };
}

/** The project as a dbt catalog, version 1: the columns and types that the warehouse has. */
export function buildCatalog(project: Project, invocation: Invocation): JsonObject {
  const nodes = project.models.map((model) => {
    const type = model.materialized === 'table' ? 'BASE TABLE' : 'VIEW';
    const { schema, name } = model;
    return [
      model.uniqueId,
      table(project, model.uniqueId, { schema, name, type, columns: model.properties.columns }),
    ];
  });
  const sources = project.sources.map((source) => {
    const relation = { schema: source.group.schema, name: source.table.name, columns: source.table.columns };
    return [source.uniqueId, table(project, source.uniqueId, { ...relation, type: 'BASE TABLE' })];
  });
  return {
    metadata: {
      dbt_schema_version: 'https://schemas.getdbt.com/dbt/catalog/v1.json',
      dbt_version: dbtVersion,
      generated_at: new Date(invocation.startedAt.getTime() + 8 * 60_000).toISOString(),
      invocation_id: invocation.id,
      env: {},
    },
    nodes: Object.fromEntries(nodes),
    sources: Object.fromEntries(sources),
    errors: null,
  };
}

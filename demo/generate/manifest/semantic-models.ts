import { quotedRelation } from '../compile.js';
import type { JsonObject } from '../json.js';
import type { Project, ProjectModel } from '../project.js';
import type { Column } from '../schema.js';
import { createdAtSeconds, fqn, insideFolder, reference } from './node.js';

function entity(column: Column): JsonObject {
  return {
    name: column.entity?.name ?? column.name,
    type: column.entity?.type ?? 'primary',
    description: column.description,
    label: null,
    role: null,
    expr: column.name,
    config: { meta: {} },
  };
}

function dimension(column: Column): JsonObject {
  const time = column.dimension?.type === 'time';
  return {
    name: column.name,
    type: time ? 'time' : 'categorical',
    description: column.description,
    label: null,
    is_partition: false,
    type_params: time ? { time_granularity: column.granularity ?? 'day', validity_params: null } : null,
    expr: null,
    metadata: null,
    config: { meta: {} },
  };
}

/** The semantic model that a model's YAML opens, or nothing. */
export function semanticModelNode(project: Project, model: ProjectModel): JsonObject | undefined {
  const { properties } = model;
  if (!properties.semantic_model?.enabled) return undefined;
  const { name } = properties.semantic_model;
  return {
    name,
    resource_type: 'semantic_model',
    package_name: project.name,
    path: insideFolder(model.yamlFile),
    original_file_path: model.yamlFile,
    unique_id: `semantic_model.${project.name}.${name}`,
    fqn: fqn(project.name, model.yamlFile, name),
    model: `ref('${model.name}')`,
    node_relation: {
      alias: model.name,
      schema_name: model.schema,
      database: project.database,
      relation_name: quotedRelation(project, model),
    },
    description: properties.description,
    label: null,
    defaults: { agg_time_dimension: properties.agg_time_dimension ?? null },
    entities: properties.columns.filter((column) => column.entity).map(entity),
    measures: [],
    dimensions: properties.columns.filter((column) => column.dimension).map(dimension),
    metadata: null,
    depends_on: { macros: [], nodes: [model.uniqueId] },
    refs: [reference(model.name)],
    created_at: createdAtSeconds,
    config: { enabled: true, group: properties.config.group, meta: {} },
    unrendered_config: {},
    primary_entity: properties.primary_entity ?? null,
    group: properties.config.group,
  };
}

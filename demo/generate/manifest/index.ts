import { z } from 'zod';
import type { JsonObject } from '../json.js';
import type { Project } from '../project.js';
import type { Invocation } from '../timeline.js';
import { exposureNode, groupNode } from './exposures.js';
import { metricNode } from './metrics.js';
import { modelNode } from './models.js';
import { semanticModelNode } from './semantic-models.js';
import { sourceNode } from './sources.js';
import { dataTests } from './tests.js';

export const dbtVersion = '1.12.0';

const dependent = z.looseObject({
  unique_id: z.string(),
  depends_on: z.object({ nodes: z.array(z.string()) }).optional(),
});

function keyed(nodes: JsonObject[]): JsonObject {
  return Object.fromEntries(nodes.map((node) => [z.string().parse(node.unique_id), node]));
}

/** `parent_map` and `child_map`: what each node is built from, and what is built from it. */
function lineage(nodes: JsonObject[]): { parents: JsonObject; children: JsonObject } {
  const parents = new Map<string, string[]>();
  const children = new Map<string, string[]>();
  for (const each of nodes) {
    const node = dependent.parse(each);
    parents.set(node.unique_id, node.depends_on?.nodes ?? []);
    children.set(node.unique_id, []);
  }
  for (const [id, upstream] of parents) for (const parent of upstream) children.get(parent)?.push(id);
  return { parents: Object.fromEntries(parents), children: Object.fromEntries(children) };
}

/** The project as a dbt manifest, version 12, written by the given run. */
export function buildManifest(project: Project, invocation: Invocation): JsonObject {
  const nodes = [
    ...project.models.map((model) => modelNode(project, model)),
    ...dataTests(project).map((test) => test.node),
  ];
  const sources = project.sources.map((source) => sourceNode(project, source));
  const exposures = project.exposures.map((entry) => exposureNode(project, entry));
  const metrics = project.metrics.map((entry) => metricNode(project, entry));
  const groups = project.groups.map((entry) => groupNode(project, entry));
  const semanticModels = project.models
    .map((model) => semanticModelNode(project, model))
    .filter((node) => node !== undefined);
  const { parents, children } = lineage([...nodes, ...sources, ...exposures, ...metrics, ...semanticModels]);
  const groupMap = project.groups.map(({ group }) => [
    group.name,
    project.models
      .filter((model) => model.properties.config.group === group.name)
      .map((model) => model.uniqueId),
  ]);
  return {
    metadata: {
      dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v12.json',
      dbt_version: dbtVersion,
      generated_at: invocation.startedAt.toISOString(),
      invocation_id: invocation.id,
      invocation_started_at: invocation.startedAt.toISOString(),
      env: {},
      project_name: project.name,
      project_id: null,
      user_id: null,
      send_anonymous_usage_stats: false,
      adapter_type: 'postgres',
      quoting: { database: true, schema: true, identifier: true, column: null },
    },
    nodes: keyed(nodes),
    sources: keyed(sources),
    macros: {},
    docs: {},
    exposures: keyed(exposures),
    metrics: keyed(metrics),
    groups: keyed(groups),
    selectors: {},
    disabled: {},
    parent_map: parents,
    child_map: children,
    group_map: Object.fromEntries(groupMap),
    saved_queries: {},
    semantic_models: keyed(semanticModels),
    unit_tests: {},
    functions: {},
  };
}

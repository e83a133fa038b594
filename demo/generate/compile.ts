import type { Project, ProjectModel, ProjectSource } from './project.js';

const call = /\{\{\s*(ref|source)\(\s*'([^']+)'(?:\s*,\s*'([^']+)')?\s*\)\s*\}\}/g;
const configBlock = /\{\{\s*config\([\s\S]*?\)\s*\}\}\n?/g;

/** What a piece of SQL is built from, in order of appearance, each once. */
export interface Dependencies {
  models: ProjectModel[];
  sources: ProjectSource[];
}

function find(project: Project, kind: string, first: string, second: string | undefined) {
  const found =
    kind === 'ref'
      ? project.models.find((model) => model.name === first)
      : project.sources.find((source) => source.group.name === first && source.table.name === second);
  if (!found) throw new Error(`${kind}('${[first, second].filter(Boolean).join("', '")}') names nothing`);
  return found;
}

export function isModel(node: ProjectModel | ProjectSource): node is ProjectModel {
  return 'sql' in node;
}

/** The models and sources that SQL names with `ref` and `source`. */
export function dependencies(project: Project, sql: string): Dependencies {
  const nodes = new Set<ProjectModel | ProjectSource>();
  for (const [, kind = '', first = '', second] of sql.matchAll(call)) {
    nodes.add(find(project, kind, first, second));
  }
  return {
    models: [...nodes].filter((node): node is ProjectModel => isModel(node)),
    sources: [...nodes].filter((node): node is ProjectSource => !isModel(node)),
  };
}

/** `schema.table` of a model or source. */
export function relationOf(node: ProjectModel | ProjectSource): string {
  return isModel(node) ? `${node.schema}.${node.name}` : `${node.group.schema}.${node.table.name}`;
}

/** `"database"."schema"."table"`, as dbt writes it. */
export function quotedRelation(project: Project, node: ProjectModel | ProjectSource): string {
  const [schema, table] = relationOf(node).split('.');
  return `"${project.database}"."${schema}"."${table}"`;
}

/** SQL with every `ref` and `source` replaced. The default names relations without their database. */
export function compileSql(
  project: Project,
  sql: string,
  relation: (node: ProjectModel | ProjectSource) => string = relationOf,
): string {
  return sql
    .replace(configBlock, '')
    .replace(call, (_text, kind: string, first: string, second?: string) =>
      relation(find(project, kind, first, second)),
    );
}

/** The models such that each comes after what it is built from. */
export function inBuildOrder(project: Project): ProjectModel[] {
  const ordered: ProjectModel[] = [];
  const visit = (model: ProjectModel, trail: string[]): void => {
    if (trail.includes(model.name)) throw new Error(`cycle: ${[...trail, model.name].join(' -> ')}`);
    if (ordered.includes(model)) return;
    for (const upstream of dependencies(project, model.sql).models) visit(upstream, [...trail, model.name]);
    ordered.push(model);
  };
  for (const model of project.models) visit(model, []);
  return ordered;
}

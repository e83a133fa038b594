import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { demoPath } from '../paths.js';
import type { Column, Exposure, GenericTest, Group, Metric, Model, SourceGroup } from './schema.js';
import { projectFile, propertiesFile } from './schema.js';

export const layers = ['staging', 'intermediate', 'marts'] as const;
export type Layer = (typeof layers)[number];

/** A model with its SQL and the files it comes from, both relative to the dbt project. */
export interface ProjectModel {
  uniqueId: string;
  name: string;
  layer: Layer;
  schema: string;
  materialized: 'view' | 'table';
  sql: string;
  sqlFile: string;
  yamlFile: string;
  properties: Model;
}

export interface ProjectSource {
  uniqueId: string;
  group: SourceGroup;
  table: SourceGroup['tables'][number];
  yamlFile: string;
}

export interface ProjectMetric {
  uniqueId: string;
  metric: Metric;
  /** The model it stands in; absent for metrics over several models. */
  model?: ProjectModel;
  yamlFile: string;
  /** Where the definition stands in that file, lines counted from 1. */
  slice: { content: string; startLine: number; endLine: number };
}

/** A test in a file of its own under `tests/`. */
export interface SingularTest {
  uniqueId: string;
  name: string;
  sql: string;
  file: string;
}

/** A test written beside a column. */
export interface ColumnTest {
  test: GenericTest;
  column: Column;
  yamlFile: string;
  of: ProjectModel | ProjectSource;
}

export interface Project {
  name: string;
  database: string;
  models: ProjectModel[];
  sources: ProjectSource[];
  metrics: ProjectMetric[];
  exposures: { exposure: Exposure; yamlFile: string }[];
  groups: { group: Group; yamlFile: string }[];
  columnTests: ColumnTest[];
  singularTests: SingularTest[];
}

function filesUnder(folder: string, extension: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(extension))
    .sort();
}

function sliceOf(text: string, metric: string): ProjectMetric['slice'] {
  const lines = text.split('\n');
  const start = lines.findLastIndex((line) => line.trim() === `- name: ${metric}`);
  const indent = lines[start]?.search(/\S/) ?? 0;
  const rest = lines.slice(start + 1).findIndex((line) => line.trim() === '' || line.search(/\S/) <= indent);
  const end = rest === -1 ? lines.length : start + 1 + rest;
  return { content: lines.slice(start, end).join('\n'), startLine: start + 1, endLine: end };
}

function readModels(root: string, name: string, config: ReturnType<typeof projectFile.parse>) {
  const folders = config.models[name];
  if (!folders) throw new Error(`dbt_project.yml says nothing of the models of ${name}`);
  const files = filesUnder(path.join(root, 'models'), '.yml').map((file) => {
    const yamlFile = path.posix.join('models', file.split(path.sep).join('/'));
    const text = readFileSync(path.join(root, yamlFile), 'utf8');
    return { yamlFile, content: propertiesFile.parse(parse(text)) };
  });
  const models = files.flatMap(({ yamlFile, content }) =>
    content.models.map((properties): ProjectModel => {
      const layer = layers.find((each) => yamlFile.startsWith(`models/${each}/`));
      if (!layer) throw new Error(`${yamlFile} is in no known folder`);
      const sqlFile = `models/${layer}/${properties.name}.sql`;
      return {
        uniqueId: `model.${name}.${properties.name}`,
        name: properties.name,
        layer,
        schema: folders[layer]['+schema'],
        materialized: properties.config.materialized ?? folders[layer]['+materialized'],
        sql: readFileSync(path.join(root, sqlFile), 'utf8').trim(),
        sqlFile,
        yamlFile,
        properties,
      };
    }),
  );
  return { files, models, database: folders['+database'] };
}

/** Reads the dbt project on disk: YAML and SQL as they stand, nothing compiled. Throws with the file's name on a fault. */
export function readProject(root = demoPath('dbt')): Project {
  const config = projectFile.parse(parse(readFileSync(path.join(root, 'dbt_project.yml'), 'utf8')));
  const { name } = config;
  const { files, models, database } = readModels(root, name, config);
  const sources = files.flatMap(({ yamlFile, content }) =>
    content.sources.flatMap((group) =>
      group.tables.map((table): ProjectSource => {
        return { uniqueId: `source.${name}.${group.name}.${table.name}`, group, table, yamlFile };
      }),
    ),
  );
  const metrics: ProjectMetric[] = [
    ...models.flatMap((model) =>
      model.properties.metrics.map((metric) => ({ metric, model, yamlFile: model.yamlFile })),
    ),
    ...files.flatMap(({ yamlFile, content }) => content.metrics.map((metric) => ({ metric, yamlFile }))),
  ].map((entry) => ({
    ...entry,
    uniqueId: `metric.${name}.${entry.metric.name}`,
    slice: sliceOf(readFileSync(path.join(root, entry.yamlFile), 'utf8'), entry.metric.name),
  }));
  const singularTests = filesUnder(path.join(root, 'tests'), '.sql').map((file): SingularTest => {
    const test = path.basename(file, '.sql');
    const text = readFileSync(path.join(root, 'tests', file), 'utf8').trim();
    return { uniqueId: `test.${name}.${test}`, name: test, sql: text, file: `tests/${file}` };
  });
  const columnTests = [
    ...models.map((of) => ({ of, columns: of.properties.columns, yamlFile: of.yamlFile })),
    ...sources.map((of) => ({ of, columns: of.table.columns, yamlFile: of.yamlFile })),
  ].flatMap(({ of, columns, yamlFile }) =>
    columns.flatMap((column) =>
      column.data_tests.map((test): ColumnTest => ({ test, column, yamlFile, of })),
    ),
  );
  return {
    name,
    database,
    models,
    sources,
    metrics,
    exposures: files.flatMap(({ yamlFile, content }) =>
      content.exposures.map((exposure) => ({ exposure, yamlFile })),
    ),
    groups: files.flatMap(({ yamlFile, content }) => content.groups.map((group) => ({ group, yamlFile }))),
    columnTests,
    singularTests,
  };
}

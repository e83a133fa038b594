import { createHash } from 'node:crypto';
import { z } from 'zod';
import { compileSql, dependencies, isModel, quotedRelation } from '../compile.js';
import type { Json, JsonObject } from '../json.js';
import type { ColumnTest, Project, ProjectModel, ProjectSource, SingularTest } from '../project.js';
import { createdAtSeconds, fqn, insideFolder, noDocs, nodeConfig, reference, sha256 } from './node.js';

type Relation = (node: ProjectModel | ProjectSource) => string;

const acceptedValues = z.object({ values: z.array(z.string()) });
const relationships = z.object({ to: z.string(), field: z.string() });

/** A test of either kind, ready for the manifest, for run results and to be run against a warehouse. */
export interface DataTest {
  uniqueId: string;
  name: string;
  tags: string[];
  /** Rows that break the rule; none means that it passes. */
  sql: (relation: Relation) => string;
  node: JsonObject;
  /** What it reads, `attached` first where it is written beside a column. */
  dependsOn: string[];
}

function baseNode(project: Project, name: string, file: string): JsonObject {
  return {
    database: project.database,
    schema: 'dbt_test',
    name,
    resource_type: 'test',
    package_name: project.name,
    original_file_path: file,
    alias: name,
    columns: {},
    description: '',
    group: null,
    docs: noDocs,
    patch_path: null,
    build_path: null,
    unrendered_config: {},
    created_at: createdAtSeconds,
    relation_name: null,
    doc_blocks: [],
    language: 'sql',
    metrics: [],
    functions: [],
    compiled: true,
    extra_ctes_injected: true,
    extra_ctes: [],
    contract: { enforced: false, alias_types: true, checksum: null },
  };
}

function testConfig(own: JsonObject): JsonObject {
  return nodeConfig({
    schema: 'dbt_test',
    materialized: 'test',
    severity: 'ERROR',
    store_failures: null,
    store_failures_as: null,
    where: null,
    limit: null,
    fail_calc: 'count(*)',
    warn_if: '!= 0',
    error_if: '!= 0',
    ...own,
  });
}

interface Generic {
  suffix: string;
  kwargs: Record<string, Json>;
  sql: (relation: Relation) => string;
  extra: ProjectModel[];
}

function genericTest(project: Project, { test, column, of }: ColumnTest): Generic {
  const name = column.name;
  if (test.name === 'not_null') {
    const sql: Generic['sql'] = (relation) => `select ${name}\nfrom ${relation(of)}\nwhere ${name} is null`;
    return { suffix: name, kwargs: {}, sql, extra: [] };
  }
  if (test.name === 'unique') {
    const sql: Generic['sql'] = (relation) =>
      `select ${name}, count(*) as n_records\nfrom ${relation(of)}\nwhere ${name} is not null\ngroup by ${name}\nhaving count(*) > 1`;
    return { suffix: name, kwargs: {}, sql, extra: [] };
  }
  if (test.name === 'accepted_values') {
    const { values } = acceptedValues.parse(test.arguments);
    const list = values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', ');
    const sql: Generic['sql'] = (relation) =>
      `select ${name}, count(*) as n_records\nfrom ${relation(of)}\nwhere ${name} not in (${list})\ngroup by ${name}`;
    return { suffix: `${name}__${values.join('__')}`, kwargs: { values }, sql, extra: [] };
  }
  const { to, field } = relationships.parse(test.arguments);
  const parent = dependencies(project, `{{ ${to} }}`).models[0];
  if (!parent) throw new Error(`relationships: ${to} names no model`);
  const sql: Generic['sql'] = (relation) =>
    `select child.${name} as from_field\nfrom ${relation(of)} as child\nleft join ${relation(parent)} as parent on parent.${field} = child.${name}\nwhere child.${name} is not null and parent.${field} is null`;
  return { suffix: `${name}__${field}__ref_${parent.name}_`, kwargs: { to, field }, sql, extra: [parent] };
}

function columnTest(project: Project, entry: ColumnTest): DataTest {
  const { test, column, of, yamlFile } = entry;
  const generic = genericTest(project, entry);
  const target = isModel(of) ? of.name : `${of.group.name}_${of.table.name}`;
  const name = `${isModel(of) ? '' : 'source_'}${test.name}_${target}_${generic.suffix}`;
  const hash = createHash('md5').update(name).digest('hex').slice(0, 10);
  const dependsOn = [...generic.extra.map((each) => each.uniqueId), of.uniqueId];
  const model = isModel(of) ? `ref('${of.name}')` : `source('${of.group.name}', '${of.table.name}')`;
  const uniqueId = `test.${project.name}.${name}.${hash}`;
  const file = `${name}.sql`;
  const node: JsonObject = {
    ...baseNode(project, name, yamlFile),
    path: file,
    unique_id: uniqueId,
    fqn: fqn(project.name, yamlFile, name),
    checksum: { name: 'none', checksum: '' },
    config: testConfig({}),
    tags: [],
    meta: {},
    raw_code: `{{ test_${test.name}(**_dbt_generic_test_kwargs) }}`,
    refs: [...generic.extra, ...(isModel(of) ? [of] : [])].map((each) => reference(each.name)),
    sources: isModel(of) ? [] : [[of.group.name, of.table.name]],
    depends_on: { macros: [], nodes: dependsOn },
    compiled_path: `target/compiled/${project.name}/${yamlFile}/${file}`,
    compiled_code: generic.sql((each) => quotedRelation(project, each)),
    column_name: column.name,
    file_key_name: isModel(of) ? `models.${of.name}` : `sources.${of.group.name}`,
    attached_node: isModel(of) ? of.uniqueId : null,
    test_metadata: {
      name: test.name,
      kwargs: { ...generic.kwargs, column_name: column.name, model: `{{ get_where_subquery(${model}) }}` },
      namespace: null,
    },
  };
  return { uniqueId, name, tags: [], sql: generic.sql, node, dependsOn };
}

const configCall = /config\(([\s\S]*?)\)\s*\}\}/;

/** `config(tags=['a'], meta={'b': 'c'})` of a test file; only quoted literals occur there. */
function singularConfig(sql: string): { tags: string[]; meta: Record<string, string> } {
  const text = configCall.exec(sql)?.[1] ?? '';
  const tags = /tags=\[([^\]]*)\]/.exec(text)?.[1] ?? '';
  const meta = /meta=\{([^}]*)\}/.exec(text)?.[1] ?? '';
  return {
    tags: [...tags.matchAll(/'([^']+)'/g)].map((match) => match[1] ?? ''),
    meta: Object.fromEntries(
      [...meta.matchAll(/'([^']+)':\s*'([^']*)'/g)].map((match) => [match[1] ?? '', match[2] ?? '']),
    ),
  };
}

function singularTest(project: Project, test: SingularTest): DataTest {
  const upstream = dependencies(project, test.sql);
  const { tags, meta } = singularConfig(test.sql);
  const dependsOn = [...upstream.models, ...upstream.sources].map((each) => each.uniqueId);
  const sql = (relation: Relation): string => compileSql(project, test.sql, relation);
  const comment = /^-- (.*)$/m.exec(test.sql)?.[1] ?? '';
  const node: JsonObject = {
    ...baseNode(project, test.name, test.file),
    description: comment,
    path: insideFolder(test.file),
    unique_id: test.uniqueId,
    fqn: fqn(project.name, test.file, test.name),
    checksum: { name: 'sha256', checksum: sha256(test.sql) },
    config: testConfig({ tags, meta }),
    tags,
    meta,
    raw_code: test.sql,
    refs: upstream.models.map((each) => reference(each.name)),
    sources: upstream.sources.map((each) => [each.group.name, each.table.name]),
    depends_on: { macros: [], nodes: dependsOn },
    compiled_path: `target/compiled/${project.name}/${test.file}`,
    compiled_code: sql((each) => quotedRelation(project, each)),
  };
  return { uniqueId: test.uniqueId, name: test.name, tags, sql, node, dependsOn };
}

/** Every data test of the project, those beside columns first. */
export function dataTests(project: Project): DataTest[] {
  return [
    ...project.columnTests.map((entry) => columnTest(project, entry)),
    ...project.singularTests.map((test) => singularTest(project, test)),
  ];
}

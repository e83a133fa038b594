import path from 'node:path';
import type { TableSpec } from '../../dbt/specs.js';
import { parseTable } from '../../dbt/table-schema.js';
import { asText, asTexts, isPlainObject, type PlainObject } from '../../meta/values.js';
import { type Entry, entriesOf, identityOf, keptApart, type NodeContext, withFolderConfig } from './nodes.js';
import type { ProjectFile, ProjectFiles } from './project-files.js';

/** Models, seeds and snapshots: everything that YAML describes, and what has only its SQL, as dbt sees it. */
export function tablesOf(files: ProjectFiles, context: NodeContext): TableSpec[] {
  const described = (['model', 'seed', 'snapshot'] as const).flatMap((resource) =>
    entriesOf(files.yaml, `${resource}s`, context.warnings).flatMap((entry) =>
      versionsOf(entry).map(({ suffix, raw }) => {
        const code = resource === 'seed' ? undefined : codeOf(files.code, entry.name, suffix, raw);
        const table = parseTable(withoutJinja(raw), resource, identityOf(resource, entry, context, suffix));
        return withFolderConfig(table, `${resource}s`, code?.path ?? entry.file, context);
      }),
    ),
  );
  const apart = keptApart(described, 'models', context.warnings);
  const known = new Set(apart.map((table) => table.name));
  const versionFiles = new Set(
    entriesOf(files.yaml, 'models', []).flatMap((entry) =>
      versionsOf(entry).flatMap(({ suffix, raw }) => codeOf(files.code, entry.name, suffix, raw)?.path ?? []),
    ),
  );
  const bare = [
    ...files.code.flatMap((file) => (versionFiles.has(file.path) ? [] : bareTables(file))),
    ...files.seeds.map((file) => ({ resource: 'seed' as const, name: stem(file), file })),
  ].filter(({ name }) => !known.has(name));
  return [
    ...apart,
    ...keptApart(
      bare.map(({ resource, name, file }) => {
        const entry: Entry = { raw: {}, line: 1, name, file };
        const table = parseTable({ name }, resource, identityOf(resource, entry, context));
        return withFolderConfig(table, `${resource}s`, file, context);
      }),
      'models',
      context.warnings,
    ),
  ];
}

/** Source tables; what is said for the whole source holds for each of its tables. */
export function sourcesOf(files: ProjectFiles, context: NodeContext): TableSpec[] {
  const tables = entriesOf(files.yaml, 'sources', context.warnings).flatMap((source) =>
    (Array.isArray(source.raw.tables) ? source.raw.tables : []).filter(isPlainObject).flatMap((table) => {
      const name = asText(table.name);
      if (name === undefined) return [];
      const entry: Entry = { ...source, name: `${source.name}.${name}` };
      const parsed = parseTable(
        withoutJinja(mergedSource(source.raw, table)),
        'source',
        identityOf('source', entry, context),
      );
      return [withFolderConfig(parsed, 'sources', source.file, context)];
    }),
  );
  return keptApart(tables, 'sources', context.warnings);
}

function mergedSource(source: PlainObject, table: PlainObject): PlainObject {
  const sourceConfig = isPlainObject(source.config) ? source.config : {};
  const tableConfig = isPlainObject(table.config) ? table.config : {};
  const own = (key: string): unknown =>
    key in table ? table[key] : (tableConfig[key] ?? source[key] ?? sourceConfig[key]);
  return {
    ...table,
    source_name: source.name,
    source_description: source.description,
    database: source.database ?? source.catalog,
    schema: source.schema ?? source.name,
    loader: table.loader ?? source.loader,
    freshness: own('freshness'),
    tags: [source.tags, sourceConfig.tags, table.tags].flatMap((tags) => asTexts(tags, { split: true })),
    meta: { ...objectOf(sourceConfig.meta), ...objectOf(source.meta), ...objectOf(table.meta) },
    config: { ...tableConfig, freshness: undefined, group: tableConfig.group ?? sourceConfig.group },
  };
}

function objectOf(value: unknown): PlainObject {
  return isPlainObject(value) ? value : {};
}

/** A model with `versions` is as many models, which share all that a version does not say otherwise. */
function versionsOf({ raw }: Entry): { suffix: string; raw: PlainObject }[] {
  if (!Array.isArray(raw.versions) || raw.versions.length === 0) return [{ suffix: '', raw }];
  const versions = raw.versions.filter(isPlainObject);
  const latest = asText(raw.latest_version) ?? asText(versions.at(-1)?.v);
  return versions.flatMap((version) => {
    const number = asText(version.v);
    if (number === undefined) return [];
    const columns = versionColumns(raw.columns, version.columns);
    return [
      {
        suffix: `.v${number}`,
        raw: { ...raw, ...version, name: raw.name, version: number, latest_version: latest, columns },
      },
    ];
  });
}

/** `- include: all, exclude: [x]` takes the model's columns over; what is listed besides is the version's own. */
function versionColumns(base: unknown, own: unknown): unknown[] {
  const all = Array.isArray(base) ? base.filter(isPlainObject) : [];
  if (!Array.isArray(own)) return all;
  const listed = own.filter(isPlainObject);
  const rule = listed.find((column) => column.include !== undefined || column.exclude !== undefined);
  const included = asTexts(rule?.include);
  const excluded = new Set(asTexts(rule?.exclude));
  const everything =
    rule === undefined ||
    rule.include === undefined ||
    included.some((name) => name === 'all' || name === '*');
  const columns = listed.filter((column) => column !== rule);
  const redefined = new Set(columns.map((column) => column.name));
  const kept = all.filter((column) => {
    const name = asText(column.name) ?? '';
    return (everything || included.includes(name)) && !excluded.has(name) && !redefined.has(name);
  });
  return [...kept, ...columns];
}

/** The SQL of a model; of a version by `defined_in` or by `<name>_v<version>`. */
export function codeOf(
  code: readonly ProjectFile[],
  name: string,
  suffix: string,
  raw: PlainObject,
): ProjectFile | undefined {
  const version = suffix.slice(1);
  const stems = suffix === '' ? [name] : [asText(raw.defined_in), `${name}_${version}`, `${name}.${version}`];
  const latest = suffix !== '' && asText(raw.latest_version) === asText(raw.version) ? [name] : [];
  return [...stems, ...latest]
    .map((wanted) => code.find((file) => stem(file.path) === wanted))
    .find((file) => file !== undefined);
}

function bareTables(file: ProjectFile): { resource: 'model' | 'snapshot'; name: string; file: string }[] {
  const snapshots = [...file.text.matchAll(/\{%-?\s*snapshot\s+(\w+)\s*-?%\}/g)].flatMap(
    (match) => match[1] ?? [],
  );
  if (snapshots.length > 0)
    return snapshots.map((name) => ({ resource: 'snapshot' as const, name, file: file.path }));
  return [{ resource: 'model', name: stem(file.path), file: file.path }];
}

function stem(file: string): string {
  return path.posix.basename(file).replace(/\.\w+$/, '');
}

/** Without running dbt nobody knows what `{{ target.schema }}` comes to: such places stay unknown. */
function withoutJinja(raw: PlainObject): PlainObject {
  const places = ['schema', 'database', 'catalog', 'alias', 'identifier'].filter((key) =>
    String(raw[key] ?? '').includes('{{'),
  );
  return places.length === 0 ? raw : { ...raw, ...Object.fromEntries(places.map((key) => [key, undefined])) };
}

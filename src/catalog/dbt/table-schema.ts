import { z } from 'zod';
import type { Column, Contract, FreshnessSla, Partition } from '../asset.js';
import { classificationOf } from '../meta/classification.js';
import { listOf, object, text, texts } from '../meta/fields.js';
import { metaLayers } from '../meta/layers.js';
import { present } from '../meta/meta-facts.js';
import { asPartitionGrain, partitionOf } from '../meta/operations.js';
import { asIsoDate, asMinutes, asText, isPlainObject, type PlainObject, unique } from '../meta/values.js';
import { plainRelation } from '../names.js';
import { type NodeIdentity, parseNode } from './node-schema.js';
import type { TableSpec } from './specs.js';

const TableColumn = z
  .object({
    name: z.string().min(1),
    description: text,
    data_type: text,
    tags: texts,
    meta: object,
    config: object,
  })
  .transform((column): Column => {
    const tags = unique([...column.tags, ...texts.parse(column.config.tags)]);
    const configMeta = object.parse(column.config.meta);
    return {
      name: column.name,
      description: column.description ?? '',
      ...present({ dataType: column.data_type }),
      tags,
      classification: classificationOf(metaLayers(column.meta, configMeta), tags),
      meta: { ...configMeta, ...column.meta },
    };
  });

const Table = z.object({
  columns: z
    .unknown()
    .optional()
    .transform((value) => (isPlainObject(value) ? Object.values(value) : value))
    .pipe(listOf(TableColumn)),
  relation_name: text,
  database: text,
  schema: text,
  alias: text,
  identifier: text,
  name: text,
  version: text,
  latest_version: text,
  deprecation_date: text,
  contract: object,
  checksum: object,
  freshness: object,
  source_name: text,
  source_description: text,
  loader: text,
  relation: text,
  config: object,
});

/** Reads a model, seed, snapshot or source, from a manifest (columns by name) or from YAML (columns in a list). */
export function parseTable(
  raw: PlainObject,
  resource: TableSpec['resource'],
  identity: NodeIdentity,
): TableSpec {
  const table = Table.parse(raw);
  const node = parseNode(raw, identity);
  const columns =
    identity.describe === undefined
      ? table.columns
      : table.columns.map((column) => ({
          ...column,
          description: identity.describe?.(column.description) ?? column.description,
        }));
  return {
    ...node,
    resource,
    columns,
    words: [table.source_name, table.source_description, table.loader].filter((word) => word !== undefined),
    ...present({
      relation: relationOf(table),
      version: table.version,
      latestVersion: table.latest_version,
      deprecatedOn: asIsoDate(table.deprecation_date),
      contract: contractOf(table, columns),
      codeChecksum: checksumOf(table.checksum),
      partition: dbtPartition(table.config),
      freshnessSla: resource === 'source' ? freshnessOf(table) : undefined,
      sourceName: table.source_name,
      madeOf: resource === 'snapshot' ? table.relation : undefined,
    }),
  };
}

function relationOf(table: z.infer<typeof Table>): string | undefined {
  if (table.relation_name !== undefined) return plainRelation(table.relation_name);
  // An ephemeral model is a name in other models' SQL and no table at all.
  if (table.config.materialized === 'ephemeral' || table.schema === undefined) return undefined;
  const name = table.identifier ?? table.alias ?? table.name;
  return [table.database, table.schema, name].filter((part) => part !== undefined).join('.');
}

function contractOf(table: z.infer<typeof Table>, columns: Column[]): Contract | undefined {
  const configured = isPlainObject(table.config.contract) ? table.config.contract : {};
  const contract = { ...configured, ...table.contract };
  if (contract.enforced !== true) return undefined;
  return {
    enforced: true,
    columns: columns.map(({ name, dataType }) => ({ name, ...present({ dataType }) })),
    ...present({ checksum: asText(contract.checksum) }),
  };
}

/** `{ name: 'sha256', checksum }` of the file, before anything is put into it; `none` where dbt made none, `path` for a seed too large to read. */
function checksumOf({ name, checksum }: PlainObject): string | undefined {
  return name === 'sha256' ? asText(checksum) : undefined;
}

/** Microbatch models are cut by `event_time`, in UTC by dbt's own rule; others say `partition_by`. */
function dbtPartition(config: PlainObject): Partition | undefined {
  const column = asText(config.event_time);
  const grain = asPartitionGrain(config.batch_size);
  if (column !== undefined && grain !== undefined) return { grain, column, timeZone: 'UTC' };
  return partitionOf(metaLayers({ partition_by: config.partition_by }));
}

/** `freshness: null` on a table switches its source's check off, so there is no promise then. */
function freshnessOf(table: z.infer<typeof Table>): FreshnessSla | undefined {
  const configured = isPlainObject(table.config.freshness) ? table.config.freshness : {};
  const freshness = Object.keys(table.freshness).length > 0 ? table.freshness : configured;
  const warn = asMinutes(freshness.warn_after);
  const error = asMinutes(freshness.error_after);
  return warn === undefined && error === undefined
    ? undefined
    : present({ warnAfterMinutes: warn, errorAfterMinutes: error });
}

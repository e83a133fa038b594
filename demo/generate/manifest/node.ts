import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../json.js';
import type { Column } from '../schema.js';

/** When dbt first saw a node, in seconds. Fixed: it is no part of any definition. */
export const createdAtSeconds = 1_767_225_600;

/** `models/marts/x.sql` without its first folder, as dbt's `path`. */
export function insideFolder(file: string): string {
  return file.split('/').slice(1).join('/');
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** `[package, folder, …, name]`. */
export function fqn(project: string, file: string, name: string): string[] {
  const folders = insideFolder(file).split('/').slice(0, -1);
  return [project, ...folders, name];
}

export function columnNode(column: Column): JsonObject {
  const { tags, meta } = column.config;
  return {
    name: column.name,
    description: column.description,
    meta,
    data_type: column.data_type,
    constraints: column.constraints.map(() => ({
      type: 'not_null',
      name: null,
      expression: null,
      warn_unenforced: true,
      warn_unsupported: true,
      to: null,
      to_columns: [],
    })),
    quote: null,
    config: { meta, tags },
    tags,
    granularity: column.granularity ?? null,
    doc_blocks: [],
  };
}

export function columnNodes(columns: Column[]): JsonObject {
  return Object.fromEntries(columns.map((column) => [column.name, columnNode(column)]));
}

export const noDocs: JsonObject = { show: true, node_color: null };

export function reference(name: string): JsonObject {
  return { name, package: null, version: null };
}

/** Configuration that every compiled node has. */
export function nodeConfig(own: JsonObject): JsonObject {
  const common: Record<string, Json> = {
    enabled: true,
    alias: null,
    database: null,
    tags: [],
    meta: {},
    group: null,
  };
  return { ...common, ...own };
}

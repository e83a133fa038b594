import type { AssetDraft, Column } from './asset.js';

/** A change to one column of a table. */
export interface SchemaChange {
  column: string;
  change: 'added' | 'removed' | 'type' | 'described';
  breaking: boolean;
  /** Type, or description for `described`. */
  before: string | null;
  after: string | null;
}

/**
 * Column changes between two states of a table. Gone and narrower columns break what reads them; new and wider ones do not. Names are compared
 * without case, as most warehouses do. Where one of the two states has only documented columns, nobody can know whether a column came or went: then
 * only its description did.
 */
export function schemaChanges(before: AssetDraft, after: AssetDraft): SchemaChange[] {
  const old = byName(before.columns);
  const now = byName(after.columns);
  const known = before.columnsFrom === undefined && after.columnsFrom === undefined;
  const changes: SchemaChange[] = [];
  for (const [key, column] of old) {
    const current = now.get(key);
    if (known && isThere(column) && !isThere(current)) {
      changes.push({
        column: column.name,
        change: 'removed',
        breaking: true,
        before: column.dataType ?? null,
        after: null,
      });
      continue;
    }
    if (current === undefined) {
      changes.push(...described(column.name, column.description, ''));
      continue;
    }
    if (known && !isThere(column) && isThere(current)) changes.push(added(current));
    const [oldType, newType] = [column.dataType, current.dataType];
    if (oldType !== undefined && newType !== undefined && plainType(oldType) !== plainType(newType)) {
      changes.push({
        column: current.name,
        change: 'type',
        breaking: !isWider(oldType, newType),
        before: oldType,
        after: newType,
      });
    }
    changes.push(...described(current.name, column.description, current.description));
  }
  for (const [key, column] of now) {
    if (old.has(key)) continue;
    if (known && isThere(column)) changes.push(added(column));
    else changes.push(...described(column.name, '', column.description));
  }
  return changes;
}

function isThere(column: Column | undefined): boolean {
  return column !== undefined && column.notBuilt !== true;
}

function added(column: Column): SchemaChange {
  return {
    column: column.name,
    change: 'added',
    breaking: false,
    before: null,
    after: column.dataType ?? null,
  };
}

function described(column: string, before: string, after: string): SchemaChange[] {
  if (before === after) return [];
  return [{ column, change: 'described', breaking: false, before: before || null, after: after || null }];
}

function byName(columns: readonly Column[]): Map<string, Column> {
  return new Map(columns.map((column) => [column.name.toLowerCase(), column]));
}

const integerTypes = [
  'tinyint',
  'int8',
  'smallint',
  'int16',
  'int2',
  'integer',
  'int',
  'int32',
  'int4',
  'bigint',
  'int64',
  'numeric',
];
const floatTypes = ['real', 'float4', 'float32', 'float', 'double', 'double precision', 'float8', 'float64'];
const textTypes = ['char', 'character', 'varchar', 'character varying', 'nvarchar', 'string', 'text'];

/** Whether everything that fitted into the old type fits into the new one. */
function isWider(before: string, after: string): boolean {
  const [old, now] = [parsed(before), parsed(after)];
  for (const family of [integerTypes, floatTypes, textTypes]) {
    const [oldRank, newRank] = [family.indexOf(old.base), family.indexOf(now.base)];
    if (oldRank < 0 || newRank < 0) continue;
    if (family === textTypes)
      return now.size === undefined || (old.size !== undefined && now.size >= old.size);
    return newRank >= oldRank && (now.size === undefined || (old.size !== undefined && now.size >= old.size));
  }
  return (
    old.base === now.base &&
    now.size !== undefined &&
    old.size !== undefined &&
    now.size >= old.size &&
    now.scale >= old.scale
  );
}

function parsed(type: string): { base: string; size?: number; scale: number } {
  const [, base = '', size, scale] =
    /^([^(]*?)\s*(?:\((\d+)(?:\s*,\s*(\d+))?\))?$/.exec(plainType(type)) ?? [];
  return {
    base: base || plainType(type),
    ...(size === undefined ? {} : { size: Number(size) }),
    scale: Number(scale ?? 0),
  };
}

function plainType(type: string): string {
  return type.trim().toLowerCase().replace(/\s+/g, ' ');
}

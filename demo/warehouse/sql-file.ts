import { readFileSync } from 'node:fs';
import { demoPath } from '../paths.js';

/** Text of a file under `demo/warehouse`. */
export function readSql(file: string): string {
  return readFileSync(demoPath('warehouse', file), 'utf8');
}

/**
 * Replaces `:name` by SQL text. Only for the demo's own files and for literals that the caller made; the casts of
 * PostgreSQL (`::date`) are left alone. Throws when a name is unknown.
 */
export function withValues(sql: string, values: Record<string, string>): string {
  return sql.replace(/(?<!:):([a-z_]+)/g, (_text, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for :${name}`);
    return value;
  });
}

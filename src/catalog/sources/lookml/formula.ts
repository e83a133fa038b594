import type { Formula } from '../../asset.js';
import { unique } from '../../meta/values.js';
import type { Field } from './schema.js';

const templates = new Map<string, (sql: string, measure: Field) => string>([
  ['count_distinct', (sql) => `count(distinct ${sql})`],
  ['average', (sql) => `avg(${sql})`],
  ['average_distinct', (sql) => `avg(distinct ${sql})`],
  ['sum_distinct', (sql) => `sum(distinct ${sql})`],
  ['percentile', (sql, { percentile }) => `percentile(${sql}, ${percentile ?? '?'})`],
  ['percentile_distinct', (sql, { percentile }) => `percentile(distinct ${sql}, ${percentile ?? '?'})`],
]);
const plainTypes = [
  'number',
  'string',
  'date',
  'yesno',
  'list',
  'percent_of_total',
  'running_total',
  'percent_of_previous',
];

/** A measure's formula; only a plain count needs no SQL, and nothing is made up for what has none. */
export function formulaOf(measure: Field): Formula | undefined {
  const type = measure.type ?? 'string';
  const inputs = unique(
    [...(measure.sql ?? '').matchAll(/\$\{\s*([\w.]+)\s*\}/g)].flatMap((match) => match[1] ?? []),
  ).filter((name) => name !== 'TABLE');
  if (measure.sql === undefined)
    return type === 'count' ? { type, expression: 'count(*)', aggregation: 'count', inputs } : undefined;
  const sql = measure.sql
    .replace(/\$\{\s*TABLE\s*\}\./g, '')
    .replace(/\$\{\s*([\w.]+)\s*\}/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  if (type === 'number' || type === 'string' || type === 'date' || type === 'yesno')
    return { type: 'expression', expression: sql, inputs };
  if (plainTypes.includes(type)) return { type, expression: `${type}(${sql})`, inputs };
  return {
    type,
    expression: templates.get(type)?.(sql, measure) ?? `${type}(${sql})`,
    aggregation: type,
    inputs,
  };
}

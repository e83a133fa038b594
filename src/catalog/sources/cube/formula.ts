import type { Formula } from '../../asset.js';
import { present } from '../../meta/meta-facts.js';
import { asText, isPlainObject, unique } from '../../meta/values.js';
import type { Cube, Member } from './schema.js';

const functions = new Map([
  ['count_distinct', 'count(distinct'],
  ['countDistinct', 'count(distinct'],
  ['count_distinct_approx', 'approx_count_distinct('],
  ['countDistinctApprox', 'approx_count_distinct('],
]);

/** Types whose `sql` is the whole calculation: `number_agg` is an aggregation that the SQL itself names. */
const written = ['number', 'string', 'time', 'boolean', 'number_agg', 'numberAgg'];

/** Plain metadata has no SQL; then only a plain count is known, and nothing is made up. */
export function formulaOf(cube: Cube, measure: Member): Formula | undefined {
  const type = measure.aggType ?? measure.type;
  if (type === undefined) return undefined;
  const rest = { inputs: inputsOf(cube, measure), ...present({ window: windowOf(measure) }) };
  const sql = measure.sql === undefined ? caseOf(measure) : plainSql(measure.sql);
  if (sql === undefined)
    return type === 'count' ? { type, expression: 'count(*)', aggregation: type, ...rest } : undefined;
  if (written.includes(type)) return { type: 'expression', expression: sql, ...rest };
  const opened = functions.get(type) ?? `${type}(`;
  return {
    type,
    expression: `${opened}${opened.endsWith('(') ? '' : ' '}${sql})`,
    aggregation: type,
    ...rest,
  };
}

/** `trailing: 28 day`, `type: to_date, granularity: year`, or the earlier time that the same figure is taken at. */
function windowOf(measure: Member): string | undefined {
  const { trailing, type, granularity } = measure.rolling_window;
  const rolling =
    asText(trailing) ?? (type === 'to_date' ? `${asText(granularity) ?? ''} to date` : undefined);
  const shifts = measure.time_shift.filter(isPlainObject).flatMap((shift) => {
    const interval = asText(shift.interval);
    return interval === undefined ? [] : [`${interval} ${asText(shift.type) ?? 'prior'}`];
  });
  const said = [rolling?.trim(), ...shifts].filter((words) => words !== undefined && words !== '');
  return said.length === 0 ? undefined : said.join(', ');
}

/** `case: {when: [{sql, label}], else: {label}}` in the words of SQL. */
function caseOf(measure: Member): string | undefined {
  const { when, else: otherwise } = measure.case;
  if (!Array.isArray(when)) return undefined;
  const branches = when.filter(isPlainObject).flatMap((branch) => {
    const [sql, label] = [asText(branch.sql), asText(branch.label)];
    return sql === undefined || label === undefined ? [] : [`when ${plainSql(sql)} then '${label}'`];
  });
  if (branches.length === 0) return undefined;
  const last = isPlainObject(otherwise) ? asText(otherwise.label) : undefined;
  return `case ${branches.join(' ')}${last === undefined ? '' : ` else '${last}'`} end`;
}

/** Members named in curly brackets: `{revenue}`, `{CUBE.revenue}`, `{orders.revenue}`. */
export function inputsOf(cube: Cube, measure: Member): string[] {
  const named = [...(measure.sql ?? '').matchAll(/\$?\{\s*(?:(\w+)\.)?(\w+)\s*\}/g)];
  return unique(
    named
      .filter(([, , name]) => name !== 'CUBE')
      .map(([, owner, name]) => `${owner === undefined || owner === 'CUBE' ? cube.name : owner}.${name}`),
  );
}

export function plainSql(sql: string): string {
  return sql
    .replace(/\$?\{\s*CUBE\s*\}\s*\./g, '')
    .replace(/\$?\{\s*(?:CUBE\.)?([\w.]+)\s*\}/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}

import { z } from 'zod';
import { asText, isPlainObject } from '../meta/values.js';
import type { MetricInput } from './specs.js';

/** `7 days`, or `{count: 7, granularity: day}`, or of old `{count: 7, period: day}`. */
export const window = z
  .unknown()
  .optional()
  .transform((value) => {
    if (!isPlainObject(value)) return asText(value);
    const count = asText(value.count);
    const unit = asText(value.granularity ?? value.period);
    return count === undefined || unit === undefined
      ? undefined
      : `${count} ${unit}${count === '1' || unit.endsWith('s') ? '' : 's'}`;
  });

/** Conditions: one, a list, `{where_filters: [{where_sql_template}]}`, or of old `[{field, operator, value}]`. */
export const conditions = z
  .unknown()
  .optional()
  .transform((value): string[] => conditionsOf(value));

function conditionsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(conditionsOf);
  if (isPlainObject(value)) {
    if (value.where_filters !== undefined) return conditionsOf(value.where_filters);
    if (value.where_sql_template !== undefined) return conditionsOf(value.where_sql_template);
    const old = [value.field, value.operator, value.value].map(asText);
    return old.every((part) => part !== undefined) ? [old.join(' ')] : [];
  }
  const condition = asText(value);
  return condition === undefined ? [] : [plainCondition(condition)];
}

/** `{{ Dimension('order__status') }} = 'x'` reads `order__status = 'x'`. */
function plainCondition(condition: string): string {
  return condition
    .replace(/\{\{\s*(?:Dimension|TimeDimension|Entity|Metric)\(\s*['"]([^'"]+)['"][^)]*\)[^}]*\}\}/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}

/** A metric or measure named as an input: by its name alone or as an object. */
export const metricInput = z
  .unknown()
  .optional()
  .transform((value, context): MetricInput => {
    const fields = isPlainObject(value) ? value : { name: value };
    const name = asText(fields.name ?? fields.measure ?? fields.metric);
    if (name === undefined) {
      context.addIssue('an input needs a name');
      return z.NEVER;
    }
    const alias = asText(fields.alias);
    const offsetWindow = window.parse(fields.offset_window);
    const offsetToGrain = asText(fields.offset_to_grain);
    const fillNullsWith = asText(fields.fill_nulls_with);
    return {
      name,
      filters: conditionsOf(fields.filter),
      ...(alias === undefined ? {} : { alias }),
      ...(offsetWindow === undefined ? {} : { offsetWindow }),
      ...(offsetToGrain === undefined ? {} : { offsetToGrain }),
      ...(fillNullsWith === undefined ? {} : { fillNullsWith }),
    };
  });

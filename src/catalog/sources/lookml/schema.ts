import { z } from 'zod';
import { listOf, object, text, texts } from '../../meta/fields.js';
import { isPlainObject, type PlainObject } from '../../meta/values.js';

/** `yes` comes as true; everything is shown unless hidden. */
const hidden = z
  .unknown()
  .optional()
  .transform((value) => value === true || value === 'yes');

/** Things by name; a name that is there twice comes as a list. The parser's own position keys begin with a dollar sign. */
const named = z
  .unknown()
  .optional()
  .transform((value): { name: string; raw: PlainObject }[] =>
    Object.entries(isPlainObject(value) ? value : {}).flatMap(([name, given]) =>
      name.startsWith('$')
        ? []
        : (Array.isArray(given) ? given : [given]).filter(isPlainObject).map((raw) => ({ name, raw })),
    ),
  );

/** `filters: [status: "paid"]`, or of old a list of `{field, value}`. */
const filters = z
  .unknown()
  .optional()
  .transform((value): string[] => {
    const blocks = (Array.isArray(value) ? value : [value]).filter(isPlainObject);
    return blocks.flatMap((block) => {
      if (typeof block.field === 'string') return [`${block.field}: ${String(block.value ?? '')}`];
      return Object.entries(block).flatMap(([field, condition]) =>
        field.startsWith('$') ? [] : [`${field}: ${String(condition)}`],
      );
    });
  });

/** A text over several lines is indented in the file; the blanks are not meant. */
const prose = text.transform((value) => value?.replace(/[ \t]*\n[ \t]*/g, '\n'));

export const Field = z.object({
  type: text,
  sql: text,
  label: text,
  group_label: text,
  view_label: text,
  description: prose,
  synonyms: texts,
  tags: texts,
  filters,
  hidden,
  value_format_name: text,
  timeframes: texts,
  percentile: text,
});
export type Field = z.infer<typeof Field>;

export const View = z.object({
  label: text,
  description: prose,
  sql_table_name: text,
  extends: texts,
  extends__all: z.unknown().optional(),
  derived_table: object,
  dimension: named,
  dimension_group: named,
  measure: named,
  tags: texts,
});
export type View = z.infer<typeof View>;

export const Explore = z.object({
  label: text,
  description: prose,
  view_name: text,
  from: text,
  hidden,
  join: named,
});
export type Explore = z.infer<typeof Explore>;

/** One parsed `.lkml` file. */
export const LookmlFile = z.object({ connection: text, view: named, explore: named });
export const Views = listOf(View);

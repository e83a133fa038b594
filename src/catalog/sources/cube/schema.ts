import { z } from 'zod';
import { flag, listOf, object, text, texts } from '../../meta/fields.js';
import { asText, asTexts, isPlainObject } from '../../meta/values.js';

/** `filters: [{sql: "..."}]` of a measure. */
const filters = z
  .unknown()
  .optional()
  .transform((value) =>
    Array.isArray(value) ? value.filter(isPlainObject).flatMap((filter) => asTexts(filter.sql)) : [],
  );

/** Shown unless it says otherwise; `public` is the newer word for `shown` and `isVisible`. */
const unlessFalse = z
  .unknown()
  .optional()
  .transform((value) => value !== false);

const Member = z.object({
  name: z.string().min(1),
  title: text,
  shortTitle: text,
  description: text,
  type: text,
  aggType: text,
  sql: text,
  format: text,
  currency: text,
  meta: object,
  filters,
  public: unlessFalse,
  isVisible: unlessFalse,
  shown: unlessFalse,
  aliasMember: text,
  cumulative: flag,
  rolling_window: object,
  time_shift: z
    .unknown()
    .optional()
    .transform((value): unknown[] => (Array.isArray(value) ? value : [])),
  case: object,
  drill_members: texts,
});
export type Member = z.infer<typeof Member>;

/** A member that a view shows: its name, or an object that gives it another one; `*` is all of them. */
const includes = z
  .unknown()
  .optional()
  .transform((value): { name: string; alias?: string }[] =>
    (Array.isArray(value) ? value : [value]).flatMap((item) => {
      const name = isPlainObject(item) ? asText(item.name) : asText(item);
      const alias = isPlainObject(item) ? asText(item.alias) : undefined;
      return name === undefined ? [] : [{ name, ...(alias === undefined ? {} : { alias }) }];
    }),
  );

/** What a view of the YAML model takes from one cube. */
const ViewPart = z.object({
  join_path: z.string().min(1),
  prefix: flag,
  alias: text,
  includes,
  excludes: texts,
});

/** A cube or a view, from `/v1/meta` (with `?extended` also its SQL) or from a YAML model. */
const Cube = z.object({
  name: z.string().min(1),
  type: text,
  title: text,
  description: text,
  sql_table: text,
  sql: text,
  meta: object,
  extends: text,
  cubes: listOf(ViewPart),
  public: unlessFalse,
  isVisible: unlessFalse,
  shown: unlessFalse,
  measures: listOf(Member),
  dimensions: listOf(Member),
  segments: listOf(Member),
});
export type Cube = z.infer<typeof Cube>;

/** Answer of `GET /v1/meta`. */
export const CubeMeta = z.object({
  cubes: z.array(z.unknown()).transform((list) => listOf(Cube).parse(list)),
});

/** A YAML model file. */
export const CubeFile = z.object({ cubes: listOf(Cube), views: listOf(Cube) });

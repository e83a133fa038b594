import { z } from 'zod';
import { flag, listOf, object, text, texts } from '../../meta/fields.js';
import { asTexts, isPlainObject } from '../../meta/values.js';

/** `filters: [{sql: "..."}]` of a measure. */
const filters = z
  .unknown()
  .optional()
  .transform((value) =>
    Array.isArray(value) ? value.filter(isPlainObject).flatMap((filter) => asTexts(filter.sql)) : [],
  );

/** Shown unless it says otherwise; `public` is the newer word for `shown` and `isVisible`. */
const shown = z
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
  public: shown,
  isVisible: shown,
  aliasMember: text,
  cumulative: flag,
  rolling_window: object,
  drill_members: texts,
});
export type Member = z.infer<typeof Member>;

/** A cube or a view, from `/v1/meta` (with `?extended` also its SQL) or from a YAML model. */
const Cube = z.object({
  name: z.string().min(1),
  type: text,
  title: text,
  description: text,
  sql_table: text,
  sql: text,
  meta: object,
  public: shown,
  isVisible: shown,
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

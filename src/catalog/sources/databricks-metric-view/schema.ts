import { z } from 'zod';
import { listOf, object, text, texts } from '../../meta/fields.js';

const Field = z.object({
  name: z.string().min(1),
  expr: text,
  comment: text,
  display_name: text,
  synonyms: texts,
  format: object,
});
export type Field = z.infer<typeof Field>;

/** A Unity Catalog metric view, versions 0.1 to 1.1. Its metrics are called measures, and it has no name of its own. */
export const MetricView = z.object({
  version: text,
  source: text,
  comment: text,
  filter: text,
  joins: listOf(z.object({ name: z.string(), source: text })),
  dimensions: listOf(Field),
  /** The newer word for dimensions. */
  fields: listOf(Field),
  measures: z.array(z.unknown()).transform((list) => listOf(Field).parse(list)),
});
export type MetricView = z.infer<typeof MetricView>;

import { z } from 'zod';
import { listOf, object, text, texts } from '../../meta/fields.js';

const Column = z.object({
  name: z.string().min(1),
  description: text,
  expr: text,
  data_type: text,
  synonyms: texts,
  default_aggregation: text,
  access_modifier: text,
});
export type Column = z.infer<typeof Column>;

const Filter = z.object({ name: z.string(), description: text, expr: text, synonyms: texts });

const Table = z.object({
  name: z.string().min(1),
  description: text,
  synonyms: texts,
  base_table: object,
  dimensions: listOf(Column),
  time_dimensions: listOf(Column),
  facts: listOf(Column),
  /** The older word for facts, with a default aggregation. */
  measures: listOf(Column),
  metrics: listOf(Column),
  filters: listOf(Filter),
});
export type Table = z.infer<typeof Table>;

const VerifiedQuery = z.object({
  name: text,
  question: text,
  sql: text,
  verified_at: text,
  verified_by: text,
});

/** A semantic model or semantic view as YAML: https://docs.snowflake.com/en/user-guide/views-semantic/semantic-view-yaml-spec */
export const SemanticView = z.object({
  name: text,
  description: text,
  comments: text,
  tables: listOf(Table),
  metrics: listOf(Column),
  verified_queries: listOf(VerifiedQuery),
  module_custom_instructions: object,
  custom_instructions: text,
});
export type SemanticView = z.infer<typeof SemanticView>;

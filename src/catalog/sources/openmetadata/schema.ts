import { z } from 'zod';
import { listOf, object, text, texts } from '../../meta/fields.js';
import { asTexts } from '../../meta/values.js';

const Reference = z.object({ id: text, type: text, name: text, fullyQualifiedName: text, displayName: text });
export type Reference = z.infer<typeof Reference>;

const tags = listOf(z.object({ tagFQN: z.string() }).transform((tag) => tag.tagFQN));

const shared = {
  id: text,
  name: z.string().min(1),
  fullyQualifiedName: text,
  displayName: text,
  description: text,
  owners: listOf(Reference),
  tags,
  domains: listOf(Reference),
  extension: object,
  certification: object,
  entityStatus: text,
  href: text,
  deleted: z.boolean().catch(false).default(false),
};

/** https://open-metadata.org/schema/entity/data/metric.json */
export const Metric = z.object({
  ...shared,
  metricExpression: object,
  metricType: text,
  unitOfMeasurement: text,
  customUnitOfMeasurement: text,
  granularity: text,
  relatedMetrics: listOf(Reference),
});
export type Metric = z.infer<typeof Metric>;

/** https://open-metadata.org/schema/entity/data/glossaryTerm.json */
export const GlossaryTerm = z.object({
  ...shared,
  glossary: Reference,
  synonyms: texts,
  references: listOf(z.object({ name: text, endpoint: text })),
});
export type GlossaryTerm = z.infer<typeof GlossaryTerm>;

const Column = z.object({ name: z.string(), dataType: text, dataTypeDisplay: text, description: text, tags });

/** https://open-metadata.org/schema/entity/data/table.json */
export const Table = z.object({
  ...shared,
  columns: z.array(z.unknown()).transform((list) => listOf(Column).parse(list)),
});
export type Table = z.infer<typeof Table>;

/** One page of a list. */
export const Page = z.object({
  data: z.array(z.unknown()),
  paging: z.object({ after: z.string().nullish(), total: z.number().nullish().catch(null) }).nullish(),
});

/** Neighbours of one entity; ends of edges are ids. */
export const Lineage = z.object({
  entity: Reference,
  upstreamEdges: listOf(z.object({ fromEntity: endOf(), toEntity: endOf() })),
});

/** An end is an id, or an object with one. */
function endOf() {
  return z.unknown().transform((value) => {
    if (typeof value === 'object' && value !== null && 'id' in value) return asTexts(value.id)[0] ?? '';
    return asTexts(value)[0] ?? '';
  });
}

import { z } from 'zod';
import { flag, listOf, object, text, texts } from '../../meta/fields.js';

const Property = z.object({
  name: z.string().min(1),
  physicalName: text,
  logicalType: text,
  physicalType: text,
  description: text,
  businessName: text,
  required: flag,
  classification: text,
  tags: texts,
  criticalDataElement: flag,
  partitioned: flag,
});
export type Property = z.infer<typeof Property>;

const SchemaObject = z.object({
  name: z.string().min(1),
  physicalName: text,
  businessName: text,
  description: text,
  dataGranularityDescription: text,
  tags: texts,
  properties: listOf(Property),
  quality: listOf(z.object({ name: text, description: text, rule: text, type: text })),
  customProperties: listOf(z.object({ property: z.string(), value: z.unknown() })),
});
export type SchemaObject = z.infer<typeof SchemaObject>;

/** A data contract of the Open Data Contract Standard, version 3: https://bitol-io.github.io/open-data-contract-standard/ */
export const DataContract = z.object({
  apiVersion: z.string(),
  kind: z.literal('DataContract'),
  id: z.string().min(1),
  name: text,
  version: text,
  status: text,
  domain: text,
  dataProduct: text,
  tags: texts,
  description: object,
  schema: listOf(SchemaObject),
  servers: listOf(
    z.object({
      server: text,
      type: text,
      database: text,
      catalog: text,
      project: text,
      schema: text,
      dataset: text,
    }),
  ),
  /** A list of members, or since 3.1 an object with one. */
  team: z.unknown().optional(),
  slaProperties: listOf(z.object({ property: z.string(), value: z.unknown(), unit: text, element: text })),
  authoritativeDefinitions: listOf(z.object({ url: text, type: text })),
  customProperties: listOf(z.object({ property: z.string(), value: z.unknown() })),
});
export type DataContract = z.infer<typeof DataContract>;

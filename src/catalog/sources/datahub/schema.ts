import { z } from 'zod';
import { listOf, object, optional, text } from '../../meta/fields.js';
import { isPlainObject } from '../../meta/values.js';

const properties = optional(
  z.object({
    name: text,
    qualifiedName: text,
    description: text,
    externalUrl: text,
    customProperties: listOf(z.object({ key: z.string(), value: z.string().nullish() })),
  }),
);

const Owner = z.object({
  owner: z.object({ username: text, name: text, properties: object }),
});

const tags = optional(
  z.object({
    tags: listOf(z.object({ tag: z.object({ name: z.string(), properties: object }) })),
  }),
);

const Field = z.object({ fieldPath: z.string(), nativeDataType: text, description: text, tags });

/** An entity as our query asks for it; which fields are there depends on its type. */
export const Entity = z.object({
  urn: z.string(),
  type: z.enum(['DATASET', 'GLOSSARY_TERM', 'DASHBOARD']),
  name: text,
  hierarchicalName: text,
  tool: text,
  status: object,
  platform: object,
  properties,
  termProperties: properties,
  dashboardProperties: properties,
  editableProperties: object,
  editableSchemaMetadata: optional(
    z.object({
      editableSchemaFieldInfo: listOf(z.object({ fieldPath: z.string(), description: text, tags })),
    }),
  ),
  schemaMetadata: optional(z.object({ fields: listOf(Field) })),
  ownership: optional(z.object({ owners: listOf(Owner) })),
  tags,
  glossaryTerms: optional(z.object({ terms: listOf(z.object({ term: z.object({ properties: object }) })) })),
  domain: optional(z.object({ domain: z.object({ properties: object }) })),
  deprecation: object,
  upstream: optional(
    z.object({ relationships: listOf(z.object({ entity: z.object({ urn: z.string() }) })) }),
  ),
});
export type Entity = z.infer<typeof Entity>;

/** Answer to `scrollQuery`. GraphQL reports failures beside a 200. */
export const ScrollAnswer = z.object({
  errors: z.array(z.object({ message: z.string() })).nullish(),
  data: z
    .object({
      scrollAcrossEntities: z
        .object({
          nextScrollId: z.string().nullish(),
          searchResults: z
            .array(z.unknown())
            .nullish()
            .transform((results) => ({
              count: results?.length ?? 0,
              // GraphQL puts null where something failed.
              lost: (results ?? []).filter((result) => !isPlainObject(result) || result.entity === null)
                .length,
              readable: listOf(z.object({ entity: Entity })).parse(results),
            })),
        })
        .nullish(),
    })
    .nullish(),
});
export type ScrollAnswer = z.infer<typeof ScrollAnswer>;

import { z } from 'zod';
import { listOf, object, text, texts } from '../../meta/fields.js';
import { present } from '../../meta/meta-facts.js';
import { asText, asTexts, isPlainObject } from '../../meta/values.js';

/** `ai_context` is a sentence, or an object with instructions, synonyms and examples. */
const aiContext = z
  .unknown()
  .optional()
  .transform((value) => {
    if (!isPlainObject(value)) return { synonyms: [], words: asTexts(value) };
    return {
      synonyms: asTexts(value.synonyms, { split: true }),
      words: [...asTexts(value.instructions), ...asTexts(value.examples)],
    };
  });

/** Vendors put their own facts in as JSON inside a string. What is no JSON says nothing. */
const extensions = listOf(z.object({ vendor_name: z.string(), data: z.unknown() })).transform((list) =>
  Object.fromEntries(
    list.map(({ vendor_name: vendor, data }) => {
      if (typeof data !== 'string') return [vendor, data];
      try {
        return [vendor, JSON.parse(data)];
      } catch {
        return [vendor, undefined];
      }
    }),
  ),
);

/** Standard SQL before a vendor's. The dialect list may stand directly under `expression`, as early texts of the draft have it. */
const expression = z
  .unknown()
  .optional()
  .transform((value): string | undefined => {
    if (typeof value === 'string') return asText(value);
    const dialects = isPlainObject(value) ? value.dialects : value;
    if (!Array.isArray(dialects)) return undefined;
    const written = dialects.filter(isPlainObject);
    return asText((written.find((each) => each.dialect === 'ANSI_SQL') ?? written[0])?.expression);
  });

const Field = z.object({
  name: z.string().min(1),
  expression,
  label: text,
  description: text,
  datatype: text,
  dimension: object,
  ai_context: aiContext,
});

const Dataset = z.object({
  name: z.string().min(1),
  source: text,
  description: text,
  fields: listOf(Field),
  ai_context: aiContext,
  custom_extensions: extensions,
});

const Metric = z.object({
  name: z.string().min(1),
  expression,
  description: text,
  datatype: text,
  ai_context: aiContext,
  custom_extensions: extensions,
});

const SemanticModel = z.object({
  name: z.string().min(1),
  description: text,
  datasets: listOf(Dataset),
  metrics: listOf(Metric),
  ai_context: aiContext,
  custom_extensions: extensions,
});
export type SemanticModel = z.infer<typeof SemanticModel>;

/** A concept of an ontology, the other thing a 0.2 document may hold. */
const Concept = z.object({
  concept: z.string().min(1),
  description: text,
  type: text,
  extends: texts,
  ai_context: aiContext,
});
export type Concept = z.infer<typeof Concept>;

/** A document of Ossie (draft 0.2) or of its forerunner OSI 0.1, which has no version. */
export const OssieDocument = z
  .object({
    version: text,
    semantic_model: z
      .unknown()
      .optional()
      .transform((value) => (isPlainObject(value) ? [value] : value))
      .pipe(listOf(SemanticModel)),
    ontology: listOf(Concept),
    ontology_mappings: listOf(z.object({ semantic_model: SemanticModel })),
  })
  .transform((document) => ({
    ...present({ version: document.version }),
    models: [
      ...document.semantic_model,
      ...document.ontology_mappings.map((mapping) => mapping.semantic_model),
    ],
    concepts: document.ontology,
  }));

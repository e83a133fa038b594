import { z } from 'zod';
import { listOf, object, text } from '../../meta/fields.js';

const Dataset = z.object({
  namespace: z.string(),
  name: z.string().min(1),
  facets: object,
  inputFacets: object,
  outputFacets: object,
});
export type Dataset = z.infer<typeof Dataset>;

const Job = z.object({ namespace: z.string(), name: z.string().min(1), facets: object });
export type Job = z.infer<typeof Job>;

/** A RunEvent, JobEvent or DatasetEvent of the OpenLineage specification, 2-0-2. */
export const Event = z.object({
  eventType: text,
  eventTime: z.string(),
  run: z.object({ runId: z.string(), facets: object }).optional(),
  job: Job.optional(),
  dataset: Dataset.optional(),
  inputs: listOf(Dataset),
  outputs: listOf(Dataset),
});
export type Event = z.infer<typeof Event>;

/** Columns of a dataset, `facets.schema`. */
export const SchemaFacet = z.object({
  fields: listOf(z.object({ name: z.string(), type: text, description: text })),
});

/** Checks that a job made, `inputFacets.dataQualityAssertions`. */
export const AssertionsFacet = z.object({
  assertions: listOf(z.object({ assertion: z.string(), success: z.boolean(), column: text })),
});

/** `facets.ownership`. */
export const OwnershipFacet = z.object({ owners: listOf(z.object({ name: z.string(), type: text })) });

/** Other names of a dataset, `facets.symlinks`: the table that a folder of files is known as. */
export const SymlinksFacet = z.object({
  identifiers: listOf(z.object({ namespace: text, name: z.string().min(1), type: text })),
});

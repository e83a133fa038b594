import { z } from 'zod';
import { oneOrMany, optionalText } from '../reading.js';

const assertion = z.object({
  assertion: z.string(),
  success: z.boolean(),
  column: optionalText,
  severity: optionalText,
});
const assertions = z.object({ assertions: z.array(assertion).catch([]) }).optional();

const input = z.object({
  namespace: z.string(),
  name: z.string(),
  facets: z.object({ dataQualityAssertions: assertions }).nullish(),
  inputFacets: z.object({ dataQualityAssertions: assertions }).nullish(),
});
const output = z.object({ namespace: z.string(), name: z.string() });

/** A RunEvent (spec 2-0-2) as far as failures are concerned. `eventTime` may lack its zone: then UTC. */
export const runEvent = z.object({
  eventType: z.string().nullish(),
  eventTime: z.string(),
  run: z.object({
    runId: z.string(),
    facets: z
      .object({
        errorMessage: z.object({ message: z.string() }).optional(),
        parent: z.object({ run: z.object({ runId: z.string() }) }).optional(),
        dbt_run: z.object({ invocation_id: optionalText }).optional(),
      })
      .nullish(),
  }),
  job: z.object({ namespace: z.string(), name: z.string() }),
  inputs: z.array(input).catch([]),
  outputs: z.array(output).catch([]),
});
export type RunEvent = z.infer<typeof runEvent>;

/** One event, or a list of them. */
export const openLineageBody = oneOrMany(runEvent, 'events');

import { z } from 'zod';
import { secretRef } from '../../../config/schema-values.js';
import { optionalText, text } from '../reading.js';

/** docs.getdbt.com/docs/deploy/webhooks: `job.run.started`, `.completed`, `.errored`. */
export const dbtCloudEvent = z.object({
  accountId: text,
  eventId: z.string(),
  timestamp: z.string(),
  eventType: z.string(),
  data: z.object({
    jobId: text,
    jobName: z.string().default(''),
    runId: text,
    environmentName: optionalText,
    projectName: optionalText,
    runStatus: optionalText,
    runStatusMessage: optionalText,
    runStartedAt: optionalText,
    runFinishedAt: optionalText,
    runErroredAt: optionalText,
  }),
});

/** `options` of an endpoint: where and as whom the artifacts of a run are fetched; without them the job's own alert is all there is. */
export const dbtCloudOptions = z
  .strictObject({
    apiUrl: z.url({ protocol: /^https?$/ }).optional(),
    apiToken: secretRef.optional(),
  })
  .refine(({ apiUrl, apiToken }) => (apiUrl === undefined) === (apiToken === undefined), {
    error: 'apiUrl and apiToken go together',
  });

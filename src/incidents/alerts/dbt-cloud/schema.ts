import { z } from 'zod';
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

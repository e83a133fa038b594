import { z } from 'zod';
import { secretRef } from '../../../config/schema-values.js';

/** `incidents.pagers` entry: Events v2 for pages; the REST token only for on-call look-ups. */
export const pagerDutyEntry = z.strictObject({
  type: z.literal('pagerduty'),
  name: z.string(),
  routingKey: secretRef,
  apiToken: secretRef.optional(),
  eventsUrl: z.string().default('https://events.pagerduty.com/v2'),
  apiUrl: z.string().default('https://api.pagerduty.com'),
});

export const onCallsBody = z.object({
  oncalls: z.array(
    z.object({
      escalation_level: z.number(),
      user: z.object({ id: z.string(), summary: z.string().nullish(), email: z.string().nullish() }),
    }),
  ),
});

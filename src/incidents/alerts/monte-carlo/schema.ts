import { z } from 'zod';
import { optionalText } from '../reading.js';

const hit = z.object({ measurement_timestamp: z.string().nullish() });
const eventRow = z.object({
  table_name: optionalText,
  event_details: optionalText.catch(null),
  data: z
    .object({ metric_display_name: optionalText, hits: z.array(hit).catch([]) })
    .nullish()
    .catch(null),
});

/** docs.getmontecarlo.com/docs/webhooks, version v0.1. Severity, owner and feedback come later, with the same incident_id. */
export const monteCarloEvent = z.object({
  type: z.string(),
  version: optionalText,
  action: optionalText,
  payload: z.object({
    incident_id: z.string(),
    url: optionalText,
    event_list: z.array(eventRow).catch([]),
    rule: z
      .object({ uuid: optionalText, description: optionalText, rule_type: optionalText })
      .nullish()
      .catch(null),
    alert_feedback: optionalText,
    declared_alert_severity: optionalText,
    owner: z
      .union([z.string(), z.object({ email: z.string() }).transform(({ email }) => email)])
      .nullish()
      .catch(null),
    created_time: optionalText,
    event_created_time: optionalText,
  }),
});
export type MonteCarloEvent = z.infer<typeof monteCarloEvent>;

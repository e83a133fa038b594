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

/** What an update adds. The page lists these fields without saying where they stand: both places are read. */
const news = {
  alert_feedback: optionalText,
  declared_alert_severity: optionalText,
  owner: z
    .union([z.string(), z.object({ email: z.string() }).transform(({ email }) => email)])
    .nullish()
    .catch(null),
};

/**
 * docs.getmontecarlo.com/docs/webhooks, version v0.1. Severity, owner and feedback come later, with the same incident_id. Nothing is sent
 * when a monitor is quiet again: an alert is over once a person has said so (`alert_feedback`).
 */
export const monteCarloEvent = z.object({
  type: z.string(),
  version: optionalText,
  action: optionalText,
  ...news,
  payload: z.object({
    ...news,
    incident_id: z.string(),
    /** `<database>:<schema>` of what is in `event_list`. */
    group_id: optionalText,
    url: optionalText,
    event_list: z.array(eventRow).catch([]),
    rule: z
      .object({ uuid: optionalText, description: optionalText, rule_type: optionalText })
      .nullish()
      .catch(null),
    created_time: optionalText,
    event_created_time: optionalText,
  }),
});
export type MonteCarloEvent = z.infer<typeof monteCarloEvent>;

import { z } from 'zod';
import { optionalText } from '../reading.js';

/** The template we document for Dagster+'s webhook (docs/incidents.md): its tokens under their own names. */
export const dagsterEvent = z.object({
  notification_type: optionalText,
  alert_policy_name: optionalText,
  alert_summary: optionalText,
  alert_content: optionalText,
  is_sample: z
    .union([z.boolean(), z.string().transform((value) => value.toLowerCase() === 'true')])
    .nullish(),
  job_name: optionalText,
  run_id: optionalText,
  run_link: optionalText,
  run_status: optionalText,
  failure_message: optionalText,
  partition_name: optionalText,
  asset_key: optionalText,
  asset_name: optionalText,
  health_status: optionalText,
  checks_status: optionalText,
  freshness_status: optionalText,
  materialization_status: optionalText,
  start_time: optionalText,
  end_time: optionalText,
  user_email: optionalText,
});

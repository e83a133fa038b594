import { z } from 'zod';
import { oneOrMany, optionalText } from '../reading.js';

const names = z
  .union([z.array(z.string()), z.string().transform((value) => value.split(/\s*,\s*/).filter(Boolean))])
  .nullish();

/** Elementary's pending alert, as its file sink writes it (elementary/monitor/fetchers/alerts/schema). */
export const elementaryAlert = z.object({
  id: z.string(),
  alert_class_id: optionalText,
  type: z.string(),
  detected_at: z.string(),
  data: z.object({
    model_unique_id: optionalText,
    database_name: optionalText,
    schema_name: optionalText,
    table_name: optionalText,
    owners: names,
    status: z.string(),
    severity: optionalText,
    test_unique_id: optionalText,
    test_name: optionalText,
    test_short_name: optionalText,
    test_type: optionalText,
    column_name: optionalText,
    test_results_description: optionalText,
    elementary_unique_id: optionalText,
    alias: optionalText,
    message: optionalText,
    source_name: optionalText,
    max_loaded_at: optionalText,
    error_description: optionalText,
    job_run_id: optionalText,
    job_url: optionalText,
  }),
});
export type ElementaryAlert = z.infer<typeof elementaryAlert>;

/** One alert, a list, or `{alerts: []}`. */
export const elementaryBody = oneOrMany(elementaryAlert, 'alerts');

import { z } from 'zod';
import { oneOrMany, optionalText } from '../reading.js';

const genericAlert = z.object({
  title: z.string().min(1),
  /** `firing` (default) or `resolved`; `state: alerting|ok` is taken too. */
  status: optionalText,
  state: optionalText,
  /** What makes it the same problem again; without it title and asset do. */
  fingerprint: optionalText,
  alert_uid: optionalText,
  kind: optionalText,
  severity: optionalText,
  description: optionalText,
  message: optionalText,
  url: optionalText,
  link_to_upstream_details: optionalText,
  asset: optionalText,
  column: optionalText,
  owner: optionalText,
  /** When it happened. */
  at: optionalText,
  /** When the data went bad, by the data's own timestamps. */
  data_since: optionalText,
  run: optionalText,
});
export type GenericAlert = z.infer<typeof genericAlert>;

/** One alert, a list, or `{alerts: []}`: for anything that can post JSON. */
export const genericBody = oneOrMany(genericAlert, 'alerts');

import { z } from 'zod';
import { looseList, optionalText } from '../reading.js';

/** Go writes an empty map that was never made as null. */
const labels = z
  .record(z.string(), z.coerce.string())
  .nullish()
  .transform((given) => given ?? {});

export const promAlert = z.object({
  status: optionalText,
  labels,
  annotations: labels,
  startsAt: optionalText,
  endsAt: optionalText,
  generatorURL: optionalText,
  fingerprint: optionalText,
  dashboardURL: optionalText,
  panelURL: optionalText,
});
export type PromAlert = z.infer<typeof promAlert>;

/** Alertmanager's webhook, version 4 (template/template.go): documented, no schema is published. */
export const alertmanagerBody = z.object({
  version: optionalText,
  groupKey: z.string(),
  status: z.string(),
  truncatedAlerts: z.number().nullish(),
  alerts: looseList(promAlert),
  commonLabels: labels,
  commonAnnotations: labels,
  externalURL: optionalText,
});
export type AlertmanagerBody = z.infer<typeof alertmanagerBody>;

import { z } from 'zod';
import { looseList, optionalText } from '../reading.js';

const dataset = z.object({
  id: z.string(),
  name: z.string(),
  label: optionalText,
  owner: z.object({ email: optionalText }).nullish(),
  datasource: z.object({ name: optionalText }).nullish(),
});

const checkResult = z.object({
  id: z.string(),
  sodaCloudUrl: optionalText,
  definition: z.string().default(''),
  datasets: z.array(dataset).default([]),
  column: z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]).nullish(),
  outcome: z.string(),
  dataTimestamp: optionalText,
  diagnostics: z.object({ value: z.unknown() }).nullish(),
});
export type SodaCheck = z.infer<typeof checkResult>;

/** docs.soda.io/soda/integrate-webhooks: the events that are about checks. Others are answered and left alone. */
export const sodaEvent = z.object({
  event: z.string(),
  checkResults: looseList(checkResult).optional(),
  incident: z
    .object({
      id: z.string(),
      title: z.string().default(''),
      status: z.string().default(''),
      sodaCloudUrl: optionalText,
      checkResults: looseList(checkResult).optional(),
    })
    .optional(),
});

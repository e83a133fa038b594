import { z } from 'zod';
import { secretRef } from '../../../config/schema-values.js';
import { commonKeys } from '../common-config.js';

/** `executors: [{name, type: prefect, url, token?}]`; the catalog's pipeline is a deployment's id, or `flow/deployment`. */
export const prefectExecutor = z.strictObject({
  ...commonKeys,
  type: z.literal('prefect'),
  /** Up to and with `/api`: `https://prefect.example/api`. */
  url: z.url(),
  token: secretRef.optional(),
  chunkSize: z.number().int().positive().default(1),
  /** Names of the flow's parameters that take the bounds, as ISO times. */
  parameters: z
    .strictObject({ start: z.string().default('partition_start'), end: z.string().default('partition_end') })
    .prefault({}),
});
export type PrefectConfig = z.infer<typeof prefectExecutor>;

export const flowRun = z.looseObject({
  id: z.string(),
  idempotency_key: z.string().nullish(),
  state: z
    .looseObject({
      type: z.string(),
      name: z.string().nullish(),
      message: z.string().nullish(),
      timestamp: z.string().nullish(),
    })
    .nullish(),
});
export type FlowRun = z.infer<typeof flowRun>;
export const deployment = z.looseObject({
  id: z.string(),
  name: z.string(),
  version: z.string().nullish(),
  paused: z.boolean().nullish(),
  updated: z.string().nullish(),
  entrypoint: z.string().nullish(),
});
export const setState = z.looseObject({
  status: z.string(),
  details: z.looseObject({ reason: z.string().nullish() }).nullish(),
});

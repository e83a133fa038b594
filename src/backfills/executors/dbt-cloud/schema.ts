import { z } from 'zod';
import { secretRef } from '../../../config/schema-values.js';
import { commonKeys } from '../common-config.js';

/** `executors: [{name, type: dbt-cloud, accountId, token, jobs}]`; the catalog's pipeline is the model's name. */
export const dbtCloudExecutor = z.strictObject({
  ...commonKeys,
  type: z.literal('dbt-cloud'),
  url: z.url().default('https://cloud.getdbt.com'),
  accountId: z.number().int().positive(),
  token: secretRef,
  /** Job that runs every model not named in `jobs`. Its steps are replaced for our run. */
  jobId: z.number().int().positive().optional(),
  jobs: z.record(z.string(), z.number().int().positive()).default({}),
  chunkSize: z.number().int().positive().default(7),
});
export type DbtCloudConfig = z.infer<typeof dbtCloudExecutor>;

const nothing = z.null().optional();
export const run = z.looseObject({
  id: z.number().int(),
  job_definition_id: z.number().int().nullish(),
  /** 1 queued, 2 starting, 3 running, 10 success, 20 error, 30 cancelled. */
  status: z.number().int(),
  status_message: z.string().nullish(),
  href: z.string().nullish(),
  trigger: z.looseObject({ cause: z.string().nullish() }).or(nothing),
});
export type DbtRun = z.infer<typeof run>;
export const oneRun = z.looseObject({ data: run });
export const runs = z.looseObject({ data: z.array(run) });
export const job = z.looseObject({
  data: z.looseObject({
    id: z.number().int(),
    environment_id: z.number().int().nullish(),
    dbt_version: z.string().nullish(),
    state: z.number().int().nullish(),
  }),
});

import { z } from 'zod';
import { secretRef } from '../../../config/schema-values.js';
import { commonKeys } from '../common-config.js';

const auth = z.discriminatedUnion('type', [
  /** `POST <tokenPath>` with username and password gives a JWT: the simple and FAB auth managers of Airflow 3. */
  z.strictObject({
    type: z.literal('password'),
    username: z.string(),
    password: secretRef,
    tokenPath: z.string().default('/auth/token'),
  }),
  /** Keycloak auth manager: client credentials at its own token endpoint. */
  z.strictObject({
    type: z.literal('client-credentials'),
    clientId: z.string(),
    clientSecret: secretRef,
    tokenPath: z.string().default('/auth/token/client-credentials'),
  }),
  /** A token made elsewhere (Astronomer, MWAA proxies). */
  z.strictObject({ type: z.literal('bearer'), token: secretRef }),
  /** Airflow 2 with the basic-auth backend. */
  z.strictObject({ type: z.literal('basic'), username: z.string(), password: secretRef }),
]);
export type AirflowAuth = z.infer<typeof auth>;

/** `executors: [{name, type: airflow, url, version, mode, auth}]`; the catalog's pipeline is the DAG id. */
export const airflowExecutor = z
  .strictObject({
    ...commonKeys,
    type: z.literal('airflow'),
    url: z.url(),
    version: z.union([z.literal(2), z.literal(3)]).default(3),
    /** `dag-runs`: one run per partition, ours to order. `backfills`: Airflow's own backfill per chunk (3 only). */
    mode: z.enum(['dag-runs', 'backfills']).default('dag-runs'),
    chunkSize: z.number().int().positive().default(31),
    auth,
  })
  .refine((config) => config.mode === 'dag-runs' || config.version === 3, {
    message: 'Airflow 2 has no backfills in its API: use mode dag-runs',
    path: ['mode'],
  });
export type AirflowConfig = z.infer<typeof airflowExecutor>;

/** Answers, as far as they are read. Times are nullable in both versions. */
const time = z.string().nullish();
export const dagRun = z.looseObject({
  dag_run_id: z.string(),
  logical_date: time,
  execution_date: time,
  state: z.enum(['queued', 'running', 'success', 'failed']),
  start_date: time,
  end_date: time,
  run_type: z.string().optional(),
  note: z.string().nullish(),
  conf: z.record(z.string(), z.unknown()).nullish(),
});
export type DagRun = z.infer<typeof dagRun>;
export const dagRuns = z.looseObject({ dag_runs: z.array(dagRun) });
export const dag = z.looseObject({
  dag_id: z.string(),
  is_paused: z.boolean().nullish(),
  has_import_errors: z.boolean().nullish(),
  timetable_summary: z.string().nullish(),
  timetable_description: z.string().nullish(),
  allowed_run_types: z.array(z.string()).nullish(),
  bundle_version: z.string().nullish(),
});
export const backfill = z.looseObject({
  id: z.number().int(),
  dag_id: z.string(),
  completed_at: time,
  dag_run_conf: z.record(z.string(), z.unknown()).nullish(),
});
export type AirflowBackfill = z.infer<typeof backfill>;
export const backfills = z.looseObject({ backfills: z.array(backfill) });
export const dryRun = z.looseObject({ total_entries: z.number().int() });
export const taskInstances = z.looseObject({ total_entries: z.number().int() });
export const token = z.looseObject({ access_token: z.string().min(1) });

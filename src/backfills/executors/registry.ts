import { airflow } from './airflow/index.js';
import { dagster } from './dagster/index.js';
import { dbtCloud } from './dbt-cloud/index.js';
import type { RegisteredExecutor } from './executor.js';
import { postgres } from './postgres/index.js';
import { prefect } from './prefect/index.js';
import { webhook } from './webhook/index.js';

/** Every kind of executor. One line each. */
export const executorConnectors: readonly RegisteredExecutor[] = [
  postgres,
  airflow,
  dagster,
  prefect,
  dbtCloud,
  webhook,
];

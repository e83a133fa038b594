import { airflow } from './airflow/index.js';
import type { AlertSource } from './alert.js';
import { alertmanager } from './alertmanager/index.js';
import { dagster } from './dagster/index.js';
import { dbtCloud } from './dbt-cloud/index.js';
import { dbtRunResults } from './dbt-run-results/index.js';
import { elementary } from './elementary/index.js';
import { generic } from './generic/index.js';
import { grafana } from './grafana/index.js';
import { greatExpectations } from './great-expectations/index.js';
import { monteCarlo } from './monte-carlo/index.js';
import { openLineage } from './openlineage/index.js';
import { pagerDuty } from './pagerduty/index.js';
import { soda } from './soda/index.js';

/** Every source of alerts. A new one is a folder beside these and one line here. */
export const alertSources: readonly AlertSource[] = [
  dbtRunResults,
  dbtCloud,
  elementary,
  greatExpectations,
  soda,
  monteCarlo,
  airflow,
  dagster,
  alertmanager,
  grafana,
  pagerDuty,
  openLineage,
  generic,
];

export function alertSource(type: string): AlertSource | null {
  return alertSources.find((source) => source.type === type) ?? null;
}

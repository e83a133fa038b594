import type { AssetDraft, Partition } from '../asset.js';
import { firstValue, type MetaLayer } from './layers.js';
import { asText, isPlainObject } from './values.js';

const grains = {
  hour: 'hour',
  hourly: 'hour',
  day: 'day',
  daily: 'day',
  month: 'month',
  monthly: 'month',
} as const;

export function asPartitionGrain(value: unknown): Partition['grain'] | undefined {
  const word = asText(value)?.toLowerCase();
  return Object.entries(grains).find(([name]) => name === word)?.[1];
}

/** The pipeline that fills a table: `executor: {name, pipeline}`, or `executor: airflow` beside `pipeline: daily_orders`. */
export function executorOf(layers: readonly MetaLayer[]): AssetDraft['executor'] {
  const value = firstValue(layers, ['executor', 'orchestrator']);
  const details = isPlainObject(value) ? value : {};
  const name = asText(isPlainObject(value) ? (details.name ?? details.type) : value);
  const pipeline =
    asText(details.pipeline ?? details.dag ?? details.dag_id ?? details.job ?? details.deployment) ??
    asText(firstValue(layers, ['pipeline', 'dag_id', 'dag', 'job_name', 'deployment']));
  return name === undefined || pipeline === undefined ? undefined : { name, pipeline };
}

/** How a table is cut into partitions. Without a column and a grain there is nothing to backfill by. */
export function partitionOf(layers: readonly MetaLayer[]): Partition | undefined {
  const value = firstValue(layers, ['partition', 'partitioning', 'partition_by', 'partitioned_by']);
  if (!isPlainObject(value)) return undefined;
  const column = asText(value.column ?? value.field ?? value.key);
  const grain = asPartitionGrain(
    value.grain ?? value.granularity ?? (value.data_type === 'date' ? 'day' : undefined),
  );
  if (column === undefined || grain === undefined) return undefined;
  const retentionDays = Number(value.retention_days ?? value.retentionDays ?? Number.NaN);
  return {
    grain,
    column,
    timeZone: asText(value.time_zone ?? value.timeZone ?? value.timezone) ?? 'UTC',
    ...(Number.isFinite(retentionDays) && retentionDays > 0 ? { retentionDays } : {}),
  };
}

import {
  defineExecutor,
  type Executor,
  type ExecutorContext,
  type PartitionStanding,
  type PreviewAsk,
} from '../executor.js';
import { type AirflowClient, makeAirflowClient } from './client.js';
import { dagRunParts, dateOf } from './dag-runs.js';
import { ownBackfillParts } from './own-backfills.js';
import { type AirflowConfig, airflowExecutor, type DagRun, dryRun } from './schema.js';

/** Airflow 3 (dag runs, or its own backfills) and Airflow 2 (dag runs and clear). */
export const airflow = defineExecutor({ type: 'airflow', config: airflowExecutor, make });

function make(config: AirflowConfig, context: ExecutorContext): Executor {
  const client = makeAirflowClient(config, context);
  const own = config.mode === 'backfills';
  return {
    name: config.name,
    type: 'airflow',
    maxRunning: config.maxRunning,
    maxPerPipeline: own ? 1 : config.maxPerPipeline,
    chunkSize: own ? config.chunkSize : 1,
    // A dag_run_id and a logical date exist once; a backfill takes no id of ours.
    startsOnce: !own,
    cancelReach: own
      ? 'queued runs are dropped, running ones go on'
      : 'the DAG run is marked failed, its tasks are stopped by Airflow',
    appearsWithinMs: config.appearsWithin,
    stallAfterMs: config.stallAfter,
    ...(config.costPerHour === undefined ? {} : { costPerHour: config.costPerHour }),
    ...(config.version === 2 ? { noDryRun: 'Airflow 2 has no dry run of a backfill' } : {}),
    ...(own ? ownBackfillParts(config, client) : dagRunParts(config, client)),
    async preview(ask) {
      const facts = await client.facts(ask.pipeline);
      const standing = await standingOf(client, ask);
      const first = ask.slices[0];
      const last = ask.slices.at(-1);
      if (config.version === 2 || first === undefined || last === undefined) return { facts, standing };
      const dry = await client.call({
        method: 'POST',
        path: `${client.api}/backfills/dry_run`,
        body: {
          dag_id: ask.pipeline,
          from_date: first.start.toISOString(),
          to_date: last.start.toISOString(),
          run_backwards: ask.direction === 'backward',
          reprocess_behavior:
            ask.reprocess === 'missing' ? 'none' : ask.reprocess === 'failed' ? 'failed' : 'completed',
          max_active_runs: ask.concurrency,
        },
        answer: dryRun,
        harmless: true,
      });
      if (dry.ok)
        return {
          facts,
          standing,
          dryRun: `Airflow would make ${dry.body.total_entries} run${dry.body.total_entries === 1 ? '' : 's'} for ${ask.slices.length} partition${ask.slices.length === 1 ? '' : 's'}`,
        };
      return {
        facts: {
          ...facts,
          warnings: [...facts.warnings, `Airflow's dry run says no: ${dry.detail} (${dry.status}).`],
        },
        standing,
      };
    },
  };
}

async function standingOf(client: AirflowClient, ask: PreviewAsk): Promise<Map<string, PartitionStanding>> {
  const found = new Map<string, PartitionStanding>();
  const first = ask.slices[0];
  const last = ask.slices.at(-1);
  if (first === undefined || last === undefined) return found;
  const byDate = new Map<number, DagRun>();
  for (const run of await client.runsBetween(ask.pipeline, first.start, last.start))
    byDate.set(dateOf(run), run);
  for (const slice of ask.slices) {
    const run = byDate.get(slice.start.getTime());
    const state =
      run === undefined
        ? 'missing'
        : run.state === 'success'
          ? 'present'
          : run.state === 'failed'
            ? 'failed'
            : 'running';
    found.set(slice.key, { state });
  }
  return found;
}

import { z } from 'zod';
import type { PartitionSlice } from '../../partition.js';
import {
  type ChunkStart,
  type Executor,
  ExecutorRefusedError,
  ExecutorUnavailableError,
  type RunHandle,
  type RunStanding,
} from '../executor.js';
import { must } from '../http.js';
import type { AirflowClient } from './client.js';
import { type AirflowConfig, type DagRun, dagRun } from './schema.js';

const anything = z.unknown();

type Parts = Pick<Executor, 'find' | 'start' | 'standing' | 'cancel'>;

/**
 * One DAG run per partition. A partition that was built before has a run with its logical date already (one is allowed per
 * date): that run is cleared, after our key was written into its note, so that a lost answer is recognised.
 */
export function dagRunParts(config: AirflowConfig, client: AirflowClient): Parts {
  const urlOf = (dagId: string, runId: string): string =>
    config.version === 3
      ? `${config.url.replace(/\/$/, '')}/dags/${encodeURIComponent(dagId)}/runs/${encodeURIComponent(runId)}`
      : `${config.url.replace(/\/$/, '')}/dags/${encodeURIComponent(dagId)}/grid?dag_run_id=${encodeURIComponent(runId)}`;
  const handleOf = (start: ChunkStart, runId: string): RunHandle => ({
    externalId: runId,
    url: urlOf(start.pipeline, runId),
  });

  async function atDate(start: ChunkStart): Promise<DagRun | undefined> {
    const slice = sliceOf(start);
    const runs = await client.runsBetween(start.pipeline, slice.start, slice.start);
    return runs.find((run) => dateOf(run) === slice.start.getTime());
  }

  async function find(start: ChunkStart): Promise<RunHandle | null> {
    const own = await client.run(start.pipeline, start.key);
    if (own !== null) return handleOf(start, own.dag_run_id);
    const run = await atDate(start);
    if (run === undefined || !marked(run, start.key)) return null;
    const again = run.state === 'queued' || run.state === 'running' || !endedAsBefore(run, start.key);
    return again ? handleOf(start, run.dag_run_id) : null;
  }

  async function clear(start: ChunkStart, run: DagRun): Promise<RunHandle> {
    if (run.state === 'queued' || run.state === 'running') {
      throw new ExecutorUnavailableError(
        `A run of ${start.pipeline} for ${sliceOf(start).key} is ${run.state} in Airflow already; this one waits until it is over.`,
        60_000,
      );
    }
    const path = client.runPath(start.pipeline, run.dag_run_id);
    const note = `${start.key} after ${run.end_date ?? 'nothing'} (${start.reference})`;
    if (config.version === 3) {
      await must(
        'Airflow',
        client.call({
          method: 'PATCH',
          path,
          body: { note },
          answer: anything,
          harmless: true,
        }),
      );
    } else {
      await must(
        'Airflow',
        client.call({
          method: 'PATCH',
          path: `${path}/setNote`,
          body: { note },
          answer: anything,
          harmless: true,
        }),
      );
    }
    await must(
      'Airflow',
      client.call({ method: 'POST', path: `${path}/clear`, body: { dry_run: false }, answer: anything }),
    );
    return handleOf(start, run.dag_run_id);
  }

  async function start(start: ChunkStart): Promise<RunHandle> {
    const slice = sliceOf(start);
    const existing = await atDate(start);
    if (existing !== undefined) return clear(start, existing);
    const answer = await client.call({
      method: 'POST',
      path: `${client.dagPath(start.pipeline)}/dagRuns`,
      body: {
        dag_run_id: start.key,
        logical_date: slice.start.toISOString(),
        data_interval_start: slice.start.toISOString(),
        data_interval_end: slice.end.toISOString(),
        conf: { steward: { key: start.key, backfill: start.reference, partition: slice.key } },
        note: `Backfill ${start.reference} by Steward`,
      },
      answer: dagRun,
    });
    if (answer.ok) return handleOf(start, answer.body.dag_run_id);
    if (answer.status === 409) {
      // Ours, of a start whose answer was lost, or somebody's that came in between.
      const found = await find(start);
      if (found !== null) return found;
      const other = await atDate(start);
      if (other !== undefined) return clear(start, other);
      throw new ExecutorUnavailableError(
        `Airflow says that this run exists already, but does not show it. It is looked for again.`,
        30_000,
      );
    }
    throw new ExecutorRefusedError(
      `Airflow refused to run ${start.pipeline} for ${slice.key}: ${answer.detail} (${answer.status}).`,
    );
  }

  return {
    find,
    start,
    async standing(handle, start): Promise<RunStanding> {
      const run = await client.run(start.pipeline, handle.externalId);
      const url = urlOf(start.pipeline, handle.externalId);
      if (run === null) return { state: 'failed', error: 'The run was deleted in Airflow.', url };
      if (run.state === 'queued' || run.state === 'running') return { state: run.state };
      // A run that was marked failed may have tasks that have not stopped yet.
      if (run.state === 'failed' && (await client.runningTasks(start.pipeline, handle.externalId)) > 0)
        return { state: 'cancelling' };
      return run.state === 'success'
        ? { state: 'succeeded', url }
        : { state: 'failed', error: `The DAG run ${handle.externalId} failed.`, url };
    },
    async cancel(handle, start) {
      await must(
        'Airflow',
        client.call({
          method: 'PATCH',
          path: client.runPath(start.pipeline, handle.externalId),
          body: { state: 'failed' },
          answer: anything,
          harmless: true,
        }),
      );
      const left = await client.runningTasks(start.pipeline, handle.externalId);
      return left === 0
        ? { stopped: true, words: 'The DAG run was marked failed; no task of it runs.' }
        : {
            stopped: false,
            words: `The DAG run was marked failed; ${left} task${left === 1 ? '' : 's'} of it still run${left === 1 ? 's' : ''} until Airflow has stopped ${left === 1 ? 'it' : 'them'}.`,
          };
    },
  };
}

function sliceOf(start: ChunkStart): PartitionSlice {
  const slice = start.slices[0];
  if (slice === undefined || start.slices.length !== 1)
    throw new ExecutorRefusedError('A DAG run builds exactly one partition.');
  return slice;
}

export function dateOf(run: DagRun): number {
  return Date.parse(run.logical_date ?? run.execution_date ?? '');
}

function marked(run: DagRun, key: string): boolean {
  return run.note?.startsWith(`${key} `) ?? false;
}

/** The note says when the run had ended before we cleared it: unchanged, it was not cleared yet. */
function endedAsBefore(run: DagRun, key: string): boolean {
  return run.note?.startsWith(`${key} after ${run.end_date ?? 'nothing'} `) ?? false;
}

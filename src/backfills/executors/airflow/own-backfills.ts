import { z } from 'zod';
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
import { type AirflowBackfill, type AirflowConfig, backfill, backfills } from './schema.js';

const reprocess = { all: 'completed', failed: 'failed', missing: 'none' } as const;

type Parts = Pick<Executor, 'find' | 'start' | 'standing' | 'cancel'>;

/**
 * Airflow 3's own backfill, one per chunk and one at a time per DAG. It takes no id of ours: the key rides in `dag_run_conf`,
 * and a start first looks for it. Its "completed" says that no more runs are made, not that none runs.
 */
export function ownBackfillParts(config: AirflowConfig, client: AirflowClient): Parts {
  const path = `${client.api}/backfills`;
  const urlOf = (start: ChunkStart): string =>
    `${config.url.replace(/\/$/, '')}/dags/${encodeURIComponent(start.pipeline)}/backfills`;
  const handleOf = (start: ChunkStart, found: AirflowBackfill): RunHandle => ({
    externalId: String(found.id),
    url: urlOf(start),
  });

  async function all(dagId: string): Promise<AirflowBackfill[]> {
    const page = await must(
      'Airflow',
      client.call({
        method: 'GET',
        path,
        query: { dag_id: dagId, limit: 100, order_by: '-id' },
        answer: backfills,
      }),
    );
    return page.backfills;
  }

  async function find(start: ChunkStart): Promise<RunHandle | null> {
    const found = (await all(start.pipeline)).find((one) => one.dag_run_conf?.steward_key === start.key);
    return found === undefined ? null : handleOf(start, found);
  }

  return {
    find,
    async start(start) {
      const { from, to } = boundsOf(start);
      const answer = await client.call({
        method: 'POST',
        path,
        body: {
          dag_id: start.pipeline,
          from_date: from.toISOString(),
          to_date: to.toISOString(),
          run_backwards: start.direction === 'backward',
          dag_run_conf: { steward_key: start.key, steward_backfill: start.reference },
          reprocess_behavior: reprocess[start.reprocess],
          max_active_runs: start.concurrency,
        },
        answer: backfill,
      });
      if (answer.ok) return handleOf(start, answer.body);
      if (answer.status === 409) {
        const found = await find(start);
        if (found !== null) return found;
        throw new ExecutorUnavailableError(
          `Airflow runs another backfill of ${start.pipeline}, and only one at a time; this one waits until it is over.`,
          60_000,
        );
      }
      throw new ExecutorRefusedError(
        `Airflow refused the backfill of ${start.pipeline}: ${answer.detail} (${answer.status}).`,
      );
    },
    async standing(handle, start): Promise<RunStanding> {
      const answer = await client.call({
        method: 'GET',
        path: `${path}/${encodeURIComponent(handle.externalId)}`,
        answer: backfill,
      });
      if (!answer.ok)
        return {
          state: 'failed',
          error: `Airflow no longer knows its backfill ${handle.externalId} (${answer.status}).`,
          url: urlOf(start),
        };
      const { from, to } = boundsOf(start);
      const runs = (await client.runsBetween(start.pipeline, from, to)).filter(
        ({ run_type }) => run_type === undefined || run_type === 'backfill',
      );
      const live = runs.filter(({ state }) => state === 'queued' || state === 'running');
      if (live.length > 0) return { state: answer.body.completed_at == null ? 'running' : 'cancelling' };
      if (answer.body.completed_at == null) return { state: 'queued' };
      const failed = runs.filter(({ state }) => state === 'failed');
      if (failed.length > 0) {
        return {
          state: 'failed',
          error: `${failed.length} of ${runs.length} runs failed: ${failed
            .slice(0, 3)
            .map(({ dag_run_id }) => dag_run_id)
            .join(', ')}.`,
          url: urlOf(start),
        };
      }
      if (runs.length === 0)
        return {
          state: 'failed',
          error:
            'Airflow ended the backfill without a run: it skipped every partition (in flight or existing).',
          url: urlOf(start),
        };
      return { state: 'succeeded', url: urlOf(start) };
    },
    async cancel(handle, start) {
      const answer = await client.call({
        method: 'PUT',
        path: `${path}/${encodeURIComponent(handle.externalId)}/cancel`,
        answer: z.unknown(),
        harmless: true,
      });
      // 409: it is completed already; what runs then still runs.
      if (!answer.ok && answer.status !== 409)
        throw new ExecutorRefusedError(`Airflow refused to cancel: ${answer.detail} (${answer.status}).`);
      const { from, to } = boundsOf(start);
      const running = (await client.runsBetween(start.pipeline, from, to)).filter(
        ({ state }) => state === 'running' || state === 'queued',
      );
      return running.length === 0
        ? { stopped: true, words: 'Airflow cancelled its backfill; no run of it is left.' }
        : {
            stopped: false,
            words: `Airflow makes no further runs, but does not stop what runs: ${running
              .slice(0, 3)
              .map(({ dag_run_id }) => dag_run_id)
              .join(', ')}.`,
          };
    },
  };
}

/** Logical dates, both included. */
function boundsOf(start: ChunkStart): { from: Date; to: Date } {
  const first = start.slices[0];
  const last = start.slices.at(-1);
  if (first === undefined || last === undefined)
    throw new ExecutorRefusedError('A chunk without partitions.');
  return { from: first.start, to: last.start };
}

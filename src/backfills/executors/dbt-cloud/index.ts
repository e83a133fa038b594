import { createHash } from 'node:crypto';
import type { PartitionSlice } from '../../partition.js';
import { readSecret } from '../common-config.js';
import {
  type ChunkStart,
  defineExecutor,
  type Executor,
  type ExecutorContext,
  ExecutorRefusedError,
  type RunHandle,
  type RunStanding,
} from '../executor.js';
import { makeHttp, must } from '../http.js';
import { type DbtCloudConfig, type DbtRun, dbtCloudExecutor, job, oneRun, runs } from './schema.js';

/** dbt Cloud jobs: a run of one model over a window, as microbatch flags in UTC. Its API takes no id of ours: the key rides in `cause`. */
export const dbtCloud = defineExecutor({ type: 'dbt-cloud', config: dbtCloudExecutor, make });

function make(config: DbtCloudConfig, context: ExecutorContext): Executor {
  const http = makeHttp({
    system: 'dbt Cloud',
    fetch: context.fetch,
    baseUrl: config.url,
    timeoutMs: config.timeout,
    headers: async () => ({
      authorization: `Bearer ${readSecret(context.secret, config.token, config.name)}`,
    }),
  });
  const account = `/api/v2/accounts/${config.accountId}`;
  const urlOf = (run: DbtRun): string =>
    run.href ?? `${config.url.replace(/\/$/, '')}/deploy/${config.accountId}/runs/${run.id}/`;
  const handleOf = (run: DbtRun): RunHandle => ({ externalId: String(run.id), url: urlOf(run) });

  function jobOf(pipeline: string): number {
    const id = (Object.hasOwn(config.jobs, pipeline) ? config.jobs[pipeline] : undefined) ?? config.jobId;
    if (id === undefined)
      throw new ExecutorRefusedError(
        `${config.name} names no dbt Cloud job for ${pipeline}. Add it to \`jobs\` in steward.yml.`,
      );
    return id;
  }

  async function find(start: ChunkStart): Promise<RunHandle | null> {
    const page = await must(
      'dbt Cloud',
      http.call({
        method: 'GET',
        path: `${account}/runs/`,
        query: {
          job_definition_id: jobOf(start.pipeline),
          order_by: '-id',
          limit: 100,
          include_related: '["trigger"]',
        },
        answer: runs,
      }),
    );
    const mine = page.data.find(({ trigger }) => trigger?.cause?.includes(start.key) ?? false);
    return mine === undefined ? null : handleOf(mine);
  }

  async function look(id: string): Promise<DbtRun | null> {
    const answer = await http.call({
      method: 'GET',
      path: `${account}/runs/${encodeURIComponent(id)}/`,
      answer: oneRun,
    });
    return answer.ok ? answer.body.data : null;
  }

  return {
    name: config.name,
    type: 'dbt-cloud',
    maxRunning: config.maxRunning,
    // A job runs once at a time; further runs queue behind it.
    maxPerPipeline: 1,
    chunkSize: config.chunkSize,
    startsOnce: false,
    cancelReach: 'the run is cancelled; statements already sent to the warehouse may go on',
    appearsWithinMs: config.appearsWithin,
    stallAfterMs: config.stallAfter,
    ...(config.costPerHour === undefined ? {} : { costPerHour: config.costPerHour }),
    find,

    async start(start) {
      const answer = await http.call({
        method: 'POST',
        path: `${account}/jobs/${jobOf(start.pipeline)}/run/`,
        body: {
          cause: `Steward ${start.reference} [${start.key}]`,
          steps_override: [microbatch(start.pipeline, start.slices)],
        },
        answer: oneRun,
      });
      if (answer.ok) return handleOf(answer.body.data);
      throw new ExecutorRefusedError(
        `dbt Cloud refused to run ${start.pipeline}: ${answer.detail} (${answer.status}).`,
      );
    },

    async standing(handle): Promise<RunStanding> {
      const run = await look(handle.externalId);
      if (run === null)
        return { state: 'failed', error: `dbt Cloud no longer knows run ${handle.externalId}.` };
      const url = urlOf(run);
      switch (run.status) {
        case 1:
        case 2:
          return { state: 'queued' };
        case 3:
          return { state: 'running' };
        case 10:
          return { state: 'succeeded', url };
        case 30:
          return { state: 'cancelled' };
        default:
          return {
            state: 'failed',
            error:
              run.status_message?.slice(0, 300) ?? `dbt Cloud ended run ${run.id} with status ${run.status}.`,
            url,
          };
      }
    },

    async cancel(handle) {
      const answer = await http.call({
        method: 'POST',
        path: `${account}/runs/${encodeURIComponent(handle.externalId)}/cancel/`,
        answer: oneRun,
        harmless: true,
      });
      if (!answer.ok)
        throw new ExecutorRefusedError(`dbt Cloud refused to cancel: ${answer.detail} (${answer.status}).`);
      const over = answer.body.data.status >= 10;
      return over
        ? { stopped: true, words: 'dbt Cloud cancelled the run.' }
        : { stopped: false, words: 'dbt Cloud was asked to cancel the run; it has not ended yet.' };
    },

    async preview(ask) {
      const id = jobOf(ask.pipeline);
      const found = await must(
        'dbt Cloud',
        http.call({ method: 'GET', path: `${account}/jobs/${id}/`, answer: job }),
      );
      const command = microbatch(ask.pipeline, ask.slices.slice(0, 1));
      const essence = [id, found.data.environment_id ?? null, found.data.dbt_version ?? null];
      return {
        facts: {
          fingerprint: createHash('sha256').update(JSON.stringify(essence)).digest('hex'),
          warnings: [],
        },
        standing: new Map(),
        dryRun: `Steps like \`${command}\` in job ${id}.`,
      };
    },
  };
}

/** A model's name or path, nothing that a shell or dbt's selector could read as more. */
const selector = /^[A-Za-z0-9_][A-Za-z0-9_.]*$/;

/** Microbatch takes both bounds or none, in UTC (docs.getdbt.com, incremental-microbatch). */
export function microbatch(model: string, slices: readonly PartitionSlice[]): string {
  const first = slices[0];
  const last = slices.at(-1);
  if (!selector.test(model))
    throw new ExecutorRefusedError(
      `“${model.slice(0, 60)}” is no model name for dbt. Correct the catalog's \`executor\`.`,
    );
  if (first === undefined || last === undefined)
    throw new ExecutorRefusedError('A chunk without partitions.');
  return `dbt run --select ${model} --event-time-start "${utc(first.start)}" --event-time-end "${utc(last.end)}"`;
}

function utc(at: Date): string {
  return at.toISOString().slice(0, 19);
}

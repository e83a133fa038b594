import { createHash } from 'node:crypto';
import { z } from 'zod';
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
import {
  deployment,
  type FlowRun,
  flowRun,
  type PrefectConfig,
  prefectExecutor,
  setState,
} from './schema.js';

/** Prefect 3 deployments; the idempotency key makes one start one run (201 made, 200 when it is there already). */
export const prefect = defineExecutor({ type: 'prefect', config: prefectExecutor, make });

function make(config: PrefectConfig, context: ExecutorContext): Executor {
  const http = makeHttp({
    system: 'Prefect',
    fetch: context.fetch,
    baseUrl: config.url,
    timeoutMs: config.timeout,
    headers: async (): Promise<Record<string, string>> =>
      config.token === undefined
        ? {}
        : { authorization: `Bearer ${readSecret(context.secret, config.token, config.name)}` },
  });
  const urlOf = (id: string): string =>
    `${config.url.replace(/\/api\/?$/, '')}/runs/flow-run/${encodeURIComponent(id)}`;
  const handleOf = (run: FlowRun): RunHandle => ({ externalId: run.id, url: urlOf(run.id) });
  const ids = new Map<string, string>();

  async function deploymentOf(pipeline: string) {
    const [flow, name] = pipeline.split('/');
    const path = z.uuid().safeParse(pipeline).success
      ? `/deployments/${pipeline}`
      : `/deployments/name/${encodeURIComponent(flow ?? '')}/${encodeURIComponent(name ?? flow ?? '')}`;
    const answer = await http.call({ method: 'GET', path, answer: deployment });
    if (!answer.ok)
      throw new ExecutorRefusedError(
        `Prefect has no deployment ${pipeline} (${answer.status}). Correct the catalog's \`executor\`.`,
      );
    ids.set(pipeline, answer.body.id);
    return answer.body;
  }

  async function idOf(pipeline: string): Promise<string> {
    return ids.get(pipeline) ?? (await deploymentOf(pipeline)).id;
  }

  async function find(start: ChunkStart): Promise<RunHandle | null> {
    const found = await must(
      'Prefect',
      http.call({
        method: 'POST',
        path: '/flow_runs/filter',
        body: {
          flow_runs: {
            idempotency_key: { any_: [start.key] },
            deployment_id: { any_: [await idOf(start.pipeline)] },
          },
          limit: 2,
        },
        answer: z.array(flowRun),
        harmless: true,
      }),
    );
    const run = found.find(({ idempotency_key }) => idempotency_key === start.key);
    return run === undefined ? null : handleOf(run);
  }

  return {
    name: config.name,
    type: 'prefect',
    maxRunning: config.maxRunning,
    maxPerPipeline: config.maxPerPipeline,
    chunkSize: config.chunkSize,
    startsOnce: true,
    cancelReach:
      'the worker is asked to stop it; Prefect calls it cancelled after 5 minutes even without an answer',
    appearsWithinMs: config.appearsWithin,
    stallAfterMs: config.stallAfter,
    ...(config.costPerHour === undefined ? {} : { costPerHour: config.costPerHour }),
    find,

    async start(start) {
      const first = start.slices[0];
      const last = start.slices.at(-1);
      if (first === undefined || last === undefined)
        throw new ExecutorRefusedError('A chunk without partitions.');
      const answer = await http.call({
        method: 'POST',
        path: `/deployments/${encodeURIComponent(await idOf(start.pipeline))}/create_flow_run`,
        body: {
          name: `${start.reference} ${first.key}`,
          parameters: {
            [config.parameters.start]: first.start.toISOString(),
            [config.parameters.end]: last.end.toISOString(),
          },
          enforce_parameter_schema: true,
          tags: ['steward', start.reference],
          idempotency_key: start.key,
        },
        answer: flowRun,
      });
      if (answer.ok) return handleOf(answer.body);
      throw new ExecutorRefusedError(
        answer.status === 409
          ? `The flow does not take these parameters: ${answer.detail} (409).`
          : `Prefect refused: ${answer.detail} (${answer.status}).`,
      );
    },

    async standing(handle): Promise<RunStanding> {
      const answer = await http.call({
        method: 'GET',
        path: `/flow_runs/${encodeURIComponent(handle.externalId)}`,
        answer: flowRun,
      });
      const url = urlOf(handle.externalId);
      if (!answer.ok)
        return { state: 'failed', error: `Prefect no longer knows the run (${answer.status}).`, url };
      const state = answer.body.state;
      switch (state?.type) {
        case 'COMPLETED':
          return { state: 'succeeded', url };
        case 'FAILED':
        case 'CRASHED':
          return {
            state: 'failed',
            error: state.message?.slice(0, 300) ?? `The flow run ${state.type.toLowerCase()}.`,
            url,
          };
        case 'CANCELLED':
          return { state: 'cancelled' };
        case 'CANCELLING':
          return { state: 'cancelling' };
        case 'RUNNING':
          return { state: 'running' };
        default:
          return { state: 'queued' };
      }
    },

    async cancel(handle) {
      const result = await must(
        'Prefect',
        http.call({
          method: 'POST',
          path: `/flow_runs/${encodeURIComponent(handle.externalId)}/set_state`,
          body: { state: { type: 'CANCELLING', name: 'Cancelling', message: 'Cancelled in Steward' } },
          answer: setState,
          harmless: true,
        }),
      );
      if (result.status === 'ACCEPT')
        return {
          stopped: false,
          words:
            'Prefect asks its worker to stop it; after 5 minutes it is called cancelled even if no worker answered.',
        };
      return {
        stopped: false,
        words: `Prefect did not accept the cancel (${result.status}${result.details?.reason ? `: ${result.details.reason}` : ''}).`,
      };
    },

    async preview(ask) {
      const found = await deploymentOf(ask.pipeline);
      const essence = [found.id, found.version ?? '', found.entrypoint ?? ''];
      return {
        facts: {
          fingerprint: createHash('sha256').update(JSON.stringify(essence)).digest('hex'),
          warnings:
            found.paused === true
              ? [`The deployment ${ask.pipeline} is paused in Prefect: its runs would wait.`]
              : [],
        },
        standing: new Map(),
      };
    },
  };
}

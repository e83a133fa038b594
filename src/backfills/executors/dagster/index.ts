import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { PartitionSlice } from '../../partition.js';
import { readSecret } from '../common-config.js';
import {
  type ChunkStart,
  defineExecutor,
  type Executor,
  type ExecutorContext,
  ExecutorRefusedError,
  type PartitionStanding,
  type RunHandle,
  type RunStanding,
} from '../executor.js';
import { makeHttp, must } from '../http.js';
import { documents } from './documents.js';
import {
  backfillList,
  cancelled,
  type DagsterConfig,
  dagsterExecutor,
  launched,
  one,
  recent,
  statuses,
} from './schema.js';

const keyTag = 'steward/key';
/** A lost start is looked for among the backfills of this time. */
const lookBackSeconds = 3 * 86_400;

/** Dagster's asset backfills over GraphQL. */
export const dagster = defineExecutor({ type: 'dagster', config: dagsterExecutor, make });

function make(config: DagsterConfig, context: ExecutorContext): Executor {
  const base = new URL(config.url);
  const http = makeHttp({
    system: 'Dagster',
    fetch: context.fetch,
    baseUrl: base.origin,
    timeoutMs: config.timeout,
    headers: async (): Promise<Record<string, string>> =>
      config.token === undefined
        ? {}
        : { 'Dagster-Cloud-Api-Token': readSecret(context.secret, config.token, config.name) },
  });
  const urlOf = (id: string): string => `${base.origin}/runs/b/${encodeURIComponent(id)}`;

  async function query<Data>(
    document: string,
    variables: Record<string, unknown>,
    data: z.ZodType<Data>,
    harmless: boolean,
  ): Promise<Data> {
    const answer = z.looseObject({
      data: data.nullish(),
      errors: z.array(z.looseObject({ message: z.string() })).optional(),
    });
    const body = await must(
      'Dagster',
      http.call({
        method: 'POST',
        path: base.pathname,
        body: { query: document, variables },
        answer,
        harmless,
      }),
    );
    // Errors of the request itself (not of the run) come beside or instead of data: nothing was executed.
    if (body.data === null || body.data === undefined)
      throw new ExecutorRefusedError(`Dagster refused: ${body.errors?.[0]?.message ?? 'no reason given'}.`);
    return body.data;
  }

  async function find(start: ChunkStart): Promise<RunHandle | null> {
    const found = await query(
      documents.recent,
      { limit: 200, createdAfter: start.now.getTime() / 1000 - lookBackSeconds },
      recent,
      true,
    );
    const list = found.partitionBackfillsOrError;
    const listed = backfillList.safeParse(list);
    if (!listed.success)
      throw new ExecutorRefusedError(`Dagster does not list its backfills: ${messageOf(list)}.`);
    const mine = listed.data.results.find(({ tags }) =>
      tags.some(({ key, value }) => key === keyTag && value === start.key),
    );
    return mine === undefined ? null : { externalId: mine.id, url: urlOf(mine.id) };
  }

  async function look(id: string) {
    return (await query(documents.one, { id }, one, true)).partitionBackfillOrError;
  }

  return {
    name: config.name,
    type: 'dagster',
    maxRunning: config.maxRunning,
    maxPerPipeline: config.maxPerPipeline,
    chunkSize: config.chunkSize,
    startsOnce: false,
    cancelReach: 'queued runs are dropped, running ones are asked to stop',
    appearsWithinMs: config.appearsWithin,
    stallAfterMs: config.stallAfter,
    ...(config.costPerHour === undefined ? {} : { costPerHour: config.costPerHour }),
    find,

    async start(start) {
      const params = {
        assetSelection: [assetKey(start.pipeline)],
        partitionNames: start.slices.map(dagsterPartition),
        tags: [
          { key: keyTag, value: start.key },
          { key: 'steward/backfill', value: start.reference },
        ],
        title: `Steward ${start.reference}`,
        description: `Asked for in Slack as ${start.reference}`,
      };
      const { launchPartitionBackfill: result } = await query(documents.launch, { params }, launched, false);
      if ('backfillId' in result && typeof result.backfillId === 'string')
        return { externalId: result.backfillId, url: urlOf(result.backfillId) };
      throw new ExecutorRefusedError(`Dagster did not launch it: ${messageOf(result)}.`);
    },

    async standing(handle): Promise<RunStanding> {
      const found = await look(handle.externalId);
      const url = urlOf(handle.externalId);
      if (!('status' in found) || typeof found.status !== 'string')
        return { state: 'failed', error: `Dagster no longer knows it: ${messageOf(found)}.`, url };
      const unfinished =
        'unfinishedRuns' in found && Array.isArray(found.unfinishedRuns) ? found.unfinishedRuns.length : 0;
      switch (found.status) {
        case 'REQUESTED':
          return { state: 'running' };
        case 'CANCELING':
        case 'FAILING':
          return { state: 'cancelling' };
        case 'CANCELED':
          // Runs may outlive the backfill that made them (dagster issues 15013, 8010).
          return unfinished > 0 ? { state: 'cancelling' } : { state: 'cancelled' };
        case 'COMPLETED':
        case 'COMPLETED_SUCCESS': {
          const counts =
            'partitionStatusCounts' in found && Array.isArray(found.partitionStatusCounts)
              ? found.partitionStatusCounts
              : [];
          const failed = counts
            .filter(({ runStatus }) => runStatus === 'FAILURE')
            .reduce((sum, { count }) => sum + count, 0);
          return failed > 0 && found.status === 'COMPLETED'
            ? { state: 'failed', error: `${failed} partitions failed.`, url }
            : { state: 'succeeded', url };
        }
        default: {
          const message = z.looseObject({ error: z.looseObject({ message: z.string() }) }).safeParse(found);
          return unfinished > 0
            ? { state: 'cancelling' }
            : {
                state: 'failed',
                error: message.success
                  ? message.data.error.message.slice(0, 300)
                  : `Dagster says ${found.status}.`,
                url,
              };
        }
      }
    },

    async cancel(handle) {
      const { cancelPartitionBackfill: result } = await query(
        documents.cancel,
        { id: handle.externalId },
        cancelled,
        true,
      );
      if (result.__typename !== 'CancelBackfillSuccess')
        throw new ExecutorRefusedError(`Dagster did not cancel it: ${messageOf(result)}.`);
      const found = await look(handle.externalId);
      const runs = z
        .looseObject({ unfinishedRuns: z.array(z.looseObject({ runId: z.string() })) })
        .safeParse(found);
      const ids = runs.success ? runs.data.unfinishedRuns.map(({ runId }) => runId) : [];
      if (ids.length === 0) return { stopped: true, words: 'Dagster cancelled it; no run of it is left.' };
      await query(documents.terminate, { ids }, z.unknown(), true);
      return { stopped: false, words: `Dagster was asked to stop what runs: ${ids.slice(0, 3).join(', ')}.` };
    },

    async preview(ask) {
      const asset = assetKey(ask.pipeline);
      const names = ask.slices.map(dagsterPartition);
      const data = await query(
        documents.preview,
        { asset, params: { partitionNames: names, assetSelection: [asset] } },
        statuses,
        true,
      );
      if (data.assetNodeOrError.__typename !== 'AssetNode')
        throw new ExecutorRefusedError(
          `Dagster has no asset ${ask.pipeline}. Correct the catalog's \`executor\`.`,
        );
      const targeted = data.assetBackfillPreview.map(
        ({ assetKey: key, partitions }) => `${key.path.join('/')}: ${rangeWords(partitions)}`,
      );
      const essence = [data.assetNodeOrError.id ?? ask.pipeline, data.assetNodeOrError.isPartitioned ?? null];
      return {
        facts: {
          fingerprint: createHash('sha256').update(JSON.stringify(essence)).digest('hex'),
          warnings:
            data.assetNodeOrError.isPartitioned === false
              ? [`${ask.pipeline} has no partitions in Dagster.`]
              : [],
        },
        standing: standingOf(ask.slices, data.assetNodeOrError.assetPartitionStatuses?.ranges),
        dryRun: `Dagster would materialise ${targeted.join('; ')}.`,
      };
    },
  };
}

const rangeStates: Readonly<Record<string, PartitionStanding['state']>> = {
  MATERIALIZED: 'present',
  MATERIALIZING: 'running',
  FAILED: 'failed',
};

/** Time-partitioned assets report ranges; what lies in none of them was never built. Others are unknown. */
function standingOf(
  slices: readonly PartitionSlice[],
  ranges: readonly { startTime: number; endTime: number; status: string }[] | undefined,
): Map<string, PartitionStanding> {
  const found = new Map<string, PartitionStanding>();
  if (ranges === undefined) return found;
  for (const slice of slices) {
    const at = slice.start.getTime() / 1000;
    const range = ranges.find(({ startTime, endTime }) => startTime <= at && at < endTime);
    found.set(slice.key, {
      state: range === undefined ? 'missing' : (rangeStates[range.status] ?? 'unknown'),
    });
  }
  return found;
}

function assetKey(pipeline: string): { path: string[] } {
  return { path: pipeline.split('/') };
}

/** Dagster's default keys: `2026-10-01` for days, `2026-10-01` for October, `2026-10-01-03:00` for hours. */
export function dagsterPartition(slice: PartitionSlice): string {
  if (/^\d{4}-\d{2}$/.test(slice.key)) return `${slice.key}-01`;
  const hour = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/.exec(slice.key);
  return hour === null ? slice.key : `${hour[1]}-${hour[2]}`;
}

function rangeWords(
  partitions:
    | {
        ranges?: { start: string; end: string }[] | null | undefined;
        partitionKeys?: string[] | null | undefined;
      }
    | null
    | undefined,
): string {
  if (partitions?.ranges != null && partitions.ranges.length > 0)
    return partitions.ranges
      .map(({ start, end }) => (start === end ? start : `${start} to ${end}`))
      .join(', ');
  return (partitions?.partitionKeys ?? []).slice(0, 10).join(', ') || 'no partition';
}

function messageOf(result: unknown): string {
  const parsed = z
    .looseObject({ __typename: z.string().optional(), message: z.string().optional() })
    .safeParse(result);
  return parsed.success
    ? (parsed.data.message?.slice(0, 300) ?? parsed.data.__typename ?? 'no reason given')
    : 'no reason given';
}

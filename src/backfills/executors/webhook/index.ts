import { createHmac } from 'node:crypto';
import type { z } from 'zod';
import { readSecret } from '../common-config.js';
import {
  type ChunkStart,
  defineExecutor,
  type Executor,
  type ExecutorContext,
  type RowCount,
  type RunHandle,
  type RunStanding,
} from '../executor.js';
import { makeHttp, must } from '../http.js';
import { facts, standing, type WebhookConfig, type WebhookStanding, webhookExecutor } from './schema.js';

/**
 * A system of one's own, spoken to by signed requests: `X-Steward-Signature: t=<seconds>,v1=<HMAC-SHA256 of "t.body">` and an
 * `Idempotency-Key` that is the same on every try of one start.
 */
export const webhook = defineExecutor({ type: 'webhook', config: webhookExecutor, make });

function make(config: WebhookConfig, context: ExecutorContext): Executor {
  const address = new URL(config.url);

  function post<Body>(
    payload: Record<string, unknown>,
    key: string,
    answer: z.ZodType<Body>,
    harmless: boolean,
  ): Promise<Body> {
    const seconds = Math.floor(context.now().getTime() / 1000);
    const body = JSON.stringify(payload);
    const signature = createHmac('sha256', readSecret(context.secret, config.secret, config.name))
      .update(`${seconds}.${body}`)
      .digest('hex');
    const http = makeHttp({
      system: config.name,
      fetch: context.fetch,
      baseUrl: address.origin,
      timeoutMs: config.timeout,
      headers: async () => ({
        'x-steward-signature': `t=${seconds},v1=${signature}`,
        'idempotency-key': key,
      }),
    });
    return must(
      config.name,
      http.call({
        method: 'POST',
        path: `${address.pathname}${address.search}`,
        body: payload,
        answer,
        harmless,
      }),
    );
  }

  async function statusOf(start: ChunkStart): Promise<WebhookStanding> {
    return post({ action: 'status', key: start.key, pipeline: start.pipeline }, start.key, standing, true);
  }

  return {
    name: config.name,
    type: 'webhook',
    maxRunning: config.maxRunning,
    maxPerPipeline: config.maxPerPipeline,
    chunkSize: config.chunkSize,
    startsOnce: true,
    cancelReach: 'the other side is asked to stop it',
    appearsWithinMs: config.appearsWithin,
    stallAfterMs: config.stallAfter,
    ...(config.costPerHour === undefined ? {} : { costPerHour: config.costPerHour }),

    async find(start) {
      const found = await statusOf(start);
      return found.state === 'unknown' ? null : handleOf(found);
    },
    async start(start) {
      const found = await post(
        {
          action: 'start',
          key: start.key,
          backfill: start.reference,
          pipeline: start.pipeline,
          partitions: start.slices.map((slice) => ({
            key: slice.key,
            start: slice.start.toISOString(),
            end: slice.end.toISOString(),
          })),
          reprocess: start.reprocess,
        },
        start.key,
        standing,
        false,
      );
      return handleOf(found);
    },
    async standing(_handle, start): Promise<RunStanding> {
      const found = await statusOf(start);
      const url = found.url === undefined ? {} : { url: found.url };
      switch (found.state) {
        case 'succeeded':
          return {
            state: 'succeeded',
            ...(found.rows === undefined ? {} : { rows: found.rows.map(rowOf) }),
            ...url,
          };
        case 'failed':
          return { state: 'failed', error: found.error?.slice(0, 300) ?? 'The run failed.', ...url };
        case 'cancelled':
          return { state: 'cancelled' };
        case 'unknown':
          return { state: 'failed', error: 'The other side no longer knows the run.', ...url };
        default:
          return { state: found.state };
      }
    },
    async cancel(_handle, start) {
      const found = await post(
        { action: 'cancel', key: start.key, pipeline: start.pipeline },
        start.key,
        standing,
        true,
      );
      const stopped = found.state === 'cancelled' || found.state === 'unknown';
      return {
        stopped,
        words: stopped
          ? 'The other side has stopped it.'
          : `The other side was asked to stop it; it says ${found.state}.`,
      };
    },
    async preview(ask) {
      const key = `preview-${ask.pipeline}`;
      const found = await post(
        {
          action: 'preview',
          pipeline: ask.pipeline,
          partitions: ask.slices.map((slice) => ({
            key: slice.key,
            start: slice.start.toISOString(),
            end: slice.end.toISOString(),
          })),
        },
        key,
        facts,
        true,
      );
      return {
        facts: {
          fingerprint: found.fingerprint ?? ask.pipeline,
          ...(found.dependsOnPast === undefined ? {} : { dependsOnPast: found.dependsOnPast }),
          warnings: [],
        },
        standing: new Map(
          Object.entries(found.partitions).map(([name, one]) => [
            name,
            {
              state: one.state,
              ...(one.rows === undefined ? {} : { rows: one.rows }),
              ...(one.bytes === undefined ? {} : { bytes: one.bytes }),
            },
          ]),
        ),
        ...(found.words === undefined ? {} : { dryRun: found.words.slice(0, 300) }),
      };
    },
  };
}

function handleOf(found: WebhookStanding): RunHandle {
  return { externalId: found.id, ...(found.url === undefined ? {} : { url: found.url }) };
}

function rowOf(row: { key: string; before?: number | undefined; after: number }): RowCount {
  return { key: row.key, after: row.after, ...(row.before === undefined ? {} : { before: row.before }) };
}

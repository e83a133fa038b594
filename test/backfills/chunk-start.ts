import { randomUUID } from 'node:crypto';
import type { ChunkStart, ExecutorContext } from '../../src/backfills/executors/executor.js';
import { startKey } from '../../src/backfills/executors/executor.js';
import { slicesBetween } from '../../src/backfills/partition.js';

/** A chunk of days of October 2026. */
export function aStart(params: { days?: number; pipeline?: string; attempt?: number } = {}): ChunkStart {
  const chunkId = randomUUID();
  const attempt = params.attempt ?? 1;
  const from = new Date('2026-10-01T00:00:00Z');
  return {
    chunkId,
    attempt,
    key: startKey(chunkId, attempt),
    reference: 'BF-7',
    pipeline: params.pipeline ?? 'orders_daily',
    slices: slicesBetween(
      { grain: 'day', timeZone: 'UTC' },
      from,
      new Date(from.getTime() + (params.days ?? 1) * 86_400_000),
    ),
    reprocess: 'all',
    direction: 'forward',
    concurrency: 2,
    now: new Date('2026-11-21T12:00:00Z'),
  };
}

export function aContext(secrets: Record<string, string> = {}): ExecutorContext {
  return {
    fetch: globalThis.fetch,
    secret: (name) => secrets[name],
    baseDir: process.cwd(),
    warehouseUrl: () => {
      throw new Error('no warehouse here');
    },
    now: () => new Date('2026-11-21T12:00:00Z'),
  };
}

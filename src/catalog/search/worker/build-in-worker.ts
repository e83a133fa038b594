import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Asset } from '../../asset.js';
import { buildIndex } from '../build-index.js';
import type { SearchIndex } from '../index-types.js';

/** What the worker sends back: the index, or why there is none. */
export type WorkerAnswer = { index: SearchIndex } | { error: string };

/** Below this many assets a thread costs more than it saves. */
const inProcessLimit = 3_000;
const timeoutMs = 120_000;

/**
 * Builds the index in a worker thread, so that the process goes on answering from the old one meanwhile. Small catalogs, and
 * TypeScript run without a build, are indexed in this thread. A worker that fails falls back to this thread.
 */
export async function buildIndexInWorker(assets: readonly Asset[]): Promise<SearchIndex> {
  const script = fileURLToPath(new URL('./index-worker.js', import.meta.url));
  if (assets.length < inProcessLimit || !existsSync(script)) return buildIndex(assets);
  try {
    return await runWorker(script, assets);
  } catch {
    return buildIndex(assets);
  }
}

function runWorker(script: string, assets: readonly Asset[]): Promise<SearchIndex> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, { workerData: slim(assets) });
    const timer = setTimeout(() => finish(new Error('building the search index took too long')), timeoutMs);
    const finish = (result: SearchIndex | Error): void => {
      clearTimeout(timer);
      void worker.terminate();
      if (result instanceof Error) reject(result);
      else resolve(result);
    };
    worker.once('message', (answer: WorkerAnswer) =>
      finish('index' in answer ? answer.index : new Error(answer.error)),
    );
    worker.once('error', finish);
    worker.once('exit', (code) => finish(new Error(`the index worker ended with ${code}`)));
  });
}

/** Only what is indexed crosses the threads: `meta` and `provenance` may hold anything and are large. */
function slim(assets: readonly Asset[]): Asset[] {
  return assets.map((asset) => ({
    ...asset,
    meta: {},
    provenance: {},
    columns: asset.columns.map((column) => ({ ...column, meta: {} })),
  }));
}

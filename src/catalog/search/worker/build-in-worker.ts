import { existsSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Asset } from '../../asset.js';
import { inBatches } from '../../batches.js';
import { assetFacts } from '../asset-facts.js';
import { buildIndex } from '../build-index.js';
import type { SearchIndex } from '../index-types.js';
import { nothingUsed, type UsageShare } from '../usage-share.js';

/** What the worker is told: some more assets, or that these were all. */
export type WorkerRequest = { assets: Asset[] } | 'build';

/** Lists and maps of 100,000 strings would stop the receiver for half a second: the words come as one text, and what the receiver has itself not at all. */
export type SentIndex = Omit<SearchIndex, keyof ReturnType<typeof assetFacts> | 'terms' | 'vocabulary'> & {
  words: string;
};

/** What the worker sends back: the index, or why there is none. */
export type WorkerAnswer = { index: SentIndex } | { error: string };

/** Below this many assets a thread costs more than it saves. */
export const inProcessLimit = 3_000;
/** Assets that cross the threads at once: copying them is this thread's work, some 25 ms of it. */
const sentAtOnce = 500;
const timeoutMs = 120_000;

/**
 * Builds the index in a worker thread, so that the process goes on answering from the old one meanwhile. Small catalogs, and
 * TypeScript run without a build, are indexed in this thread. A worker that fails falls back to this thread.
 */
export async function buildIndexInWorker(
  assets: readonly Asset[],
  usage: UsageShare = nothingUsed,
  script: string = fileURLToPath(new URL('./index-worker.js', import.meta.url)),
): Promise<SearchIndex> {
  if (assets.length < inProcessLimit || !existsSync(script)) return buildIndex(assets, usage);
  try {
    return await runWorker(script, assets, usage);
  } catch {
    return buildIndex(assets, usage);
  }
}

async function runWorker(script: string, assets: readonly Asset[], usage: UsageShare): Promise<SearchIndex> {
  const worker = new Worker(script);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const answered = answerOf(worker, timeout);
    // Whatever goes wrong meanwhile is thrown when it is awaited below.
    answered.catch(() => undefined);
    for (const some of inBatches(assets, sentAtOnce)) {
      if (timeout.aborted) break;
      worker.postMessage({ assets: slim(some) } satisfies WorkerRequest);
      await setImmediate();
    }
    worker.postMessage('build' satisfies WorkerRequest);
    const answer = await answered;
    if ('error' in answer) throw new Error(answer.error);
    return await received(answer.index, assets, usage);
  } finally {
    void worker.terminate();
  }
}

function answerOf(worker: Worker, timeout: AbortSignal): Promise<WorkerAnswer> {
  return new Promise((resolve, reject) => {
    worker.once('message', (answer: WorkerAnswer) => resolve(answer));
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the index worker ended with ${code}`)));
    timeout.addEventListener('abort', () => reject(new Error('building the search index took too long')));
  });
}

async function received(
  { words, ...index }: SentIndex,
  assets: readonly Asset[],
  usage: UsageShare,
): Promise<SearchIndex> {
  const facts = assetFacts(assets, usage);
  await setImmediate();
  const terms = words === '' ? [] : words.split('\n');
  const vocabulary = new Map(terms.map((term, number) => [term, number]));
  return { ...index, ...facts, terms, vocabulary };
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

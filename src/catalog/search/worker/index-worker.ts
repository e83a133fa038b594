import { parentPort } from 'node:worker_threads';
import type { Asset } from '../../asset.js';
import { buildIndex } from '../build-index.js';
import type { WorkerAnswer, WorkerRequest } from './build-in-worker.js';

/** The thread's whole life: take the assets, build one index, hand its arrays over without copying, end. */
function answer(assets: readonly Asset[]): void {
  try {
    const { ids, sourceIds, names, kinds, teams, priors, terms, vocabulary, ...index } = buildIndex(assets);
    const buffers = [...Object.values(index), ...Object.values(index.keys)]
      .filter((value) => ArrayBuffer.isView(value))
      .map((view) => view.buffer)
      .filter((buffer) => buffer instanceof ArrayBuffer);
    parentPort?.postMessage({ index: { ...index, words: terms.join('\n') } } satisfies WorkerAnswer, [
      ...new Set(buffers),
    ]);
  } catch (error) {
    parentPort?.postMessage({
      error: error instanceof Error ? error.message : String(error),
    } satisfies WorkerAnswer);
  }
}

const assets: Asset[] = [];
parentPort?.on('message', (request: WorkerRequest) => {
  if (request === 'build') answer(assets);
  else assets.push(...request.assets);
});

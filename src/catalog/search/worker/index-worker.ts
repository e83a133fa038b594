import { parentPort, workerData } from 'node:worker_threads';
import type { Asset } from '../../asset.js';
import { buildIndex } from '../build-index.js';
import type { WorkerAnswer } from './build-in-worker.js';

/** The thread's whole life: build one index, hand its arrays over without copying, end. */
function answer(assets: readonly Asset[]): void {
  try {
    const index = buildIndex(assets);
    const buffers = Object.values(index)
      .filter((value) => ArrayBuffer.isView(value))
      .map((view) => view.buffer)
      .filter((buffer) => buffer instanceof ArrayBuffer);
    parentPort?.postMessage({ index } satisfies WorkerAnswer, [...new Set(buffers)]);
  } catch (error) {
    parentPort?.postMessage({
      error: error instanceof Error ? error.message : String(error),
    } satisfies WorkerAnswer);
  }
}

answer(workerData);

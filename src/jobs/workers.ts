import type { QueueName } from '../db/foundation-tables.js';
import { type JobWorker, type QueueBackend, queueNames } from './queues.js';

export interface WorkersParams {
  runOutbox: (id: string) => Promise<void>;
  runInbox: (id: string) => Promise<void>;
  concurrency?: Partial<Record<QueueName, number>>;
}

const defaultConcurrency: Record<QueueName, number> = { slack: 6, work: 6, io: 4 };

/** One BullMQ worker per queue. Stopping waits for what runs. */
export function startWorkers(backend: QueueBackend, params: WorkersParams): { stop: () => Promise<void> } {
  const workers: JobWorker[] = queueNames.map((name) =>
    backend.makeWorker(name, params.concurrency?.[name] ?? defaultConcurrency[name], (data) =>
      data.table === 'outbox' ? params.runOutbox(data.id) : params.runInbox(data.id),
    ),
  );
  return {
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
}

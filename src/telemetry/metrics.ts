import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  registry: Registry;
  /** Seconds from a delivery's arrival to its ack, by kind. */
  ackSeconds: Histogram<'kind'>;
  /** Effects and deliveries worked, by kind and outcome. */
  work: Counter<'kind' | 'outcome'>;
  workSeconds: Histogram<'kind'>;
  answers: Counter<'outcome' | 'intent'>;
  llmCalls: Counter<'outcome' | 'task'>;
  llmSeconds: Histogram<'task'>;
  llmTokens: Counter<'task' | 'direction'>;
  /** Only where steward.yml says what a token costs. */
  llmCost: Counter<'task' | 'currency'>;
  /** Rows waiting, by table. Set when scraped. */
  waiting: Gauge<'table'>;
}

/** A registry of its own: tests run several processes' worth in one. */
export function makeMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'steward_' });
  const registers = [registry];
  return {
    registry,
    ackSeconds: new Histogram({
      name: 'steward_ack_seconds',
      help: 'Seconds from arrival to ack',
      labelNames: ['kind'],
      buckets: [0.01, 0.03, 0.1, 0.3, 1, 1.5, 3],
      registers,
    }),
    work: new Counter({
      name: 'steward_work_total',
      help: 'Effects and deliveries worked',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    workSeconds: new Histogram({
      name: 'steward_work_seconds',
      help: 'Seconds of one piece of work',
      labelNames: ['kind'],
      buckets: [0.01, 0.1, 0.5, 1, 5, 10],
      registers,
    }),
    answers: new Counter({
      name: 'steward_answers_total',
      help: 'Questions by outcome',
      labelNames: ['outcome', 'intent'],
      registers,
    }),
    llmCalls: new Counter({
      name: 'steward_llm_calls_total',
      help: 'Model calls by outcome',
      labelNames: ['outcome', 'task'],
      registers,
    }),
    llmSeconds: new Histogram({
      name: 'steward_llm_seconds',
      help: 'Seconds of one model call',
      labelNames: ['task'],
      buckets: [0.1, 0.3, 0.6, 1, 1.5, 2, 3],
      registers,
    }),
    llmTokens: new Counter({
      name: 'steward_llm_tokens_total',
      help: 'Tokens read (input) and written (output) by the model',
      labelNames: ['task', 'direction'],
      registers,
    }),
    llmCost: new Counter({
      name: 'steward_llm_cost_total',
      help: 'What the model cost, by the prices of steward.yml',
      labelNames: ['task', 'currency'],
      registers,
    }),
    waiting: new Gauge({
      name: 'steward_waiting',
      help: 'Rows waiting to be worked',
      labelNames: ['table'],
      registers,
    }),
  };
}

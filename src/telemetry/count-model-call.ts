import type { ModelCall } from '../llm/model.js';
import type { Metrics } from './metrics.js';

export interface ModelPrices {
  currency: string;
  inputPerMillion: number;
  outputPerMillion: number;
}

/** One call of the model in the metrics: outcome, time, tokens and, where prices are known, money. Who asked what is not in there. */
export function countModelCall(metrics: Metrics, call: ModelCall, prices: ModelPrices | undefined): void {
  const { task, outcome, ms, tokens } = call;
  metrics.llmCalls.inc({ task, outcome });
  // What was never sent took no time of the model's.
  if (outcome !== 'budget' && outcome !== 'paused') metrics.llmSeconds.observe({ task }, ms / 1_000);
  metrics.llmTokens.inc({ task, direction: 'input' }, tokens.input);
  metrics.llmTokens.inc({ task, direction: 'output' }, tokens.output);
  if (prices === undefined) return;
  const cost = (tokens.input * prices.inputPerMillion + tokens.output * prices.outputPerMillion) / 1_000_000;
  metrics.llmCost.inc({ task, currency: prices.currency }, cost);
}

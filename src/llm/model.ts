import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import type { z } from 'zod';
import { type Breaker, makeBreaker } from './breaker.js';
import { type Budget, makeBudget } from './budget.js';
import type { Prompt } from './read-prompt.js';

/** Why a call gave nothing. Every one of them means: the deterministic card. */
export type NoResult = 'budget' | 'paused' | 'timeout' | 'refused' | 'incomplete' | 'malformed' | 'failed';

export interface ModelCall {
  task: string;
  outcome: 'ok' | NoResult;
  ms: number;
  tokens: number;
}

export interface Model {
  /** One structured answer, or why there is none. Never throws. */
  parse: <Schema extends z.ZodType>(request: {
    prompt: Prompt;
    input: string;
    schema: Schema;
    personId: string;
    now: Date;
  }) => Promise<{ ok: true; value: z.infer<Schema> } | { ok: false; reason: NoResult }>;
}

export interface ModelParams {
  apiKey: string;
  baseUrl?: string | undefined;
  model: string;
  timeoutMs: number;
  perPersonPerDay: number;
  tokensPerDay: number;
  /** Cost and outcome of each call, for the metrics. */
  onCall?: (call: ModelCall) => void;
  breaker?: Breaker;
  budget?: Budget;
}

const outputTokensMax = 600;

/**
 * Any OpenAI-compatible endpoint through the Responses API: structured output only, nothing stored there, no tools, one try, a hard
 * time limit, a budget and a circuit breaker.
 */
export function makeModel(params: ModelParams): Model {
  const client = new OpenAI({
    apiKey: params.apiKey,
    ...(params.baseUrl === undefined ? {} : { baseURL: params.baseUrl }),
    maxRetries: 0,
    timeout: params.timeoutMs,
  });
  const breaker = params.breaker ?? makeBreaker();
  const budget = params.budget ?? makeBudget(params);

  const ask = async (
    request: Parameters<Model['parse']>[0],
  ): Promise<{ value?: unknown; reason?: NoResult; tokens: number }> => {
    const response = await client.responses.parse(
      {
        model: params.model,
        instructions: request.prompt.text,
        input: request.input,
        text: { format: zodTextFormat(request.schema, request.prompt.name.replace(/-/g, '_')) },
        max_output_tokens: outputTokensMax,
        store: false,
      },
      { signal: AbortSignal.timeout(params.timeoutMs) },
    );
    const tokens = response.usage?.total_tokens ?? 0;
    const refused = response.output.some(
      (item) => item.type === 'message' && item.content.some((part) => part.type === 'refusal'),
    );
    if (refused) return { reason: 'refused', tokens };
    if (response.status === 'incomplete' || response.incomplete_details)
      return { reason: 'incomplete', tokens };
    if (response.output_parsed === null || response.output_parsed === undefined)
      return { reason: 'malformed', tokens };
    return { value: response.output_parsed, tokens };
  };

  return {
    parse: async (request) => {
      const beganMs = performance.now();
      const done = (outcome: ModelCall['outcome'], tokens = 0): void => {
        params.onCall?.({ task: request.prompt.name, outcome, ms: performance.now() - beganMs, tokens });
      };
      const refuse = (reason: NoResult, tokens = 0): { ok: false; reason: NoResult } => {
        done(reason, tokens);
        return { ok: false, reason };
      };
      if (!breaker.closed(request.now)) return refuse('paused');
      if (!budget.take(request.personId, request.now)) return refuse('budget');
      try {
        const result = await ask(request);
        budget.spend(result.tokens, request.now);
        const parsed = request.schema.safeParse(result.value);
        const reason = result.reason ?? (parsed.success ? undefined : 'malformed');
        breaker.note(reason === undefined || reason === 'refused', request.now);
        if (reason !== undefined || !parsed.success) return refuse(reason ?? 'malformed', result.tokens);
        done('ok', result.tokens);
        return { ok: true, value: parsed.data };
      } catch (error) {
        breaker.note(false, request.now);
        return refuse(reasonOf(error));
      }
    },
  };
}

function reasonOf(error: unknown): NoResult {
  if (error instanceof OpenAI.APIConnectionTimeoutError || error instanceof OpenAI.APIUserAbortError)
    return 'timeout';
  if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError'))
    return 'timeout';
  if (error instanceof SyntaxError || (error instanceof Error && error.name === 'ZodError'))
    return 'malformed';
  return 'failed';
}

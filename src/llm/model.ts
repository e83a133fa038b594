import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import type { Response } from 'openai/resources/responses/responses';
import type { z } from 'zod';
import { type Breaker, makeBreaker } from './breaker.js';
import { type Budget, makeBudget } from './budget.js';
import { leastEffort } from './least-effort.js';
import type { Prompt } from './read-prompt.js';

/** Why a call gave nothing. Every one of them means: the deterministic card. */
export type NoResult =
  | 'budget'
  | 'paused'
  | 'timeout'
  | 'stopped'
  | 'refused'
  | 'incomplete'
  | 'malformed'
  | 'failed';

export interface TokenCount {
  input: number;
  output: number;
}

export interface ModelCall {
  task: string;
  outcome: 'ok' | NoResult;
  ms: number;
  tokens: TokenCount;
  /** What went wrong, for the operator: a status and a code, never what was sent or received. */
  fault?: Fault;
}

/** What an endpoint answered in place of an answer. */
export interface Fault {
  /** Of HTTP; undefined where nothing answered, or something answered with success and no answer. */
  status?: number;
  /** The endpoint's own word, or the system's: `model_not_found`, `ECONNREFUSED`. */
  code?: string;
}

export interface Model {
  /** One structured answer, or why there is none. Never throws. */
  parse: <Schema extends z.ZodType>(request: {
    prompt: Prompt;
    input: string;
    schema: Schema;
    personId: string;
    now: Date;
    /** When the time for the whole answer is up. */
    deadline?: AbortSignal;
    /** When the person no longer wants it. */
    stop?: AbortSignal;
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
const noTokens: TokenCount = { input: 0, output: 0 };

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
  const effort = leastEffort(params.model);

  const ask = async (request: Parameters<Model['parse']>[0]): Promise<Response> => {
    const signals = [request.deadline, request.stop].filter((signal) => signal !== undefined);
    return client.responses.create(
      {
        model: params.model,
        instructions: request.prompt.text,
        input: request.input,
        text: { format: zodTextFormat(request.schema, request.prompt.name.replace(/-/g, '_')) },
        max_output_tokens: outputTokensMax,
        ...(effort === undefined ? {} : { reasoning: { effort } }),
        store: false,
      },
      { signal: AbortSignal.any([AbortSignal.timeout(params.timeoutMs), ...signals]) },
    );
  };

  return {
    parse: async (request) => {
      const beganMs = performance.now();
      const done = (outcome: ModelCall['outcome'], tokens: TokenCount, fault?: Fault): void => {
        const ms = performance.now() - beganMs;
        params.onCall?.({ task: request.prompt.name, outcome, ms, tokens, ...(fault ? { fault } : {}) });
      };
      const refuse = (
        reason: NoResult,
        tokens = noTokens,
        fault?: Fault,
      ): { ok: false; reason: NoResult } => {
        done(reason, tokens, fault);
        return { ok: false, reason };
      };
      if (request.stop?.aborted) return refuse('stopped');
      if (request.deadline?.aborted) return refuse('timeout');
      if (!breaker.closed(request.now)) return refuse('paused');
      if (!(await budget.take(request.personId, request.now))) {
        breaker.saidNothing();
        return refuse('budget');
      }
      let tokens = noTokens;
      try {
        const response = await ask(request);
        tokens = {
          input: response.usage?.input_tokens ?? 0,
          output: response.usage?.output_tokens ?? 0,
        };
        await budget.spend(tokens.input + tokens.output, request.now);
        const said = saidBy(response);
        const parsed = 'text' in said ? request.schema.safeParse(JSON.parse(said.text)) : undefined;
        const reason = 'reason' in said ? said.reason : parsed?.success === true ? undefined : 'malformed';
        breaker.note(reason === undefined || reason === 'refused', request.now);
        if (reason !== undefined || parsed?.success !== true) return refuse(reason ?? 'malformed', tokens);
        done('ok', tokens);
        return { ok: true, value: parsed.data };
      } catch (error) {
        if (request.stop?.aborted) {
          breaker.saidNothing();
          return refuse('stopped', tokens);
        }
        breaker.note(false, request.now);
        return refuse(reasonOf(error), tokens, faultOf(error));
      }
    },
  };
}

/** The text of an answer, or why it has none that counts. */
function saidBy(response: Response): { text: string } | { reason: NoResult } {
  const refused = response.output.some(
    (item) => item.type === 'message' && item.content.some((part) => part.type === 'refusal'),
  );
  if (refused) return { reason: 'refused' };
  if (response.status === 'failed' || response.status === 'cancelled') return { reason: 'failed' };
  if (response.status === 'incomplete' || response.incomplete_details) return { reason: 'incomplete' };
  return response.output_text === '' ? { reason: 'malformed' } : { text: response.output_text };
}

function reasonOf(error: unknown): NoResult {
  if (error instanceof OpenAI.APIConnectionTimeoutError || error instanceof OpenAI.APIUserAbortError)
    return 'timeout';
  if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError'))
    return 'timeout';
  // A server that speaks something else: no JSON, or JSON of another shape.
  if (error instanceof SyntaxError || error instanceof TypeError) return 'malformed';
  return 'failed';
}

/** Status and code alone: an endpoint's message may hold part of the key, or of what was sent. */
function faultOf(error: unknown): Fault {
  if (!(error instanceof OpenAI.APIError)) return {};
  const code = error.code ?? codeBehind(error.cause);
  return {
    ...(error.status === undefined ? {} : { status: error.status }),
    ...(code === undefined || !/^\w{1,60}$/.test(code) ? {} : { code }),
  };
}

/** The system's word for why nothing was reached, which `fetch` keeps some causes deep. */
function codeBehind(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : codeBehind(cause.cause);
}

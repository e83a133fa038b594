import { z } from 'zod';
import { WarehouseBusyError, WarehouseRefusedError, WarehouseUnavailableError } from './provisioner.js';

export interface HttpCall {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  body?: string;
  signal: AbortSignal;
  /** Statuses that are no fault: their body is read too. */
  also?: readonly number[];
  /** What a 404 means here. */
  missing?: 'relation' | 'login' | 'right';
}

export interface HttpAnswer {
  status: number;
  headers: Headers;
  body: unknown;
}

const timeoutMs = 8_000;

/**
 * One call to a system that gives access, with a time limit. What is worth another try, what asks for patience and what will
 * never work become three kinds of error; a body is parsed by the caller's schema and by nothing else.
 */
export async function callHttp(fetch: typeof globalThis.fetch, call: HttpCall): Promise<HttpAnswer> {
  const host = new URL(call.url).host;
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(call.url, {
      method: call.method,
      redirect: 'error',
      signal: AbortSignal.any([call.signal, AbortSignal.timeout(timeoutMs)]),
      headers: { accept: 'application/json', ...call.headers },
      ...(call.body === undefined ? {} : { body: call.body }),
    });
    text = await answer.text();
  } catch (error) {
    // Whether it was done is not known: every call here may be repeated, and is.
    throw new WarehouseUnavailableError(`${host} did not answer.`, { cause: error });
  }
  if (answer.ok || call.also?.includes(answer.status)) {
    return { status: answer.status, headers: answer.headers, body: parseBody(text) };
  }
  const words = `${host} answered ${answer.status}${shortReason(text)}.`;
  if (answer.status === 429 || answer.status === 503) {
    throw new WarehouseBusyError(words, retryAfterMs(answer.headers.get('retry-after')));
  }
  if (answer.status >= 500 || answer.status === 408) throw new WarehouseUnavailableError(words);
  if (answer.status === 404) throw new WarehouseRefusedError(words, call.missing ?? null);
  if (answer.status === 401 || answer.status === 403) {
    throw new WarehouseRefusedError(`${words} Steward's own account may not do this there.`, 'right');
  }
  throw new WarehouseRefusedError(words);
}

export function parseAnswer<Output>(schema: z.ZodType<Output>, answer: HttpAnswer, host: string): Output {
  const parsed = schema.safeParse(answer.body);
  if (!parsed.success) {
    throw new WarehouseUnavailableError(`${host} answered something else than its documentation says.`, {
      cause: parsed.error,
    });
  }
  return parsed.data;
}

function parseBody(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const reasonSchema = z.object({
  message: z.string().optional(),
  errorSummary: z.string().optional(),
  error: z.object({ message: z.string() }).optional().catch(undefined),
});

function shortReason(text: string): string {
  const parsed = reasonSchema.safeParse(parseBody(text));
  const words = parsed.success
    ? (parsed.data.message ?? parsed.data.errorSummary ?? parsed.data.error?.message)
    : undefined;
  return words ? ` (${words.slice(0, 200)})` : '';
}

function retryAfterMs(header: string | null): number {
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 3_600) * 1_000 : 30_000;
}

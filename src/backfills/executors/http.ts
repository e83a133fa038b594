import type { z } from 'zod';
import { ExecutorRefusedError, ExecutorUnavailableError, OutcomeUnknownError } from './executor.js';

export interface HttpParams {
  /** For sentences: `Airflow`. */
  system: string;
  fetch: typeof globalThis.fetch;
  baseUrl: string;
  timeoutMs: number;
  /** Asked before every call; `fresh` after a 401, so that an expired token is replaced once. */
  headers: (fresh: boolean) => Promise<Record<string, string>>;
}

export interface Call<Body> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  path: string;
  query?: Record<string, string | number | readonly string[] | undefined>;
  body?: unknown;
  /** Of a 2xx answer. */
  answer: z.ZodType<Body>;
  /** A POST that only reads or that may be sent twice: an answer that is lost is no unknown outcome. */
  harmless?: boolean;
}

export interface Refusal {
  status: number;
  detail: string;
}
export type Answer<Body> = { ok: true; status: number; body: Body } | ({ ok: false } & Refusal);

export interface Http {
  /** 4xx other than 401 and 429 come back as `ok: false`; everything else that is not an answer is thrown, classified. */
  call: <Body>(call: Call<Body>) => Promise<Answer<Body>>;
}

const notConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Calls another system and tells three things apart: nothing was done (try later), it may have been done (never try blindly),
 * it says no. What a lost answer means depends on the call: a read is tried again, a start is looked for.
 */
export function makeHttp(params: HttpParams): Http {
  const { system } = params;

  async function send(call: Call<unknown>, fresh: boolean): Promise<Response> {
    const url = new URL(params.baseUrl.replace(/\/$/, '') + call.path);
    for (const [name, value] of Object.entries(call.query ?? {})) {
      for (const one of Array.isArray(value) ? value : [value])
        if (one !== undefined) url.searchParams.append(name, String(one));
    }
    const headers = await params.headers(fresh);
    try {
      return await params.fetch(url, {
        method: call.method,
        headers: {
          accept: 'application/json',
          ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        signal: AbortSignal.timeout(params.timeoutMs),
        redirect: 'error',
      });
    } catch (error) {
      throw lost(call, error);
    }
  }

  function lost(call: Call<unknown>, error: unknown, what = 'did not answer'): Error {
    const code = causeCode(error);
    if (code !== null && notConnected.has(code)) {
      return new ExecutorUnavailableError(`${system} cannot be reached (${code}). Nothing was started.`);
    }
    if (call.method === 'GET' || call.harmless === true)
      return new ExecutorUnavailableError(`${system} ${what}.`);
    return new OutcomeUnknownError(`${system} took the request, but its answer was lost.`);
  }

  return {
    async call(call) {
      let response = await send(call, false);
      if (response.status === 401) {
        await response.body?.cancel();
        response = await send(call, true);
      }
      if (response.status === 401) {
        throw new ExecutorRefusedError(
          `${system} does not accept the credentials of steward.yml. Ask an administrator of Steward.`,
        );
      }
      if (response.status === 429) {
        throw new ExecutorUnavailableError(
          `${system} asks for patience (429). Nothing was started.`,
          retryAfterMs(response),
        );
      }
      if (response.status >= 500) throw lost(call, new Error(`status ${response.status}`));
      let text: string;
      try {
        text = await response.text();
      } catch (error) {
        throw lost(call, error);
      }
      if (!response.ok) return { ok: false, status: response.status, detail: detailOf(text) };
      const parsed = call.answer.safeParse(parse(text));
      if (parsed.success) return { ok: true, status: response.status, body: parsed.data };
      // It answered 2xx, so it was done; what it says cannot be read.
      const key = parsed.error.issues[0]?.path.join('.') ?? '';
      throw lost(call, parsed.error, `answered with what cannot be read${key === '' ? '' : ` (${key})`}`);
    },
  };
}

/** For calls whose every 4xx means no. */
export async function must<Body>(system: string, answer: Promise<Answer<Body>>): Promise<Body> {
  const got = await answer;
  if (got.ok) return got.body;
  throw new ExecutorRefusedError(
    `${system} refused: ${got.detail || `status ${got.status}`} (${got.status}).`,
  );
}

function retryAfterMs(response: Response): number {
  const header = response.headers.get('retry-after');
  const seconds = header === null ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0
    ? Math.min(600_000, Math.max(1_000, seconds * 1_000))
    : 30_000;
}

function causeCode(error: unknown): string | null {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : null;
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The sentence in an error body, wherever these systems keep it. */
function detailOf(text: string): string {
  const body = parse(text);
  if (typeof body !== 'object' || body === null) return text.slice(0, 300);
  for (const name of ['detail', 'message', 'title', 'user_message', 'exception_message']) {
    const value = Reflect.get(body, name);
    if (typeof value === 'string' && value !== '') return value.slice(0, 300);
    if (value !== undefined && value !== null && typeof value === 'object')
      return JSON.stringify(value).slice(0, 300);
  }
  return text.slice(0, 300);
}

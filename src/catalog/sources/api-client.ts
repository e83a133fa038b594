import { z } from 'zod';
import { type SourceContext, SourceError } from '../connector.js';

/** A secret in steward.yml is the name of an environment variable, never the secret itself. */
export const secretSetting = z.strictObject({ env: z.string().min(1) });

export interface ApiClient {
  /** Reads JSON and checks its shape. */
  get: <Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    query?: Record<string, string>,
  ) => Promise<z.infer<Schema>>;
  /** The same for something that may not be there: undefined then. */
  find: <Schema extends z.ZodType>(path: string, schema: Schema) => Promise<z.infer<Schema> | undefined>;
  post: <Schema extends z.ZodType>(path: string, body: unknown, schema: Schema) => Promise<z.infer<Schema>>;
}

export interface ApiParams {
  /** What the system is called in sentences: `Cube`. */
  system: string;
  /** Address that every path starts from, without a slash at its end. */
  url: string;
  /** Value of the Authorization header, from a secret. */
  authorization?: string;
  timeoutMs?: number;
}

/** Not there: only some callers mind. */
class MissingError extends SourceError {}

/** A client of one system's API. Every failure is a `SourceError` that says what was asked for and what to do; none shows a secret. */
export function makeApiClient(context: SourceContext, params: ApiParams): ApiClient {
  const base = params.url.replace(/\/+$/, '');

  async function ask<Schema extends z.ZodType>(
    method: string,
    path: string,
    schema: Schema,
    body?: unknown,
  ): Promise<z.infer<Schema>> {
    const address = `${base}${path}`;
    let response: Response;
    try {
      response = await context.fetch(address, {
        method,
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(params.authorization === undefined ? {} : { authorization: params.authorization }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.any([context.signal, AbortSignal.timeout(params.timeoutMs ?? 30_000)]),
      });
    } catch (error) {
      throw new SourceError(
        `${params.system} at ${base} does not answer (${reasonOf(error)}). Check the address and that it runs.`,
      );
    }
    if (response.status === 404) throw new MissingError(refusal(params.system, `${method} ${path}`, 404));
    if (!response.ok) throw new SourceError(refusal(params.system, `${method} ${path}`, response.status));
    const what = `${method} ${path}`;
    const parsed = schema.safeParse(await jsonOf(response, params.system, what));
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    throw new SourceError(
      `${params.system} answered ${what} with something else than expected (${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'unknown'}). Check the address and the version of ${params.system}.`,
    );
  }

  return {
    get: (path, schema, query) =>
      ask('GET', query === undefined ? path : `${path}?${new URLSearchParams(query)}`, schema),
    find: async (path, schema) => {
      try {
        return await ask('GET', path, schema);
      } catch (error) {
        if (error instanceof MissingError) return undefined;
        throw error;
      }
    },
    post: (path, body, schema) => ask('POST', path, schema, body),
  };
}

/** An answer that ends in the middle, or that is a page for people, is told apart from one of another shape: what to do is another thing. */
async function jsonOf(response: Response, system: string, what: string): Promise<unknown> {
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    throw new SourceError(
      `${system} broke off its answer to ${what} (${reasonOf(error)}). The next sync tries again.`,
    );
  }
  try {
    return JSON.parse(text);
  } catch {
    if (/^\s*[{[]/.test(text))
      throw new SourceError(
        `${system} answered ${what} with JSON that ends in the middle or is none (${text.length} characters). The next sync tries again.`,
      );
    throw new SourceError(
      `${system} answered ${what} with ${text.trim() === '' ? 'nothing' : 'a text that is no JSON'}. Check that the address is the one of its API, and that no login page stands before it.`,
    );
  }
}

/** Reads the secret that a setting names. */
export function secretOf(
  context: SourceContext,
  setting: z.infer<typeof secretSetting> | undefined,
  system: string,
): string | undefined {
  if (setting === undefined) return undefined;
  const value = context.secret(setting.env);
  if (value === undefined || value === '') {
    throw new SourceError(
      `${system}: the environment variable ${setting.env} is not set, and its token is needed.`,
    );
  }
  return value;
}

function refusal(system: string, what: string, status: number): string {
  if (status === 401 || status === 403)
    return `${system} refused ${what} (${status}). Check that the token is valid and may read metadata.`;
  if (status === 404) return `${system} has no ${what} (404). Check the address.`;
  if (status === 429) return `${system} asks to be called less often (429). The next sync tries again.`;
  if (status >= 400 && status < 500)
    return `${system} refused ${what} (${status}). Check the address and the version of ${system}.`;
  return `${system} failed at ${what} (${status}). The next sync tries again.`;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

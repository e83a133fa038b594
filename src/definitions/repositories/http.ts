import type { z } from 'zod';
import { type RepositoryContext, RepositoryError } from './repository.js';

export interface Call<Shape> {
  method?: 'GET' | 'POST' | 'PUT';
  url: URL;
  headers: Record<string, string>;
  body?: unknown;
  shape: z.ZodType<Shape>;
  /** Answers that mean something here and are no fault: 404 for what is not there, 422 for what is there already. */
  expected?: readonly number[];
}

const longestReason = 300;

/**
 * One call of a repository's API: what it answered, or the status where that was expected.
 * @throws RepositoryError for a refusal, anything else for what may work the next time.
 */
export async function call<Shape>(
  context: RepositoryContext,
  { method = 'GET', url, headers, body, shape, expected = [] }: Call<Shape>,
): Promise<{ ok: true; value: Shape } | { ok: false; status: number; text: string }> {
  const response = await context.fetch(url, {
    method,
    signal: context.signal,
    redirect: 'error',
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (response.ok) return { ok: true, value: shape.parse(await response.json()) };
  const text = (await response.text()).slice(0, longestReason);
  if (expected.includes(response.status)) return { ok: false, status: response.status, text };
  const sentence = `${url.host} answered ${response.status} to ${method} ${url.pathname}: ${text}`;
  if (response.status >= 400 && response.status < 500 && response.status !== 408 && response.status !== 429)
    throw new RepositoryError(sentence);
  throw new Error(sentence);
}

/** Paths keep their slashes; everything else is escaped. */
export function escapePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

export function fromBase64(content: string): string {
  return Buffer.from(content, 'base64').toString('utf8');
}

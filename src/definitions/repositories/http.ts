import { z } from 'zod';
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

const longestAnswer = 4_000;
const longestReason = 300;

/** What GitHub and GitLab say of a refusal, as far as people can use it. */
const Refusal = z.object({
  message: z.unknown().optional(),
  error: z.unknown().optional(),
  errors: z.array(z.object({ message: z.string() }).or(z.string())).catch([]),
});

/**
 * One call of a repository's API: what it answered, or the status where that was expected.
 * @throws RepositoryError for an answer that is none, anything else where no answer came.
 */
export async function call<Shape>(
  context: RepositoryContext,
  { method = 'GET', url, headers, body, shape, expected = [] }: Call<Shape>,
): Promise<{ ok: true; value: Shape } | { ok: false; status: number; text: string }> {
  const response = await context.fetch(url, {
    method,
    signal: context.signal,
    redirect: 'manual',
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (response.ok) return { ok: true, value: shape.parse(await response.json()) };
  const text = (await response.text()).slice(0, longestAnswer);
  if (expected.includes(response.status)) return { ok: false, status: response.status, text };
  throw new RepositoryError(
    `${url.host} answered ${response.status} to ${method} ${url.pathname}: ${reasonOf(response.status, text)}`,
  );
}

/** Ends with a full stop. Of what is no JSON nothing is said: it is a proxy's page. */
export function reasonOf(status: number, text: string): string {
  if (status >= 300 && status < 400) return 'the repository has another name or address now.';
  const read = Refusal.safeParse(parsed(text));
  const { message, error, errors } = read.success ? read.data : { message: '', error: '', errors: [] };
  const words = [
    ...(typeof message === 'object' && message !== null ? [JSON.stringify(message)] : [message ?? error]),
    ...errors.map((one) => (typeof one === 'string' ? one : one.message)),
  ].filter((one) => typeof one === 'string' && one !== '');
  const said = words
    .join(': ')
    .slice(0, longestReason)
    .replace(/[.\s]+$/, '');
  return said === '' ? 'it gave no reason.' : `${said}.`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Paths keep their slashes; everything else is escaped. */
export function escapePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

export function fromBase64(content: string): string {
  return Buffer.from(content, 'base64').toString('utf8');
}

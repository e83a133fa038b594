import type { SourceContext } from '../connector.js';

/** A context for reading sources in tests: a fixed time, no secrets, and a network that is not there. */
export function sourceContext(changes: Partial<SourceContext> = {}): SourceContext {
  return {
    now: new Date('2026-03-02T09:00:00Z'),
    signal: new AbortController().signal,
    secret: () => undefined,
    fetch: () => Promise.reject(new Error('this test reads files only')),
    baseDir: '/',
    ...changes,
  };
}

/** What a pager is told about an incident. */
export interface PageEvent {
  action: 'trigger' | 'acknowledge' | 'resolve';
  /** Ours: paging twice rings once, and what comes back is known by it. */
  dedupKey: string;
  summary: string;
  severity: 'critical' | 'error' | 'warning' | 'info';
  source: string;
  at: Date;
  details: Record<string, string>;
  link: string | null;
}

export interface OutsideContext {
  fetch: typeof globalThis.fetch;
  secret: (name: string) => string | undefined;
  signal: AbortSignal;
}

/** `retryAfterSeconds` when the other side asked for patience; `final` when the same request would be refused for ever. */
export class OutsideError extends Error {
  readonly code = 'outside_error';
  readonly status: number;
  readonly retryAfterSeconds: number | null;
  readonly final: boolean;
  constructor(
    message: string,
    params: { status: number; retryAfterSeconds?: number | null; final?: boolean },
  ) {
    super(message);
    this.status = params.status;
    this.retryAfterSeconds = params.retryAfterSeconds ?? null;
    this.final = params.final ?? false;
  }
}

/** Turns an HTTP answer that is not a success into an error that says whether to try again. Never quotes more than a little of the body. */
export async function requireOk(response: Response, system: string): Promise<Response> {
  if (response.ok) return response;
  const words = (await response.text().catch(() => '')).replaceAll(/\s+/g, ' ').slice(0, 200);
  const retryAfter = Number(response.headers.get('retry-after'));
  throw new OutsideError(`${system} answered ${response.status}: ${words}`, {
    status: response.status,
    retryAfterSeconds:
      response.status === 429
        ? Number.isFinite(retryAfter) && retryAfter > 0
          ? Math.min(retryAfter, 3_600)
          : 30
        : null,
    final:
      response.status >= 400 && response.status < 500 && ![401, 403, 408, 425, 429].includes(response.status),
  });
}

export interface Pager {
  type: string;
  send: (context: OutsideContext, entry: unknown, event: PageEvent) => Promise<void>;
}

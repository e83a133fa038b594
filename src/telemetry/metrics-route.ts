import { timingSafeEqual } from 'node:crypto';
import type { HttpResponse } from '../http/server.js';
import type { Services } from '../services.js';
import type { Metrics } from './metrics.js';

/** GET /metrics: open on loopback, behind a bearer token (STEWARD_METRICS_TOKEN) anywhere else. */
export function makeMetricsRoute(
  services: Services,
  metrics: Metrics,
  access: { host: string; token: string | undefined },
): (request: { authorization: string | undefined }) => Promise<HttpResponse> {
  const loopback = access.host === '127.0.0.1' || access.host === '::1' || access.host === 'localhost';
  return async ({ authorization }) => {
    if (!loopback && !matches(authorization, access.token))
      return { status: 401, headers: { 'www-authenticate': 'Bearer' } };
    const count = async (table: 'outbox' | 'inbox', states: string[]): Promise<number> => {
      const row = await services.db
        .selectFrom(table)
        .select((select) => select.fn.countAll<string>().as('n'))
        .where('state', 'in', states as never)
        .executeTakeFirst();
      return Number(row?.n ?? 0);
    };
    metrics.waiting.set({ table: 'outbox' }, await count('outbox', ['pending', 'queued']));
    metrics.waiting.set({ table: 'inbox' }, await count('inbox', ['received']));
    return {
      status: 200,
      body: await metrics.registry.metrics(),
      headers: { 'content-type': metrics.registry.contentType },
    };
  };
}

function matches(authorization: string | undefined, token: string | undefined): boolean {
  if (!token || !authorization) return false;
  const given = Buffer.from(authorization);
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

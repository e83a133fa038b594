import { createHmac } from 'node:crypto';
import pg from 'pg';
import { demoConfig } from '../../demo/people.js';
import type { WarehouseReply } from '../protocol.js';

/** Password of a person's warehouse login: made from a secret of this data folder, so that nobody has to keep a list. */
export function loginPassword(secret: string, login: string): string {
  return createHmac('sha256', secret).update(`warehouse:${login}`).digest('hex').slice(0, 32);
}

const rowsShown = 100;

/** Runs SQL in the demo's warehouse as one person: what the warehouse lets them do is what they can do. */
export async function queryAs(params: { url: (login: string, password: string) => string; secret: string; email: string; sql: string }): Promise<WarehouseReply> {
  const person = demoConfig().people.find((candidate) => candidate.email === params.email);
  const login = person?.warehouse.warehouse;
  if (!login) return { ok: false, error: `${params.email} has no login in the warehouse` };
  const client = new pg.Client({ connectionString: params.url(login, loginPassword(params.secret, login)), statement_timeout: 5_000, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  const beganMs = performance.now();
  try {
    await client.connect();
    const answer = await client.query({ text: params.sql, rowMode: 'array' });
    const last = Array.isArray(answer) ? answer.at(-1) : answer;
    return {
      ok: true,
      columns: (last?.fields ?? []).map((field: { name: string }) => field.name),
      rows: (last?.rows ?? []).slice(0, rowsShown),
      rowCount: last?.rowCount ?? 0,
      ms: Math.round(performance.now() - beganMs),
    };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error), ms: Math.round(performance.now() - beganMs) };
  } finally {
    await client.end().catch(() => undefined);
  }
}

import { createHmac } from 'node:crypto';
import pg from 'pg';

/** What one statement gave: the shape of the control API's reply. */
export interface QueryReply {
  ok: boolean;
  columns?: string[];
  rows?: unknown[][];
  rowCount?: number;
  ms?: number;
  /** The server's own words. */
  error?: string;
}

const rowsShown = 200;
const statementTimeoutMs = 10_000;

/** Password of each login, made from one secret of this installation. */
export function loginPasswords(secret: string): (login: string) => string {
  return (login) => createHmac('sha256', secret).update(`warehouse:${login}`).digest('base64url');
}

/**
 * Runs one statement in the warehouse as a person's own login: what the server refuses there is refused here. `url` is the
 * warehouse's address; user and password in it are replaced.
 */
export async function queryAs(
  url: string,
  login: string,
  password: string,
  sql: string,
): Promise<QueryReply> {
  const address = new URL(url);
  address.username = encodeURIComponent(login);
  address.password = encodeURIComponent(password);
  const client = new pg.Client({
    connectionString: address.href,
    statement_timeout: statementTimeoutMs,
    connectionTimeoutMillis: 5_000,
    application_name: `demo:${login}`,
  });
  client.on('error', () => undefined);
  const began = performance.now();
  try {
    await client.connect();
    // The extended protocol takes one statement and no more.
    const query: pg.QueryArrayConfig & { queryMode: 'extended' } = {
      text: sql,
      rowMode: 'array',
      queryMode: 'extended',
    };
    const result = await client.query<unknown[]>(query);
    return {
      ok: true,
      columns: result.fields.map((field) => field.name),
      rows: result.rows.slice(0, rowsShown),
      rowCount: result.rowCount ?? result.rows.length,
      ms: Math.round(performance.now() - began),
    };
  } catch (error) {
    const ms = Math.round(performance.now() - began);
    return { ok: false, error: error instanceof Error ? error.message : String(error), ms };
  } finally {
    await client.end().catch(() => undefined);
  }
}

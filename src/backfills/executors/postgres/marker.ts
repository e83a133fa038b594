import pg from 'pg';

/**
 * The executor's own table in the warehouse: one row per chunk. It commits together with the rows it stands for, so
 * "did it take effect?" has one answer that survives every crash on either side.
 */
export interface Marker {
  attempt: number;
  state: 'running' | 'done' | 'failed';
  pid: number;
  error: string | null;
  rows: { key: string; before: number; after: number }[];
}

export function markerTable(schema: string): string {
  return `${pg.escapeIdentifier(schema)}.chunk`;
}

export async function ensureMarkers(client: pg.ClientBase, schema: string): Promise<void> {
  const found = await client.query('select to_regclass($1) as found', [`${schema}.chunk`]);
  if (found.rows[0]?.found !== null) return;
  // Two first starts at once would both create it: the lock makes the second find it.
  await client.query("select pg_advisory_lock(hashtext('steward_backfill_markers'))");
  try {
    await client.query(`
      create schema if not exists ${pg.escapeIdentifier(schema)};
      create table if not exists ${markerTable(schema)} (
        chunk_id uuid primary key,
        attempt int not null,
        state text not null check (state in ('running', 'done', 'failed')),
        pid int not null,
        error text,
        rows jsonb not null default '[]',
        announced_at timestamptz not null default now(),
        ended_at timestamptz
      );
    `);
  } finally {
    await client.query("select pg_advisory_unlock(hashtext('steward_backfill_markers'))");
  }
}

/** Says that this attempt is now the one. False: a newer attempt has been announced, or one has taken effect. */
export async function announce(
  client: pg.ClientBase,
  schema: string,
  chunkId: string,
  attempt: number,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into ${markerTable(schema)} as chunk (chunk_id, attempt, state, pid) values ($1, $2, 'running', pg_backend_pid())
     on conflict (chunk_id) do update set attempt = excluded.attempt, state = 'running', pid = excluded.pid, error = null,
       announced_at = now(), ended_at = null
     where chunk.state <> 'done' and (chunk.attempt < excluded.attempt
       or (chunk.attempt = excluded.attempt and chunk.state = 'running' and not exists (select from pg_stat_activity a where a.pid = chunk.pid and a.application_name = $3)))`,
    [chunkId, attempt, sessionName(chunkId, attempt)],
  );
  return rowCount === 1;
}

/** The last act of the transaction. False: this attempt was overtaken and must roll back. */
export async function markDone(
  client: pg.ClientBase,
  schema: string,
  chunkId: string,
  attempt: number,
  rows: Marker['rows'],
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update ${markerTable(schema)} set state = 'done', rows = $3, ended_at = now()
     where chunk_id = $1 and attempt = $2 and state = 'running' and pid = pg_backend_pid()`,
    [chunkId, attempt, JSON.stringify(rows)],
  );
  return rowCount === 1;
}

export async function markFailed(
  client: pg.ClientBase,
  schema: string,
  chunkId: string,
  attempt: number,
  error: string,
): Promise<void> {
  await client.query(
    `update ${markerTable(schema)} set state = 'failed', error = $3, ended_at = now()
     where chunk_id = $1 and attempt = $2 and state = 'running'`,
    [chunkId, attempt, error],
  );
}

export async function readMarker(
  client: pg.ClientBase,
  schema: string,
  chunkId: string,
): Promise<Marker | null> {
  const { rows } = await client.query<Marker>(
    `select attempt, state, pid, error, rows from ${markerTable(schema)} where chunk_id = $1`,
    [chunkId],
  );
  return rows[0] ?? null;
}

/** Name of the session that works on an attempt: how any process sees whether it still runs. Fits 63 bytes. */
export function sessionName(chunkId: string, attempt: number): string {
  return `steward-bf:${chunkId}:${attempt}`;
}

/** Whether the attempt's session is still there. */
export async function sessionLives(
  client: pg.ClientBase,
  chunkId: string,
  attempt: number,
): Promise<boolean> {
  const { rows } = await client.query(
    'select 1 from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()',
    [sessionName(chunkId, attempt)],
  );
  return rows.length > 0;
}

/** Ends sessions of older attempts of this chunk: their transactions roll back. */
export async function endOlderSessions(
  client: pg.ClientBase,
  chunkId: string,
  attempt: number,
): Promise<void> {
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where application_name like $1 and application_name <> $2 and pid <> pg_backend_pid()`,
    [`steward-bf:${chunkId}:%`, sessionName(chunkId, attempt)],
  );
}

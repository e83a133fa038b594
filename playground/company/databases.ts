import pg from 'pg';
import type { DemoArtifacts } from '../../demo/generate/artifacts.js';
import { openMartReaders, warehouseLogins } from '../../demo/people.js';
import { currentArtifacts } from '../../demo/story.js';
import { loadWarehouse } from '../../demo/warehouse/load.js';
import { loginPasswords } from '../../demo/warehouse/query-as.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/db/embedded/server.js';

/** Seed of the generated rows: the same for everybody who reads the same README. */
const seed = 7;

/** Drops what the demo knows, so that the next start is day one. */
export async function dropDatabases(dataDir: string): Promise<void> {
  const server = await startEmbeddedPostgres({ dataDir });
  const client = new pg.Client({ connectionString: server.url('postgres', 'postgres') });
  await client.connect();
  await client.query('drop database if exists steward with (force)');
  await client.query('drop database if exists warehouse with (force)');
  await client.end();
  await server.stop();
}

/** Fills the warehouse on the first start. */
export async function ensureWarehouse(
  server: EmbeddedPostgres,
  params: { secret: string; now: Date },
): Promise<void> {
  const client = new pg.Client({ connectionString: server.url('postgres', 'warehouse') });
  await client.connect();
  try {
    await client.query('create table if not exists public.demo_day_one (at timestamptz not null)');
    const known = await client.query<{ at: Date }>('select at from public.demo_day_one');
    if (known.rows[0]) return;
    await loadWarehouse(client, {
      now: params.now,
      seed,
      logins: warehouseLogins(),
      openMarts: openMartReaders(),
      password: loginPasswords(params.secret),
    });
    await client.query('insert into public.demo_day_one (at) values ($1)', [params.now]);
  } finally {
    await client.end();
  }
}

/** Marks the database as the demo's: only then may the clock be moved. */
export async function allowClock(server: EmbeddedPostgres): Promise<void> {
  const client = new pg.Client({ connectionString: server.url('postgres', 'steward') });
  await client.connect();
  await client.query('update clock set demo = true where id = 1 and not demo');
  await client.end();
}

/** dbt's artifacts as the story stands, with times relative to `now`: the demo is never older than its page. */
export async function storyArtifacts(server: EmbeddedPostgres, now: Date): Promise<DemoArtifacts> {
  const client = new pg.Client({ connectionString: server.url('postgres', 'warehouse') });
  await client.connect();
  try {
    return await currentArtifacts(client, now);
  } finally {
    await client.end();
  }
}

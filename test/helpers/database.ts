import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { makePool, type Pool } from '../../src/db/pool.js';

export interface TestDatabase extends Pool {
  name: string;
  /** URL as `steward_app`, the role that serves: what the product may not do, tests may not either. */
  url: string;
  /** URL of the same database as superuser, to look behind and to break things. */
  adminUrl: string;
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

let admin: Promise<pg.Client> | undefined;

/** One connection for all files that a process runs: to open one costs as much as to make a small table. */
async function asAdmin<Result>(body: (client: pg.Client) => Promise<Result>): Promise<Result> {
  admin ??= (async () => {
    const client = new pg.Client({ connectionString: inject('postgres').adminUrl });
    // The server stops at the end of the run, before this process does.
    client.on('error', () => undefined);
    client.on('end', () => {
      admin = undefined;
    });
    await client.connect();
    // The kernel copies files without handing their bytes up and down; not every server nor every build has it.
    await client.query('set file_copy_method = clone').catch(() => undefined);
    return client;
  })();
  return body(await admin);
}

/** A database of this file's own: a copy of the migrated template, dropped when the file ends. */
export async function makeTestDatabase(params: { max?: number } = {}): Promise<TestDatabase> {
  const { adminUrl, appUrl, template } = inject('postgres');
  const name = `t_${randomBytes(6).toString('hex')}`;
  await asAdmin(async (client) => {
    // Files are copied: page by page through the log, as is the default, takes several times as long.
    await client.query(
      `create database ${name} template ${template} owner steward_migrate strategy file_copy`,
    );
    await client.query(
      `revoke connect, temporary on database ${name} from public; grant connect, temporary on database ${name} to steward_app`,
    );
  });
  const url = withDatabase(appUrl, name);
  const pool = makePool(url, { max: params.max ?? 10, name });
  afterAll(async () => {
    await pool.close().catch(() => undefined);
    await asAdmin((client) => client.query(`drop database if exists ${name} with (force)`));
  });
  return { ...pool, name, url, adminUrl: withDatabase(adminUrl, name) };
}

/** An empty database with the superuser's URL: a stand-in warehouse. */
export async function makeEmptyDatabase(prefix = 'w'): Promise<{ name: string; adminUrl: string }> {
  const name = `${prefix}_${randomBytes(6).toString('hex')}`;
  await asAdmin((client) => client.query(`create database ${name} strategy file_copy`));
  afterAll(() => asAdmin((client) => client.query(`drop database if exists ${name} with (force)`)));
  return { name, adminUrl: withDatabase(inject('postgres').adminUrl, name) };
}

import { runMigrations as runBullMqMigrations } from 'bullmq';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { StartRefusedError } from '../errors.js';
import { currentLevel, migrations } from './migrations/registry.js';

/** Spells STWD; every process that migrates takes this lock, so two starters never migrate at once. */
const migrationLockKey = 0x53545744;

export interface MigrateResult {
  /** Level before and after. */
  from: number;
  to: number;
  applied: string[];
  bullmq: number;
}

/** Level the database stands at; 0 when Steward was never set up there. */
export async function databaseLevel(client: pg.ClientBase): Promise<number> {
  const exists = await client.query<{ found: string | null }>(
    `select to_regclass('public.steward_migration')::text as found`,
  );
  if (!exists.rows[0]?.found) return 0;
  const rows = await client.query<{ level: number | null }>(
    'select max(level)::int as level from steward_migration',
  );
  return rows.rows[0]?.level ?? 0;
}

/**
 * Brings the database to this code's level and BullMQ's tables to theirs, under one advisory lock. Each migration is a
 * transaction of its own with its ledger row; a failed one leaves the level before it. A newer database is left alone.
 */
export async function migrate(
  connectionString: string,
  params: {
    /** `retention.audit`: from now on the role that serves may have older audit rows deleted, and no younger ones. */
    auditKeepMs?: number | undefined;
  } = {},
): Promise<MigrateResult> {
  const pool = new pg.Pool({ connectionString, max: 1 });
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLockKey]);
    await client.query(
      'create table if not exists steward_migration (level int primary key, name text not null, applied_at timestamptz not null default now())',
    );
    const from = await databaseLevel(client);
    const applied: string[] = [];
    const onClient = new Kysely<unknown>({
      dialect: new PostgresDialect({ pool: singleClientPool(client) }),
    });
    for (const { level, name, migration } of migrations) {
      if (level <= from) continue;
      await onClient.transaction().execute(async (trx) => {
        await migration.up(trx);
        await sql`insert into steward_migration (level, name) values (${level}, ${name})`.execute(trx);
      });
      applied.push(name);
    }
    const bullmq = await runBullMqMigrations(client as never);
    await grantToApp(client);
    if (params.auditKeepMs !== undefined)
      await client.query(`update audit_retention set keep = make_interval(secs => $1)`, [
        params.auditKeepMs / 1_000,
      ]);
    return { from, to: Math.max(from, currentLevel), applied, bullmq };
  } finally {
    await client.query('select pg_advisory_unlock($1)', [migrationLockKey]).catch(() => undefined);
    client.release();
    await pool.end();
  }
}

/** Kysely over one checked-out client, so that migrations run in the session that holds the advisory lock. */
function singleClientPool(client: pg.PoolClient) {
  const borrowed = new Proxy(client, {
    get(target, property) {
      if (property === 'release') return () => undefined;
      const value = Reflect.get(target, property);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { options: {}, connect: async () => borrowed, end: async () => undefined };
}

/**
 * Rights of the role that serves: rows, never structure. BullMQ makes a sequence of its own per queue, so its schema (and no other)
 * allows that. Skipped where the role was not made (see docs/operations.md).
 */
async function grantToApp(client: pg.ClientBase): Promise<void> {
  const role = await client.query(`select 1 from pg_roles where rolname = 'steward_app'`);
  if (role.rowCount === 0) return;
  await client.query(`
    revoke create on schema public from public;
    grant usage on schema public, bullmq to steward_app;
    grant create on schema bullmq to steward_app;
    grant select, insert, update, delete on all tables in schema public, bullmq to steward_app;
    grant usage, select, update on all sequences in schema public to steward_app;
    do $do$
    declare own record;
    begin
      -- The sequences that BullMQ made at run time belong to steward_app already, and are not ours to grant.
      for own in
        select c.oid::regclass as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'bullmq' and c.relkind = 'S' and pg_get_userbyid(c.relowner) = current_user
      loop
        execute format('grant usage, select, update on sequence %s to steward_app', own.name);
      end loop;
    end $do$;
    grant execute on all functions in schema public, bullmq to steward_app;
    revoke insert, update, delete on steward_migration from steward_app;
    revoke update, delete, truncate on audit, audit_head from steward_app;
    grant update (seal_seq, seal_mac) on audit to steward_app;
    revoke update on audit_text from steward_app;
    revoke insert, update, delete, truncate on audit_purge, audit_retention from steward_app;
  `);
}

/** Refuses a database below this code's level; a newer one is served (expand and contract are two releases). */
export async function requireLevel(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const level = await databaseLevel(client);
    if (level < currentLevel) {
      throw new StartRefusedError(
        `DATABASE_URL: the database is at level ${level}, this version needs ${currentLevel}. Run \`steward migrate\` first.`,
      );
    }
  } finally {
    await client.end();
  }
}

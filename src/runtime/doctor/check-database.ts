import type { Environment } from '../../config/env.js';
import { makeLogger } from '../../telemetry/logger.js';
import { type OpenDatabase, openDatabase } from '../open-database.js';
import { reasonOf, type Say } from './say.js';

/** Reach, role, clock and whether the audit is sealed. The connection is the caller's to close; null where there is none. */
export async function checkDatabase(env: Environment, say: Say): Promise<OpenDatabase | null> {
  try {
    const database = await openDatabase(env, makeLogger('silent'), { max: 4 });
    const { rows } = await database.pool.pg.query<{
      superuser: boolean;
      role: string;
      version: string;
      offset: string;
    }>(
      `select rolsuper as superuser, current_user as role, current_setting('server_version') as version, extract(epoch from clock_timestamp())::text as offset from pg_roles where rolname = current_user`,
    );
    const row = rows[0];
    say(
      'Database',
      row?.superuser ? 'warning' : 'ok',
      `PostgreSQL ${row?.version ?? '?'} as ${row?.role ?? '?'}${env.databaseUrl ? '' : ', embedded'}`,
      row?.superuser ? 'connect as a role without superuser rights (docs/operations.md)' : undefined,
    );
    if (!row?.superuser) await checkRights(database, say);
    const apart = Math.abs(Number(row?.offset ?? 0) - Date.now() / 1000);
    if (apart > 30)
      say(
        'Clock',
        'warning',
        `this machine and the database are ${Math.round(apart)} s apart`,
        'switch on time synchronisation on both',
      );
    if (!env.auditKey && env.databaseUrl)
      say(
        'Audit',
        'warning',
        'STEWARD_AUDIT_KEY is not set: the audit trail is written but not sealed',
        'set it to a long random text and keep a copy elsewhere',
      );
    return database;
  } catch (error) {
    say(
      'Database',
      'error',
      reasonOf(error),
      env.databaseUrl
        ? 'do what it says; docs/operations.md has the database and its two roles'
        : 'do what it says; the server keeps its log, server.log, in the data folder',
    );
    return null;
  }
}

/** The role that serves reads and writes every table, and cannot delete what the audit says. */
async function checkRights({ pool }: OpenDatabase, say: Say): Promise<void> {
  const { rows } = await pool.pg.query<{ closed: string[] | null; deletes: boolean }>(`
    select array_agg(c.relname::text order by c.relname) filter (where not has_table_privilege(c.oid, 'select')) as closed,
           bool_or(c.relname = 'audit' and has_table_privilege(c.oid, 'delete')) as deletes
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('public', 'bullmq') and c.relkind in ('r', 'p')`);
  const closed = rows[0]?.closed ?? [];
  if (closed.length > 0)
    say(
      'Database rights',
      'error',
      `this role may not read ${closed.slice(0, 3).join(', ')}${closed.length > 3 ? ` and ${closed.length - 3} more tables` : ''}`,
      'connect as steward_app, or give this role the same rights (docs/operations.md)',
    );
  else if (rows[0]?.deletes)
    say(
      'Database rights',
      'warning',
      'this role may delete rows of the audit: it owns the tables',
      'serve as steward_app, and keep the owner for `steward migrate` (docs/operations.md)',
    );
}

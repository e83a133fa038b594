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
      env.databaseUrl ? '`steward migrate`, or correct DATABASE_URL' : 'see the log in the data folder',
    );
    return null;
  }
}

import pg from 'pg';

/** Roles with their passwords; the embedded server's superuser is `postgres`. */
type Passwords = { steward_migrate: string; steward_app: string; steward_provisioner: string };

/**
 * Databases and roles on the embedded server: `steward_migrate` owns Steward's database, `steward_app` serves it without
 * DDL, `steward_provisioner` knows the demo's warehouse only. Nobody else may connect to Steward's database.
 */
export async function setUpRoles(adminUrl: string, passwords: Passwords): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const existing = new Set(
      (await client.query<{ rolname: string }>('select rolname from pg_roles')).rows.map(
        (row) => row.rolname,
      ),
    );
    const roles: [keyof Passwords, string][] = [
      ['steward_migrate', 'login createrole'],
      ['steward_app', 'login'],
      ['steward_provisioner', 'login createrole'],
    ];
    for (const [role, options] of roles) {
      if (!existing.has(role)) await client.query(`create role ${role} ${options}`);
      await client.query(`alter role ${role} password ${client.escapeLiteral(passwords[role])}`);
    }
    const databases = new Set(
      (await client.query<{ datname: string }>('select datname from pg_database')).rows.map(
        (row) => row.datname,
      ),
    );
    if (!databases.has('steward')) await client.query('create database steward owner steward_migrate');
    if (!databases.has('warehouse')) await client.query('create database warehouse');
    await client.query(`
      revoke connect, temporary on database steward, postgres, template1 from public;
      grant connect, temporary on database steward to steward_app;
      revoke connect, temporary on database warehouse from public;
      grant connect on database warehouse to steward_provisioner;
    `);
  } finally {
    await client.end();
  }
}

import pg from 'pg';

/** Troubles of the warehouse that can be asked for. */
export const warehouseFaults = {
  /** The next logins are refused, as by a server that has no connection left. */
  refused: `raise exception 'the warehouse takes no more connections' using errcode = 'too_many_connections'`,
  /** The next logins wait before they get in. */
  slow: 'perform pg_sleep(5)',
} as const;
export type WarehouseFault = keyof typeof warehouseFaults;

/**
 * Lets the next `count` logins to the warehouse fail, and cuts the sessions that are open, so that there is a next login. A login trigger
 * counts with a sequence, because a refused login is rolled back and a sequence is not. The server's own superuser gets in.
 */
export async function failLogins(url: string, kind: WarehouseFault, count: number): Promise<void> {
  await asSuperuser(url, async (client) => {
    await client.query('begin');
    await client.query(undo);
    await client.query('create schema demo_fault; create sequence demo_fault.taken');
    await client.query(`comment on sequence demo_fault.taken is '${kind} ${count}'`);
    await client.query(`
      create function demo_fault.on_login() returns event_trigger language plpgsql security definer set search_path = pg_catalog as $fn$
      begin
        if session_user = 'postgres' then return; end if;
        if nextval('demo_fault.taken') <= ${count} then ${warehouseFaults[kind]}; end if;
      end $fn$;
      create event trigger demo_fault on login execute function demo_fault.on_login();
    `);
    await client.query('commit');
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename <> 'postgres'`,
    );
  });
}

/** Ends what `failLogins` began. */
export async function healLogins(url: string): Promise<void> {
  await asSuperuser(url, (client) => client.query(undo));
}

/** What is in force, and for how many logins more; null once it is used up. */
export async function loginFault(url: string): Promise<{ kind: string; left: number } | null> {
  return asSuperuser(url, async (client) => {
    const { rows } = await client.query<{ said: string; taken: number }>(`
      select obj_description(to_regclass('demo_fault.taken')) as said,
        coalesce((select last_value from pg_sequences where schemaname = 'demo_fault'), 0)::integer as taken
      where to_regclass('demo_fault.taken') is not null
    `);
    const row = rows[0];
    if (row === undefined) return null;
    const [kind = '', count = '0'] = row.said.split(' ');
    const left = Number(count) - row.taken;
    return left > 0 ? { kind, left } : null;
  });
}

const undo = 'drop event trigger if exists demo_fault; drop schema if exists demo_fault cascade';

async function asSuperuser<Result>(
  url: string,
  body: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await body(client);
  } finally {
    await client.end();
  }
}

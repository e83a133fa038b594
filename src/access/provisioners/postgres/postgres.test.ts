import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeEmptyDatabase } from '../../../../test/helpers/database.js';
import type { ChangeContext, ProbeContext, Provisioner, Right } from '../provisioner.js';
import { postgresProvisioner } from './index.js';

const suffix = randomBytes(4).toString('hex');
const provisionerRole = `prov_${suffix}`;
const maya = `maya_${suffix}`;
const other = `other_${suffix}`;
const full = process.env.CI === 'true' || process.env.STEWARD_FULL === '1';

let admin: pg.Client;
let provisioner: Provisioner;
let login: pg.Client;

const open = () => new AbortController().signal;
const change = (over: Partial<ChangeContext> = {}): ChangeContext => ({
  key: 'k',
  now: new Date(),
  until: null,
  keep: [],
  companions: [],
  signal: open(),
  ...over,
});
const probing = (what: ProbeContext['after'], keep: readonly Right[] = []): ProbeContext => ({
  after: what,
  keep,
  signal: open(),
});
const right = (over: Partial<Right> = {}): Right => ({
  login: maya,
  relation: 'finance.payouts',
  level: 'read',
  columns: [],
  ...over,
});

beforeAll(async () => {
  const database = await makeEmptyDatabase('prov');
  admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  await admin.query(`
    create role ${provisionerRole} login createrole password 'p';
    create role ${maya} login password 'm';
    create role ${other} login;
    grant connect on database ${database.name} to ${maya}, ${provisionerRole};
    create schema finance authorization ${provisionerRole};
    set role ${provisionerRole};
    create table finance.payouts (id int, account text, amount int);
    create table finance.secrets (id int);
    insert into finance.payouts values (1, 'DE00', 5);
    reset role;
  `);
  const url = (user: string, password: string): string => {
    const changed = new URL(database.adminUrl);
    changed.username = user;
    changed.password = password;
    return changed.href;
  };
  provisioner = postgresProvisioner.make(
    postgresProvisioner.config.parse({ name: 'w', type: 'postgres', url: { env: 'W' } }),
    {
      name: 'w',
      secret: () => url(provisionerRole, 'p'),
      fetch,
      now: () => new Date(),
    },
  );
  login = new pg.Client({ connectionString: url(maya, 'm') });
  await login.connect();
});

afterAll(async () => {
  await provisioner.close?.();
  await login.end();
  await admin.query(
    `drop schema finance cascade; reassign owned by ${provisionerRole} to current_user; drop owned by ${provisionerRole}, ${maya}, ${other}; drop role ${maya}, ${other}, ${provisionerRole}`,
  );
  await admin.end();
});

const select = (sql = 'select amount from finance.payouts') =>
  login.query(sql).then(
    (result) => result.rowCount,
    (error: Error) => error.message,
  );

it('runs on the version it is said to run on', async () => {
  const { rows } = await admin.query<{ server_version: string }>('show server_version');
  console.log(`postgres provisioner: PostgreSQL ${rows[0]?.server_version}`);
  expect(rows[0]?.server_version.split('.')[0]).toBe(process.env.STEWARD_TEST_POSTGRES_MAJOR ?? '18');
});

describe('a grant in PostgreSQL', () => {
  it('lets that person read and nothing else, with the schema they needed, and the probe says who gave it [provisioner postgres: real]', async () => {
    expect(await select()).toContain('permission denied for schema finance');
    const done = await provisioner.grant(right(), change());
    expect(done.companions).toEqual(['usage on schema finance']);
    expect(await select()).toBe(1);
    expect(await select('select * from finance.secrets')).toContain('permission denied');
    expect(await select('update finance.payouts set amount = 0')).toContain('permission denied');
    expect(await provisioner.probe(right(), probing('grant'))).toEqual({
      can: true,
      sources: [{ kind: 'direct', by: provisionerRole, ours: true, privilege: 'select' }],
      words: `${maya} can read finance.payouts (granted by ${provisionerRole})`,
    });
  });

  it('may be repeated, and is taken from the open session at once [A-live-session]', async () => {
    expect((await provisioner.grant(right(), change())).companions).toEqual([]);
    await provisioner.revoke(right(), change({ companions: ['usage on schema finance'] }));
    await provisioner.revoke(right(), change());
    expect(await select()).toContain('permission denied for schema finance');
    expect(await provisioner.probe(right(), probing('revoke'))).toMatchObject({ can: false, sources: [] });
  });

  it('covers single columns, and revoking the whole table keeps the columns still meant to be held [A-columns]', async () => {
    const columns = right({ columns: ['amount'] });
    await provisioner.grant(columns, change());
    expect(await select()).toBe(1);
    expect(await select('select account from finance.payouts')).toContain('permission denied');
    await provisioner.grant(right(), change());
    expect(await select('select account from finance.payouts')).toBe(1);
    await provisioner.revoke(right(), change({ keep: [columns] }));
    expect(await select('select account from finance.payouts')).toContain('permission denied');
    expect(await select()).toBe(1);
    await provisioner.revoke(columns, change());
    expect(await select()).toContain('permission denied');
  });

  it('keeps reading when only writing ends', async () => {
    const write = right({ level: 'write' });
    await provisioner.grant(write, change());
    await provisioner.revoke(write, change({ keep: [right()] }));
    expect(await select()).toBe(1);
    expect(await select('update finance.payouts set amount = 0')).toContain('permission denied');
    expect((await provisioner.probe(write, probing('revoke', [right()]))).can).toBe(false);
    await provisioner.revoke(right(), change());
  });

  it('is refused for a dataset, login or name that is not there, saying which', async () => {
    await expect(provisioner.grant(right({ relation: 'finance.gone' }), change())).rejects.toMatchObject({
      missing: 'relation',
    });
    await expect(provisioner.grant(right({ login: 'nobody' }), change())).rejects.toMatchObject({
      missing: 'login',
    });
    await expect(provisioner.grant(right({ columns: ['gone'] }), change())).rejects.toMatchObject({
      missing: 'relation',
    });
    await expect(
      provisioner.grant(right({ relation: `finance.${'x'.repeat(64)}` }), change()),
    ).rejects.toThrow(/longer than 63 bytes/);
    await expect(provisioner.grant(right({ relation: 'payouts' }), change())).rejects.toThrow(
      /does not name a schema/,
    );
  });
});

describe('a revoke that leaves access', () => {
  it('is seen by the probe, with PUBLIC, another grantor or a role as its source [A-probe]', async () => {
    await provisioner.grant(right(), change());
    await admin.query('grant select on finance.payouts to public');
    await admin.query(
      `grant select on finance.payouts to ${other} with grant option; grant usage on schema finance to ${other}; set role ${other}; grant select on finance.payouts to ${maya}; reset role`,
    );
    await provisioner.revoke(right(), change());
    const probe = await provisioner.probe(right(), probing('revoke'));
    expect(probe.can).toBe(true);
    expect(probe.sources.map((source) => [source.kind, source.by, source.ours])).toEqual([
      ['direct', other, false],
      ['public', 'PUBLIC', false],
    ]);
    await admin.query(
      `revoke select on finance.payouts from public; revoke select on finance.payouts from ${other} cascade; grant ${other} to ${maya}; grant select on finance.payouts to ${other}`,
    );
    const role = await provisioner.probe(right(), probing('revoke'));
    expect(role.words).toContain(`through the role ${other}`);
    await admin.query(`revoke ${other} from ${maya}; revoke select on finance.payouts from ${other}`);
    expect((await provisioner.probe(right(), probing('revoke'))).can).toBe(false);
  });

  it('tells our grants from others in the list of who can read [A-who]', async () => {
    await provisioner.grant(right(), change());
    await admin.query(`grant select on finance.payouts to ${other}`);
    const holders = await provisioner.who('finance.payouts', { signal: open() });
    expect(holders?.filter((holder) => [maya, other].includes(holder.login))).toEqual([
      {
        login: maya,
        privileges: ['select'],
        source: expect.objectContaining({ kind: 'direct', ours: true }),
      },
      { login: other, privileges: ['select'], source: expect.objectContaining({ kind: 'direct' }) },
    ]);
    await admin.query(`revoke select on finance.payouts from ${other}`);
    await provisioner.revoke(right(), change());
  });
});

describe('many changes at once', () => {
  it('all succeed on one table, where parallel GRANTs alone would fail', async () => {
    const rounds = full ? 60 : 16;
    await Promise.all(
      Array.from({ length: rounds }, (_, index) =>
        index % 2 === 0 ? provisioner.grant(right(), change()) : provisioner.revoke(right(), change()),
      ),
    );
    await provisioner.revoke(right(), change());
    expect((await provisioner.probe(right(), probing('revoke'))).can).toBe(false);
  });

  it('all succeed in a slow warehouse, however long each waits for its turn', async () => {
    await provisioner.grant(right(), change());
    await admin.query(`
      create function public.dawdle() returns event_trigger language plpgsql as $$ begin perform pg_sleep(2.6); end $$;
      create event trigger slow_changes on ddl_command_start when tag in ('GRANT', 'REVOKE') execute function public.dawdle();
    `);
    try {
      // Three connections and one lock: the third waits for the lock, the fifth for a connection, longer than connecting may take.
      const changes = Array.from({ length: 5 }, () => provisioner.grant(right(), change()));
      const quitting = new AbortController();
      const late = provisioner.grant(right(), change({ signal: quitting.signal }));
      quitting.abort(new Error('Steward is stopping'));
      await expect(late).rejects.toThrow(/could not be changed just now \(Steward is stopping\)/);
      expect(await Promise.all(changes)).toHaveLength(5);
    } finally {
      await admin.query('drop event trigger slow_changes; drop function public.dawdle()');
    }
    await provisioner.revoke(right(), change());
  }, 120_000);
});

describe('odd names', () => {
  const runs = full ? 5_000 : 50;
  const letter = fc.constantFrom(
    ...`'";--/*\\$%I{}()[],.= \t\nçñ漢😀aZ0_`,
    'drop ',
    'public',
    "'; grant all on finance.secrets to public; --",
    '"; --',
    '$$',
    '%I',
    '%s',
  );
  const name = fc
    .array(letter, { minLength: 1, maxLength: 12 })
    .map((letters) => letters.join(''))
    .filter((text) => !text.startsWith('pg_') && !['public', 'none', 'rest'].includes(text));
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  /** Made, held against and thrown away together: what one name does to another of them is seen, too. */
  const together = 25;
  const fits = (text: string): boolean => Buffer.byteLength(`${text}${suffix}`) <= 63;

  /**
   * Everything anybody may do in the database, by object, and every membership that the provisioner gave or has:
   * roles are the whole server's, and other tests make theirs meanwhile. A list that is not there means what it is by default, and is written out by
   * the first change.
   */
  async function world(): Promise<Map<string, string>> {
    const { rows } = await admin.query<{ object: string; acl: string }>(
      `select 'relation ' || pg_class.oid as object, coalesce(relacl, acldefault('r', relowner))::text as acl from pg_class
         join pg_namespace on pg_namespace.oid = relnamespace
         where nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
       union all select 'column ' || attrelid || ' ' || attnum, attacl::text from pg_attribute where attacl <> '{}'
       union all select 'schema ' || oid, coalesce(nspacl, acldefault('n', nspowner))::text from pg_namespace
       union all select 'membership ' || roleid || ' ' || member, '' from pg_auth_members
         where $1 in (pg_get_userbyid(grantor), pg_get_userbyid(member))`,
      [provisionerRole],
    );
    return new Map(rows.map(({ object, acl }) => [object, acl]));
  }

  function changed(before: Map<string, string>, after: Map<string, string>): string[] {
    return [...new Set([...before.keys(), ...after.keys()])]
      .filter((object) => before.get(object) !== after.get(object))
      .sort();
  }

  /** Schema, table and login of each name; answers what the column and the schema of each are called in `world`. */
  async function makeAll(names: readonly string[]): Promise<Map<string, string[]>> {
    await admin.query(
      names
        .map(
          (text) =>
            `create schema ${quote(text)} authorization ${provisionerRole}; create table ${quote(text)}.${quote(text)} (${quote(text)} int, rest int);
             alter table ${quote(text)}.${quote(text)} owner to ${provisionerRole}; create role ${quote(`${text}${suffix}`)} login`,
        )
        .join(';'),
    );
    const { rows } = await admin.query<{ name: string; relation: number; schema: number }>(
      `select relname as name, pg_class.oid as relation, relnamespace as schema from pg_class
         join pg_namespace on pg_namespace.oid = relnamespace and nspname = relname where relname = any($1)`,
      [names],
    );
    return new Map(
      rows.map(({ name, relation, schema }) => [name, [`column ${relation} 1`, `schema ${schema}`]]),
    );
  }

  const dropAll = (names: readonly string[]) =>
    admin.query(
      names
        .map((text) => `drop schema ${quote(text)} cascade; drop role ${quote(`${text}${suffix}`)}`)
        .join(';'),
    );

  it(
    `change nothing but their own object (${runs} names)`,
    async () => {
      let granted = 0;
      let refused = 0;
      const odd = (text: string): Right => ({
        login: `${text}${suffix}`,
        relation: `${quote(text)}.${quote(text)}`,
        level: 'read',
        columns: [text],
      });
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(name, { minLength: together, maxLength: together, size: 'max' }),
          async (texts) => {
            for (const text of texts.filter((long) => !fits(long))) {
              await expect(provisioner.grant(odd(text), change())).rejects.toMatchObject({
                code: 'warehouse_refused',
              });
              refused += 1;
            }
            const names = texts.filter(fits);
            const own = await makeAll(names);
            try {
              const before = await world();
              for (const [position, text] of names.entries()) {
                const done = await provisioner.grant(odd(text), change());
                expect((await provisioner.probe(odd(text), probing('grant'))).can).toBe(true);
                expect(changed(before, await world())).toEqual(own.get(text));
                await provisioner.revoke(odd(text), change({ companions: done.companions ?? [] }));
                // What is taken is seen for all below; that a probe sees it too, for some.
                if (position % 5 === 0)
                  expect((await provisioner.probe(odd(text), probing('revoke'))).can).toBe(false);
                granted += 1;
              }
              expect(changed(before, await world())).toEqual([]);
            } finally {
              await dropAll(names);
              // What is dropped stays in the catalogs until then, and every later look goes past it.
              await admin.query(
                'vacuum pg_class, pg_attribute, pg_namespace, pg_authid, pg_shdepend, pg_depend',
              );
            }
          },
        ),
        { numRuns: runs / together },
      );
      console.log(`fuzzed names: ${granted} granted and revoked, ${refused} refused as too long`);
    },
    full ? 900_000 : 60_000,
  );
});

import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeEmptyDatabase } from '../../test/helpers/database.js';
import { loginPasswords, queryAs } from './query-as.js';
import { makeLogins } from './roles.js';

const login = 'demo_query_person';
const password = loginPasswords('one secret of this test');
let url: string;
let admin: pg.Client;

beforeAll(async () => {
  ({ adminUrl: url } = await makeEmptyDatabase());
  admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(`revoke all on database ${admin.escapeIdentifier(admin.database ?? '')} from public`);
  await admin.query('create schema marts; create table marts.secrets as select 1 as id');
  await makeLogins(admin, { people: [login], openMarts: [], password });
});
afterAll(async () => {
  await admin.query(`drop owned by ${login}; drop role ${login}`);
  await admin.end();
});

describe('a query as a person', () => {
  it('runs as that person, with columns and rows', async () => {
    const reply = await queryAs(url, login, password(login), 'select current_user as me, 2 as two');
    expect(reply).toMatchObject({ ok: true, columns: ['me', 'two'], rows: [[login, 2]], rowCount: 1 });
  });

  it("answers a refusal with the server's own words", async () => {
    const reply = await queryAs(url, login, password(login), 'select * from marts.secrets');
    expect(reply).toMatchObject({ ok: false, error: 'permission denied for table secrets' });
  });

  it('takes one statement only', async () => {
    const reply = await queryAs(url, login, password(login), 'select 1; select 2');
    expect(reply).toMatchObject({ ok: false, error: expect.stringContaining('multiple commands') });
  });

  it('gives each login a password of its own', () => {
    expect(password(login)).not.toBe(password('somebody_else'));
    expect(password(login)).toBe(loginPasswords('one secret of this test')(login));
  });

  it('shows at most two hundred rows and counts them all', async () => {
    const reply = await queryAs(url, login, password(login), 'select * from generate_series(1, 500)');
    expect(reply.rowCount).toBe(500);
    expect(reply.rows).toHaveLength(200);
  });
});

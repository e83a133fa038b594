import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeEmptyDatabase } from '../../../test/helpers/database.js';
import { rowsAskedFor } from './read-value.js';
import { runGovernedQuery, tablesOf } from './run-query.js';

const suffix = randomBytes(4).toString('hex');
const reader = `reader_${suffix}`;
const may = `may_${suffix}`;
const mayNot = `maynot_${suffix}`;
const limits = { role: reader, maxRows: 2, timeoutMs: 500 };
const sql = 'select month, mrr from marts.fct_mrr order by month desc';
let client: pg.Client;

beforeAll(async () => {
  const database = await makeEmptyDatabase('values');
  client = new pg.Client({ connectionString: database.adminUrl });
  await client.connect();
  await client.query(`
    create role ${reader}; create role ${may} login; create role ${mayNot} login;
    create schema marts;
    create table marts.fct_mrr (month date, mrr int);
    create table marts.payroll (person text, amount int);
    insert into marts.fct_mrr values ('2026-01-01', 10), ('2026-02-01', 12), ('2025-12-01', 9);
    grant usage on schema marts to ${reader}, ${may}, ${mayNot};
    grant select on marts.fct_mrr to ${reader}, ${may};
  `);
});
afterAll(() => client.end());

const run = (text: string, login = may) => runGovernedQuery(client, text, login, limits);

describe("a metric's own query", () => {
  it('gives rows as the server writes them, newest first as it asks, within the limit', async () => {
    expect(await run(sql)).toEqual({
      columns: ['month', 'mrr'],
      rows: [
        ['2026-02-01', '12'],
        ['2026-01-01', '10'],
      ],
      more: true,
    });
  });

  it('is refused to somebody whose own login may not read its tables, who is told which', async () => {
    await expect(run(sql, mayNot)).rejects.toThrow('marts.fct_mrr');
  });

  it('is refused to a login that the warehouse does not have', async () => {
    await expect(run(sql, 'nobody_here')).rejects.toThrow('no login');
  });

  it('reads nothing that its role may not read', async () => {
    await expect(run('select * from marts.payroll')).rejects.toThrow('may not read');
  });

  it.each([
    'delete from marts.fct_mrr',
    'with gone as (delete from marts.fct_mrr returning 1) select * from gone',
    'select 1; delete from marts.fct_mrr',
    'select 1; reset role; delete from marts.fct_mrr',
    "select set_config('role', 'none', true)",
    "select query_to_xml('delete from marts.fct_mrr', true, true, '')",
    '',
  ])('changes nothing and is refused: %s', async (text) => {
    await expect(run(text)).rejects.toThrow();
    expect((await client.query('select 1 from marts.fct_mrr')).rowCount).toBe(3);
    expect((await client.query<{ me: string }>('select current_user as me')).rows[0]?.me).not.toBe(reader);
  });

  it('is stopped when it takes too long', async () => {
    const long = 'select count(*) from generate_series(1, 100000000) as a, generate_series(1, 1000) as b';
    await expect(run(long)).rejects.toThrow('longer than 0.5 s');
  });
});

it('finds the tables of a plan at any depth', () => {
  const plan = [
    {
      Plan: {
        Plans: [{ 'Relation Name': 'a', Schema: 'x' }, { Plans: [{ 'Relation Name': 'b', Schema: 'y' }] }],
      },
    },
  ];
  expect(tablesOf(plan)).toEqual([
    { schema: 'x', name: 'a' },
    { schema: 'y', name: 'b' },
  ]);
});

it('shows the month that was asked for, and otherwise the newest rows', () => {
  const value = {
    columns: ['month', 'mrr'],
    rows: [
      ['2026-02-01', '12'],
      ['2025-10-01', '8'],
    ],
    more: false,
  };
  const now = new Date('2026-02-20T10:00:00Z');
  expect(rowsAskedFor(value, 'what was MRR in October?', now, 3)).toEqual([['2025-10-01', '8']]);
  expect(rowsAskedFor(value, 'what is the current value of MRR', now, 1)).toEqual([['2026-02-01', '12']]);
});

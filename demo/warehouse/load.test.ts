import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeEmptyDatabase } from '../../test/helpers/database.js';
import { loadWarehouse } from './load.js';

const now = new Date('2026-11-16T09:10:00Z');
let client: pg.Client;
let elapsedMs = 0;

beforeAll(async () => {
  const { adminUrl } = await makeEmptyDatabase();
  client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  const began = performance.now();
  await loadWarehouse(client, { now, seed: 7, logins: ['demo_load_reader'] });
  elapsedMs = performance.now() - began;
});
afterAll(() => client.end());

describe('the warehouse', () => {
  it('loads', async () => {
    console.log(elapsedMs);
    const { rows } = await client.query(
      `select schemaname||'.'||relname as t, n_live_tup, (xpath('/row/c/text()', query_to_xml('select count(*) as c from '||schemaname||'.'||relname, false,true,'')))[1]::text c from pg_stat_user_tables order by 1`,
    );
    console.log(rows.map((r) => r.t + ' ' + r.c).join('\n'));
    expect(rows.length).toBeGreaterThan(10);
  });
});

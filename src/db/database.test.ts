import pg from 'pg';
import { expect, it } from 'vitest';
import { makeTestDatabase } from '../../test/helpers/database.js';

it('serves with a role that may write rows but not change structure', async () => {
  const database = await makeTestDatabase();
  await database.db.insertInto('setting').values({ key: 'a', value: '{}', updated_at: new Date() }).execute();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await expect(client.query('create table stray (id int)')).rejects.toThrow(/permission denied/);
  await expect(client.query('delete from audit')).rejects.toThrow(/permission denied/);
  await client.end();
});

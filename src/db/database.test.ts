import pg from 'pg';
import { expect, inject, it } from 'vitest';
import { makeTestDatabase } from '../../test/helpers/database.js';
import { migrate } from './migrate.js';

it('serves with a role that may write rows but not change structure', async () => {
  const database = await makeTestDatabase();
  await database.db.insertInto('setting').values({ key: 'a', value: '{}', updated_at: new Date() }).execute();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await expect(client.query('create table stray (id int)')).rejects.toThrow(/permission denied/);
  await expect(client.query('delete from audit')).rejects.toThrow(/permission denied/);
  await client.end();
});

it('migrates again after BullMQ made sequences of its own as the serving role', async () => {
  const database = await makeTestDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('create sequence bullmq.made_at_run_time');
  await client.end();
  const asMigrate = new URL(inject('postgres').migrateUrl);
  asMigrate.pathname = `/${database.name}`;
  expect((await migrate(asMigrate.href)).applied).toEqual([]);
});

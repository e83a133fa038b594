import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeEmptyDatabase } from '../../../../test/helpers/database.js';
import { slicesBetween } from '../../partition.js';
import { type ChunkStart, type Executor, startKey } from '../executor.js';
import { postgres } from './index.js';
import { announce, ensureMarkers, markDone } from './marker.js';
import { splitSql } from './split-sql.js';

let url = '';
const day = slicesBetween({ grain: 'day', timeZone: 'UTC' }, new Date('2026-10-01'), new Date('2026-10-02'));

beforeAll(async () => {
  url = (await makeEmptyDatabase()).adminUrl;
  await ask('create table mart (day date, n int); create table log (day date)');
});

async function ask(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query(sql);
    return Array.isArray(result) ? [] : result.rows;
  } finally {
    await client.end();
  }
}

function open(sql: string, extra: Record<string, unknown> = {}): Executor {
  return postgres.open(
    {
      name: 'wh',
      type: 'postgres',
      warehouse: 'main',
      pipelines: { p: { sql, relation: 'mart' } },
      ...extra,
    },
    { fetch, secret: () => undefined, baseDir: '/', warehouseUrl: () => url, now: () => new Date() },
  );
}

function start(attempt = 1, chunkId: string = randomUUID()): ChunkStart {
  return {
    chunkId,
    attempt,
    key: startKey(chunkId, attempt),
    reference: 'BF-1',
    pipeline: 'p',
    slices: day,
    reprocess: 'all',
    direction: 'forward',
    concurrency: 1,
    now: new Date(),
  };
}

const rebuild = `delete from mart where day = (:partition_start::timestamptz at time zone 'UTC')::date;
  insert into mart values ((:partition_start::timestamptz at time zone 'UTC')::date, 1); insert into log values ('2026-10-01')`;

async function until(look: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await look()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it never came about');
}

describe('rebuilding a partition in the warehouse', () => {
  it('takes effect once, however often the same start is asked for [executor postgres: real]', async () => {
    await ask('truncate mart, log');
    const executor = open(rebuild);
    const chunk = start();
    expect(await executor.find(chunk)).toBeNull();
    await Promise.all([executor.start(chunk), executor.start(chunk), executor.start(chunk)]);
    await until(async () => (await executor.standing({ externalId: '' }, chunk)).state === 'succeeded');
    await executor.start(chunk);
    await executor.start({ ...chunk, attempt: 2 });
    expect(await ask('select count(*)::int as n from log')).toEqual([{ n: 1 }]);
    expect(await executor.standing({ externalId: '' }, chunk)).toEqual({
      state: 'succeeded',
      rows: [{ key: '2026-10-01', before: 0, after: 1 }],
    });
    await executor.close?.();
  });

  it('is told where it stands also while the warehouse keeps every look waiting', async () => {
    await ask('truncate mart, log');
    const executor = open(rebuild);
    const chunk = start();
    await executor.start(chunk);
    await until(async () => (await executor.standing({ externalId: '' }, chunk)).state === 'succeeded');
    const holder = new pg.Client({ connectionString: url });
    await holder.connect();
    await holder.query('begin; lock table mart in access exclusive mode');
    const looks = Array.from({ length: 3 }, () => executor.countRows?.('p', day));
    const standing = executor.standing({ externalId: '' }, chunk).catch((error: Error) => error.message);
    // Longer than a connection may take to open.
    await Promise.race([standing, new Promise((resolve) => setTimeout(resolve, 5_500))]);
    await holder.end();
    expect(await standing).toMatchObject({ state: 'succeeded' });
    expect(await Promise.all(looks)).toHaveLength(3);
    await executor.close?.();
  });

  it('an older attempt that is overtaken in the middle leaves nothing behind', async () => {
    await ask('truncate mart, log');
    const slow = open(`select pg_sleep(20); ${rebuild}`);
    const quick = open(rebuild);
    const chunk = start();
    const first = slow.start(chunk);
    await until(async () => (await quick.standing({ externalId: '' }, chunk)).state === 'running');
    await quick.start({ ...chunk, attempt: 2 });
    await first;
    await until(
      async () => (await quick.standing({ externalId: '' }, { ...chunk, attempt: 2 })).state === 'succeeded',
    );
    expect(await ask('select count(*)::int as n from log')).toEqual([{ n: 1 }]);
    await slow.close?.();
    await quick.close?.();
  });

  it('an attempt that was overtaken cannot say that it is done', async () => {
    const one = new pg.Client({ connectionString: url });
    const two = new pg.Client({ connectionString: url });
    await Promise.all([one.connect(), two.connect()]);
    await ensureMarkers(one, 'steward_backfill');
    const id = randomUUID();
    expect(await announce(one, 'steward_backfill', id, 1)).toBe(true);
    expect(await announce(two, 'steward_backfill', id, 2)).toBe(true);
    expect(await markDone(one, 'steward_backfill', id, 1, [])).toBe(false);
    expect(await markDone(two, 'steward_backfill', id, 2, [])).toBe(true);
    expect(await announce(one, 'steward_backfill', id, 3)).toBe(false);
    await Promise.all([one.end(), two.end()]);
  });

  it('that fails is rolled back and says why', async () => {
    await ask('truncate mart, log');
    const executor = open(`${rebuild}; select 1 / 0`);
    const chunk = start();
    await executor.start(chunk);
    await until(async () => (await executor.standing({ externalId: '' }, chunk)).state === 'failed');
    expect(await executor.standing({ externalId: '' }, chunk)).toMatchObject({
      error: 'division by zero [22012]',
    });
    expect(await ask('select count(*)::int as n from mart')).toEqual([{ n: 0 }]);
    await executor.close?.();
  });

  it('that runs longer than allowed is stopped', async () => {
    const executor = open(`select pg_sleep(30); ${rebuild}`, { statementTimeout: '1s' });
    const chunk = start();
    await executor.start(chunk);
    await until(async () => (await executor.standing({ externalId: '' }, chunk)).state === 'failed');
    expect(JSON.stringify(await executor.standing({ externalId: '' }, chunk))).toContain(
      'ran longer than allowed',
    );
    await executor.close?.();
  });

  it('is stopped by a cancel, seen stopped, and nothing of it stays', async () => {
    await ask('truncate mart, log');
    const executor = open(`${rebuild}; select pg_sleep(30)`);
    const chunk = start();
    // Stopped before its start was announced, the start says so itself.
    const begun = executor.start(chunk).catch((error: unknown) => String(error));
    await until(async () => (await executor.standing({ externalId: '' }, chunk)).state === 'running');
    expect(await executor.cancel({ externalId: '' }, chunk)).toMatchObject({ stopped: true });
    const refusal = await begun;
    if (typeof refusal === 'string') expect(refusal).toContain('Nothing was rebuilt');
    expect(await ask('select count(*)::int as n from log')).toEqual([{ n: 0 }]);
    await executor.close?.();
  });

  it('knows no pipeline that is not its own, whatever the name', async () => {
    for (const name of ['../../etc/passwd', '__proto__', 'constructor', "p'; drop table mart; --", '']) {
      const ask = {
        pipeline: name,
        slices: day,
        reprocess: 'all' as const,
        direction: 'forward' as const,
        concurrency: 1,
      };
      await expect(open(rebuild, { pipelinesDir: 'nowhere' }).preview(ask)).rejects.toMatchObject({
        code: 'executor_refused',
      });
    }
  });
});

describe('cutting a script into statements', () => {
  it('leaves quotes, dollar quotes and comments whole, and casts alone', () => {
    expect(
      splitSql(
        "select ';', $a$ ; :partition_start $a$; -- a; comment\n select ':partition_end'::text, :partition_end::date /* ; /* nested ; */ */;\n;",
      ),
    ).toEqual([
      "select ';', $a$ ; :partition_start $a$",
      "-- a; comment\n select ':partition_end'::text, $2::date /* ; /* nested ; */ */",
    ]);
  });
});

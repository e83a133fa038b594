import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { baseConfig } from './company.js';
import { bundleWorker, startStayingWorker, startWorker, type WorkerSettings } from './processes.js';
import { ordersSql, rebuilds, withWarehouse } from './warehouse.js';
import { makeWorld, type World } from './world.js';

const full = process.env.CI === 'true' || process.env.STEWARD_FULL === '1';
/** Kill points tried: spread over the whole run, more where it is checked in full. */
const points = full ? 24 : 8;
const days = 3;

/** Commits the log, rolls back with the rest: what took effect is counted, whatever was tried. */
const executor = { maxRunning: 2, maxPerPipeline: 2 };

describe('a worker killed at every step of a run', () => {
  let world: World;
  let file: string;
  let settings: WorkerSettings;

  beforeAll(async () => {
    world = await makeWorld({ executor });
    file = await bundleWorker();
    settings = {
      database: world.database.url,
      warehouse: world.warehouseUrl,
      config: {
        ...baseConfig,
        executors: [
          {
            name: 'warehouse',
            type: 'postgres',
            warehouse: 'main',
            pipelines: { orders_daily: { sql: ordersSql } },
            ...executor,
          },
        ],
      },
      atOnce: 2,
      startedAt: Date.now(),
    };
  }, 120_000);
  afterAll(() => rm(path.dirname(file), { recursive: true, force: true }));

  async function fresh(): Promise<string> {
    await withWarehouse(world.database.adminUrl, (client) =>
      client.query(
        'truncate backfill, backfill_chunk, outbox, asset_notice, approval_request, slack_message cascade',
      ),
    );
    await withWarehouse(world.warehouseUrl, (client) =>
      client.query('truncate marts.orders_daily, marts.rebuild_log'),
    );
    const asked = await world.ask(
      'rita',
      { window: `last ${days} days`, concurrency: 2 },
      crypto.randomUUID(),
    );
    return asked.id;
  }

  it('rebuilds each partition exactly once in effect', async () => {
    await fresh();
    let worker = startStayingWorker(file, settings);
    await worker.idle();
    // How much a run says is counted on its second: a worker that has just started says more.
    await fresh();
    worker.again({ at: 0, how: 'before' });
    const whole = await worker.idle();
    const conversations = 'conversations' in whole ? whole.conversations : 0;
    expect(conversations, JSON.stringify(whole)).toBeGreaterThan(60);
    let killed = 0;
    let partitions = 0;
    for (let point = 0; point < points; point += 1) {
      const id = await fresh();
      const at = 1 + Math.floor((point * conversations) / points);
      const how = point % 2 === 0 ? 'after' : 'before';
      worker.again({ at, how });
      const first = await worker.idle();
      if ('signal' in first) {
        expect(first.signal, first.output).toBe('SIGKILL');
        killed += 1;
        // The one that takes over is also the one that the next run kills.
        worker = startStayingWorker(file, settings);
        const second = await worker.idle();
        expect(second, `after a kill ${how} conversation ${at}`).toHaveProperty('conversations');
      }
      const { state } = await world.services.db
        .selectFrom('backfill')
        .select('state')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      expect(state, `after a kill ${how} conversation ${at}`).toBe('succeeded');
      const seen = await rebuilds(world.warehouseUrl);
      expect(seen.size, `after a kill ${how} conversation ${at}`).toBe(days);
      for (const [day, { times, right }] of seen) {
        partitions += 1;
        expect({ day, times, right }, `after a kill ${how} conversation ${at}`).toEqual({
          day,
          times: 1,
          right: true,
        });
      }
    }
    console.log(
      `${killed} kill points tried of ${conversations} conversations with PostgreSQL, ${partitions} partitions checked: each rebuilt exactly once`,
    );
    expect(killed).toBeGreaterThan(points / 2);
    expect((await worker.letGo()).code).toBe(0);
  }, 900_000);
});

describe('caps with three workers on one database', () => {
  it('never runs more at once than executor, pipeline and overall allow, and does run side by side', async () => {
    const sql = `
      delete from marts.orders_daily where day >= (:partition_start::timestamptz at time zone 'UTC')::date and day < (:partition_end::timestamptz at time zone 'UTC')::date;
      insert into marts.spans (day, began) values ((:partition_start::timestamptz at time zone 'UTC')::date, clock_timestamp());
      select pg_sleep(0.5);
      insert into marts.orders_daily (day, orders, amount) select day, count(*), sum(amount) from raw.orders
        where day >= (:partition_start::timestamptz at time zone 'UTC')::date and day < (:partition_end::timestamptz at time zone 'UTC')::date group by day;
      update marts.spans set ended = clock_timestamp() where day = (:partition_start::timestamptz at time zone 'UTC')::date;`;
    const capped = {
      maxRunning: 3,
      maxPerPipeline: 3,
      pipelines: { orders_daily: { sql, relation: 'marts.orders_daily' } },
    };
    const policy = 'version: 1\nrules:\n  - { name: all, kind: backfill, autoApprove: In this test. }\n';
    const world = await makeWorld({ executor: capped, policy });
    await withWarehouse(world.warehouseUrl, (client) =>
      client.query('create table marts.spans (day date, began timestamptz, ended timestamptz)'),
    );
    await world.ask('rita', { window: '2026-10-20 to 2026-11-02', concurrency: 10 });
    await world.ask('gus', { window: '2026-11-03 to 2026-11-12', concurrency: 10 });
    const file = await bundleWorker();
    const settings = {
      database: world.database.url,
      warehouse: world.warehouseUrl,
      config: {
        ...baseConfig,
        executors: [{ name: 'warehouse', type: 'postgres', warehouse: 'main', ...capped }],
      },
      atOnce: 4,
      startedAt: Date.now(),
    };
    const ended = await Promise.all([1, 2, 3].map(() => startWorker(file, settings).ended));
    await rm(path.dirname(file), { recursive: true, force: true });
    expect(
      ended.map(({ code }) => code),
      ended[0]?.output ?? '',
    ).toEqual([0, 0, 0]);
    const most = await withWarehouse(world.warehouseUrl, async (client) => {
      const { rows } = await client.query<{ most: string; days: string }>(`
        select max((select count(*) from marts.spans other where other.began <= one.began and other.ended > one.began)) as most, count(*) as days from marts.spans one`);
      return rows[0];
    });
    expect(Number(most?.days)).toBe(24);
    expect(Number(most?.most)).toBeLessThanOrEqual(3);
    // How many of the three are under way together is the machine's affair.
    expect(Number(most?.most)).toBeGreaterThan(1);
    console.log(`24 chunks of two backfills by three workers: never more than 3 at once`);
  }, 120_000);
});

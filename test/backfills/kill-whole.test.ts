import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePlayClock } from '../../playground/clock.js';
import { playManifest } from '../../playground/manifest.js';
import { type Playground, startPlayground } from '../../playground/server.js';
import { gatherRegistrations } from '../../src/app.js';
import { openExecutors } from '../../src/backfills/executors/open.js';
import { stewardConfig } from '../../src/config/steward-schema.js';
import { buildManifest } from '../../src/slack/manifest.js';
import { baseConfig, noon } from './company.js';
import { type FakeServer, startFakeServer } from './fake-server.js';
import { ownSystem } from './own-system.js';
import { bundleWorker, startWorker, type WorkerSettings } from './processes.js';
import { ordersSql, rebuilds, withWarehouse } from './warehouse.js';
import { makeWorld, type World } from './world.js';

const full = process.env.CI === 'true' || process.env.STEWARD_FULL === '1';
/** Kill points tried with each executor, spread over the whole run. */
const points = full ? 4 : 2;
const days = 3;

let slack: Playground;
let fake: FakeServer;
let file: string;

beforeAll(async () => {
  file = await bundleWorker('whole-worker');
  fake = await startFakeServer();
  slack = await startPlayground({
    team: { name: 'Lab' },
    manifest: playManifest.parse(buildManifest(gatherRegistrations(), stewardConfig.parse(baseConfig), {})),
    people: baseConfig.people.map(({ slack: id, name, email }) => ({ id, name: name.toLowerCase(), email })),
    channels: [
      { id: 'C0BACKFILL', name: 'backfills', members: ['rita', 'ona', 'steward'] },
      { id: 'C0APPROVE', name: 'approvals', members: ['ona', 'steward'] },
    ],
    delivery: { mode: 'socket' },
    clock: makePlayClock(noon.getTime() - Date.now()),
  });
}, 180_000);
afterAll(async () => {
  await slack.stop();
  await fake.close();
  await rm(path.dirname(file), { recursive: true, force: true });
});

/** An executor under test, and how often each partition took effect at it. */
interface Place {
  entry: Record<string, unknown>;
  reset: (world: World) => Promise<void>;
  effects: (world: World) => Promise<number[]>;
}

/** Rebuilds in the warehouse, in a transaction of the worker's own. */
const postgres: Place = {
  entry: {
    type: 'postgres',
    warehouse: 'main',
    pipelines: { orders_daily: { sql: ordersSql } },
    maxRunning: 2,
    maxPerPipeline: 2,
  },
  reset: (world) =>
    withWarehouse(world.warehouseUrl, async (client) => {
      await client.query('truncate marts.orders_daily, marts.rebuild_log');
    }),
  effects: async (world) =>
    [...(await rebuilds(world.warehouseUrl)).values()].map(({ times, right }) => (right ? times : -1)),
};

/** Tells another system to run, which goes on whoever dies here. */
function otherSystem(): Place {
  let system = ownSystem(fake);
  return {
    entry: {
      type: 'webhook',
      url: `${fake.url}/run`,
      secret: { env: 'S' },
      chunkSize: 1,
      maxRunning: 2,
      maxPerPipeline: 2,
    },
    reset: async () => {
      system = ownSystem(fake);
      system.next = 'succeeded';
    },
    effects: async () => Array.from(system.runs.values(), () => 1),
  };
}

async function worldOf(place: Place): Promise<World> {
  const executors = [{ name: 'warehouse', ...place.entry }];
  return place.entry.type === 'postgres'
    ? makeWorld({ executor: place.entry })
    : makeWorld({
        config: { executors },
        executors: openExecutors({ executors } as never, {
          fetch: globalThis.fetch,
          secret: () => 'secret',
          baseDir: process.cwd(),
          warehouseUrl: () => '',
          now: () => new Date(),
        }),
      });
}

/** A world in which one backfill has just been approved by policy. */
async function fresh(world: World, place: Place): Promise<{ id: string; reference: string }> {
  await withWarehouse(world.database.adminUrl, (client) =>
    client.query(
      'truncate backfill, backfill_chunk, outbox, lane, asset_notice, approval_request, slack_message cascade',
    ),
  );
  await place.reset(world);
  return world.ask('rita', { window: `last ${days} days`, concurrency: 2 }, crypto.randomUUID());
}

/** A lane of a process that died is free again half a minute later; that time passes here. */
async function lanesRunOut(world: World): Promise<void> {
  await withWarehouse(world.database.adminUrl, (client) =>
    client.query(
      "update lane set locked_until = clock_timestamp() - interval '1 second' where locked_until is not null",
    ),
  );
}

interface Posted {
  text: string;
  ts: string;
  thread_ts?: string;
}

/** The card of the backfill that was asked for last, and its thread: references begin anew in every world. */
async function postedSince(since: string): Promise<{ cards: string[]; history: string[]; last: string }> {
  const answer = await fetch(new URL('/_play/messages?channel=backfills', slack.url), {
    headers: { authorization: `Bearer ${slack.token}` },
  });
  const all = ((await answer.json()) as { messages: Posted[] }).messages.filter(({ ts }) => ts > since);
  return {
    cards: all.filter(({ text, thread_ts }) => !thread_ts && /^BF-\d+ /.test(text)).map(({ text }) => text),
    history: all.filter(({ thread_ts }) => thread_ts !== undefined).map(({ text }) => text),
    last:
      all
        .map(({ ts }) => ts)
        .sort()
        .at(-1) ?? since,
  };
}

describe.each([
  ['in the warehouse', () => postgres],
  ['in another system', otherSystem],
])('a served run that rebuilds %s', (name, makePlace) => {
  it('killed at every kind of step, rebuilds and tells everything once', async () => {
    const place = makePlace();
    const world = await worldOf(place);
    const settings: WorkerSettings = {
      database: world.database.url,
      warehouse: world.warehouseUrl,
      config: { ...baseConfig, executors: [{ name: 'warehouse', ...place.entry }] },
      atOnce: 1,
      startedAt: Date.now(),
      slack: { token: slack.botToken, apiUrl: slack.apiUrl },
    };
    await fresh(world, place);
    const whole = await startWorker(file, settings).ended;
    expect(whole, whole.output).toMatchObject({ code: 0 });
    const conversations = Number(/conversations (\d+)/.exec(whole.output)?.[1]);
    expect(conversations).toBeGreaterThan(100);
    let killed = 0;
    let partitions = 0;
    let told = 0;
    let { last: since } = await postedSince('0');
    for (let point = 0; point < points; point += 1) {
      const { id } = await fresh(world, place);
      const at = 1 + Math.floor(((point + 0.5) * conversations) / points);
      const how = point % 2 === 0 ? 'after' : 'before';
      const where = `after a kill ${how} conversation ${at}`;
      const first = await startWorker(file, settings, { at, how }).ended;
      if (first.signal === 'SIGKILL') killed += 1;
      await lanesRunOut(world);
      const second = await startWorker(file, settings).ended;
      expect(second, where).toMatchObject({ code: 0 });

      const { db } = world.services;
      const row = await db
        .selectFrom('backfill')
        .select('state')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      expect(row.state, where).toBe('succeeded');
      const effects = await place.effects(world);
      expect(effects, where).toEqual(Array.from({ length: days }, () => 1));
      partitions += effects.length;
      const dead = await db
        .selectFrom('outbox')
        .select(['kind', 'last_error'])
        .where('state', '=', 'dead')
        .execute();
      expect(dead, where).toEqual([]);

      const { cards, history, last } = await postedSince(since);
      since = last;
      expect(cards, where).toEqual([expect.stringContaining(': done')]);
      expect(new Set(history).size, `${where}: ${history.join(' | ')}`).toBe(history.length);
      expect(history, where).toEqual(
        expect.arrayContaining([
          expect.stringContaining('Small and safe'),
          expect.stringContaining('Started'),
          expect.stringContaining('All 3 partitions were rebuilt.'),
        ]),
      );
      told += cards.length + history.length;
    }
    console.log(
      `${killed} kill points tried of ${conversations} conversations of a served run ${name} (queues on ${process.env.REDIS_URL ? 'Redis' : 'PostgreSQL'}), ${partitions} partitions checked: each rebuilt exactly once; ${told} messages: each posted exactly once`,
    );
    expect(killed).toBeGreaterThanOrEqual(points / 2);
  }, 1_800_000);
});

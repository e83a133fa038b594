import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePlayClock } from '../../playground/clock.js';
import { playManifest } from '../../playground/manifest.js';
import { type Playground, startPlayground } from '../../playground/server.js';
import { gatherRegistrations } from '../../src/app.js';
import { stewardConfig } from '../../src/config/steward-schema.js';
import { buildManifest } from '../../src/slack/manifest.js';
import { baseConfig, noon } from './company.js';
import { bundleWorker, startWorker, type WorkerSettings } from './processes.js';
import { ordersSql, rebuilds, withWarehouse } from './warehouse.js';
import { makeWorld, type World } from './world.js';

const full = process.env.CI === 'true' || process.env.STEWARD_FULL === '1';
/** Kill points tried, spread over the whole run. */
const points = full ? 10 : 3;
const days = 3;
const executor = { maxRunning: 2, maxPerPipeline: 2 };

let world: World;
let slack: Playground;
let file: string;
let settings: WorkerSettings;

beforeAll(async () => {
  world = await makeWorld({ executor });
  file = await bundleWorker('whole-worker');
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
    atOnce: 1,
    startedAt: Date.now(),
    slack: { token: slack.botToken, apiUrl: slack.apiUrl },
  };
}, 180_000);
afterAll(async () => {
  await slack.stop();
  await rm(path.dirname(file), { recursive: true, force: true });
});

/** A world in which one backfill has just been approved by policy. */
async function fresh(): Promise<{ id: string; reference: string }> {
  await withWarehouse(world.database.adminUrl, (client) =>
    client.query(
      'truncate backfill, backfill_chunk, outbox, lane, asset_notice, approval_request, slack_message cascade',
    ),
  );
  await withWarehouse(world.warehouseUrl, (client) =>
    client.query('truncate marts.orders_daily, marts.rebuild_log'),
  );
  return world.ask('rita', { window: `last ${days} days`, concurrency: 2 }, crypto.randomUUID());
}

/** A lane of a process that died is free again half a minute later; that time passes here. */
async function lanesRunOut(): Promise<void> {
  await withWarehouse(world.database.adminUrl, (client) =>
    client.query(
      "update lane set locked_until = clock_timestamp() - interval '1 second' where locked_until is not null",
    ),
  );
}

interface Posted {
  text: string;
  thread_ts?: string;
}

async function postedOf(reference: string): Promise<{ cards: Posted[]; history: string[] }> {
  const answer = await fetch(new URL('/_play/messages?channel=backfills', slack.url), {
    headers: { authorization: `Bearer ${slack.token}` },
  });
  const { messages } = (await answer.json()) as { messages: (Posted & { ts: string })[] };
  const cards = messages.filter(({ text, thread_ts }) => !thread_ts && text.startsWith(`${reference} `));
  const roots = new Set(cards.map(({ ts }) => ts));
  const history = messages.filter(({ thread_ts }) => roots.has(thread_ts ?? '')).map(({ text }) => text);
  return { cards, history };
}

it('killed at every step of a served run, effects, dispatcher and queues included, rebuilds and tells everything once', async () => {
  await fresh();
  const whole = await startWorker(file, settings).ended;
  expect(whole, whole.output).toMatchObject({ code: 0 });
  const conversations = Number(/conversations (\d+)/.exec(whole.output)?.[1]);
  expect(conversations).toBeGreaterThan(100);
  let killed = 0;
  let partitions = 0;
  let told = 0;
  for (let point = 0; point < points; point += 1) {
    const { id, reference } = await fresh();
    const at = 1 + Math.floor(((point + 0.5) * conversations) / points);
    const how = point % 2 === 0 ? 'after' : 'before';
    const where = `after a kill ${how} conversation ${at}`;
    const first = await startWorker(file, settings, { at, how }).ended;
    if (first.signal === 'SIGKILL') killed += 1;
    await lanesRunOut();
    const second = await startWorker(file, settings).ended;
    expect(second, where).toMatchObject({ code: 0 });

    const { db } = world.services;
    const row = await db
      .selectFrom('backfill')
      .select('state')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect(row.state, where).toBe('succeeded');
    const seen = await rebuilds(world.warehouseUrl);
    expect([...seen.values()], where).toEqual(
      Array.from({ length: days }, () => ({ times: 1, right: true })),
    );
    partitions += seen.size;
    const dead = await db
      .selectFrom('outbox')
      .select(['kind', 'last_error'])
      .where('state', '=', 'dead')
      .execute();
    expect(dead, where).toEqual([]);

    const { cards, history } = await postedOf(reference);
    expect(
      cards.map(({ text }) => text),
      where,
    ).toEqual([expect.stringContaining('done and verified')]);
    expect(new Set(history).size, `${where}: ${history.join(' | ')}`).toBe(history.length);
    expect(history, where).toEqual(
      expect.arrayContaining([
        expect.stringContaining('Small and safe'),
        expect.stringContaining('Started'),
        expect.stringContaining('Done and verified'),
      ]),
    );
    told += cards.length + history.length;
  }
  console.log(
    `${killed} kill points tried of ${conversations} conversations of a served run (queues on ${process.env.REDIS_URL ? 'Redis' : 'PostgreSQL'}), ${partitions} partitions checked: each rebuilt exactly once; ${told} messages: each posted exactly once`,
  );
  expect(killed).toBeGreaterThanOrEqual(points / 2);
}, 1_800_000);

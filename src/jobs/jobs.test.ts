import { setTimeout as sleep } from 'node:timers/promises';
import { WebClient } from '@slack/web-api';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { makeTestBackend } from '../../test/helpers/backend.js';
import { makeTestDatabase, type TestDatabase } from '../../test/helpers/database.js';
import { makeTestServices, type TestServices } from '../../test/helpers/services.js';
import { defineEffect, type EffectResult } from '../effects/effect.js';
import { startDispatcher } from './dispatcher.js';
import { cancelWork, enqueue, setTimer } from './outbox.js';
import { queueNames } from './queues.js';
import { requeueDue } from './requeue.js';
import { makeOutboxRunner } from './run-outbox.js';
import { startWorkers } from './workers.js';

let database: TestDatabase;
let services: TestServices;
const cleanups: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  database = await makeTestDatabase({ max: 20 });
  services = await makeTestServices({ database });
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  await database.db.deleteFrom('outbox').execute();
  await database.db.deleteFrom('lane').execute();
});

/** A whole engine whose one effect does what the test says. */
async function startEngine(
  act: (payload: { n: number }, attempt: number) => Promise<EffectResult> | EffectResult,
) {
  const backend = makeTestBackend(database, (error) => console.error(error));
  const queues = new Map(queueNames.map((name) => [name, backend.makeQueue(name)]));
  const effect = defineEffect({
    kind: 'test.act',
    queue: 'work',
    payload: z.object({ n: z.number() }),
    run: async (_services, payload, context) => act(payload, context.attempt),
  });
  const runOutbox = makeOutboxRunner(
    Object.assign(Object.create(services) as TestServices, {
      slack: new WebClient(),
      fetch: globalThis.fetch,
    }),
    { effects: new Map([[effect.kind, effect]]), signal: new AbortController().signal },
  );
  const workers = startWorkers(backend, { runOutbox, runInbox: async () => undefined });
  const dispatcher = await startDispatcher(services, {
    databaseUrl: database.url,
    queues,
    onClock: () => undefined,
  });
  cleanups.push(async () => {
    await dispatcher.stop();
    await workers.stop();
    for (const queue of queues.values()) await queue.close();
    await backend.close();
  });
  return dispatcher;
}

async function add(n: number, lane?: string, runAt?: Date): Promise<void> {
  const now = services.clock.now();
  await database.db.transaction().execute((trx) =>
    enqueue(trx, {
      kind: 'test.act',
      queue: 'work',
      key: `k-${n}`,
      payload: { n },
      now,
      ...(lane ? { lane } : {}),
      ...(runAt ? { runAt } : {}),
    }),
  );
}

async function until(condition: () => boolean | Promise<boolean>, ms = 40_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('waited too long');
    await sleep(20);
  }
}

const stateOf = async (n: number) =>
  database.db.selectFrom('outbox').selectAll().where('key', '=', `k-${n}`).executeTakeFirst();

it('does what a committed transaction asked for, soon and once', async () => {
  const seen: number[] = [];
  await startEngine(({ n }) => {
    seen.push(n);
    return { done: true };
  });
  await add(1);
  await add(1);
  await until(async () => (await stateOf(1))?.state === 'done');
  expect(seen).toEqual([1]);
});

it('keeps the order of a lane, while other lanes go on', async () => {
  const seen: number[] = [];
  await startEngine(async ({ n }) => {
    // The other lane's work is done while the first of this one is not.
    if (n === 1) await until(() => seen.includes(9));
    seen.push(n);
    return { done: true };
  });
  for (const n of [1, 2, 3]) await add(n, 'slack:C1');
  await add(9, 'slack:C2');
  await until(() => seen.length === 4);
  expect(seen).toEqual([9, 1, 2, 3]);
});

it('lets a lane wait when the other side asks for patience, and only that lane', async () => {
  const seen: number[] = [];
  let refused = 0;
  const dispatcher = await startEngine(({ n }) => {
    if (n === 1 && refused === 0) {
      refused += 1;
      return { waitUntil: new Date(services.clock.now().getTime() + 30_000), reason: 'rate limited' };
    }
    seen.push(n);
    return { done: true };
  });
  await add(1, 'slack:C1');
  await add(2, 'slack:C1');
  await add(3, 'slack:C3');
  await until(() => seen.includes(3) && refused === 1);
  await sleep(200);
  expect(seen).toEqual([3]);
  services.clock.advance(31_000);
  await requeueDue(database.db, services.clock.now());
  dispatcher.wake();
  await until(() => seen.length === 3);
  expect(seen).toEqual([3, 1, 2]);
});

it('tries again with back-off after a failure, remembers why, and gives up in the end', async () => {
  let tries = 0;
  const dispatcher = await startEngine(() => {
    tries += 1;
    throw new Error('the warehouse is down');
  });
  const now = services.clock.now();
  await database.db
    .transaction()
    .execute((trx) =>
      enqueue(trx, { kind: 'test.act', queue: 'work', key: 'k-5', payload: { n: 5 }, now, maxAttempts: 2 }),
    );
  await until(async () => (await stateOf(5))?.attempts === 1);
  expect(await stateOf(5)).toMatchObject({ state: 'pending', last_error: 'the warehouse is down' });
  services.clock.advance(5_000);
  dispatcher.wake();
  await until(async () => (await stateOf(5))?.state === 'dead');
  expect(tries).toBe(2);
});

it('runs a timer when its time has come on the domain clock, not before; moved and cancelled timers obey', async () => {
  const seen: number[] = [];
  const dispatcher = await startEngine(({ n }) => {
    seen.push(n);
    return { done: true };
  });
  const inHours = (hours: number): Date => new Date(services.clock.now().getTime() + hours * 3_600_000);
  await add(1, undefined, inHours(2));
  await add(2, undefined, inHours(2));
  await database.db.transaction().execute(async (trx) => {
    await cancelWork(trx, 'k-2');
    await setTimer(trx, {
      kind: 'test.act',
      queue: 'work',
      key: 'k-3',
      payload: { n: 3 },
      now: services.clock.now(),
      runAt: inHours(5),
    });
  });
  await sleep(300);
  expect(seen).toEqual([]);
  services.clock.advance(3 * 3_600_000);
  dispatcher.wake();
  await until(() => seen.length === 1);
  services.clock.advance(3 * 3_600_000);
  dispatcher.wake();
  await until(() => seen.length === 2);
  expect(seen).toEqual([1, 3]);
});

it.each([
  ['done', { done: true }],
  ['to be tried again in a day', { again: new Date('2027-01-01T00:00:00Z') }],
] as const)(
  'keeps the wake-up of a timer that is moved while it runs, and taken up again before that run is %s',
  async (_how, ending) => {
    const seen: number[] = [];
    const dispatcher = await startEngine(async ({ n }): Promise<EffectResult> => {
      seen.push(n);
      if (n === 2) return { done: true };
      services.clock.advance(10);
      const now = services.clock.now();
      await database.db
        .transaction()
        .execute((trx) =>
          setTimer(trx, { kind: 'test.act', queue: 'work', key: 'k-1', payload: { n: 2 }, now, runAt: now }),
        );
      // Its second job finds the row taken.
      await until(async () => {
        const row = await database.db
          .selectFrom('outbox')
          .select('state')
          .where('key', '=', 'k-1')
          .executeTakeFirst();
        return row?.state === 'queued';
      });
      await sleep(200);
      return ending;
    });
    await add(1);
    await until(() => seen.length === 1);
    await until(() => {
      dispatcher.wake();
      return seen.length === 2;
    }, 10_000);
    expect(seen).toEqual([1, 2]);
    await until(async () => {
      const row = await database.db
        .selectFrom('outbox')
        .select('state')
        .where('key', '=', 'k-1')
        .executeTakeFirst();
      return row?.state === 'done';
    });
  },
);

it('makes rows due again whose job was lost', async () => {
  await add(7);
  await database.db.updateTable('outbox').set({ state: 'queued', queued_at: services.clock.now() }).execute();
  const seen: number[] = [];
  await startEngine(({ n }) => {
    seen.push(n);
    return { done: true };
  });
  await until(() => seen.length === 1);
});

it('looks again later without counting it as a failure', async () => {
  let looks = 0;
  const dispatcher = await startEngine(() => {
    looks += 1;
    return looks < 3 ? { again: new Date(services.clock.now().getTime() + 15_000) } : { done: true };
  });
  await add(8);
  for (const expected of [1, 2, 3]) {
    await until(async () => looks === expected && (await stateOf(8))?.state !== 'queued');
    services.clock.advance(16_000);
    dispatcher.wake();
  }
  expect(await stateOf(8)).toMatchObject({ state: 'done', attempts: 0 });
});

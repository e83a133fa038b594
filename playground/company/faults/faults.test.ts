import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeTestBackend } from '../../../test/helpers/backend.js';
import { makeTestDatabase, type TestDatabase } from '../../../test/helpers/database.js';
import { makeFaultHooks } from './hook.js';

let database: TestDatabase;
let hooks: ReturnType<typeof makeFaultHooks>;
const redis = process.env.REDIS_URL;
beforeAll(async () => {
  database = await makeTestDatabase();
  hooks = makeFaultHooks({
    warehouseUrl: database.adminUrl,
    queue: {
      databaseUrl: database.adminUrl,
      ...(redis ? { redis: { url: redis, prefix: database.name } } : {}),
    },
  });
});

async function login(): Promise<string> {
  const client = new pg.Client({ connectionString: database.url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return 'in';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

describe('the warehouse', () => {
  it('refuses as many logins as asked, says how many are left, and is well again', async () => {
    expect(await hooks.fault({ target: 'warehouse', kind: 'refused', count: 2 })).toEqual([
      { target: 'warehouse', kind: 'refused', left: 2 },
    ]);
    expect(await login()).toContain('takes no more connections');
    expect(await hooks.faults()).toEqual([{ target: 'warehouse', kind: 'refused', left: 1 }]);
    expect(await login()).toContain('takes no more connections');
    expect(await login()).toBe('in');
    expect(await hooks.faults()).toEqual([]);
  });

  it('cuts the sessions that are open', async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    // The server's notice and the closed connection are two errors.
    const cut = new Promise((resolve) => client.on('error', resolve));
    await hooks.fault({ target: 'warehouse', kind: 'refused', count: 1 });
    await cut;
    await hooks.fault({ target: 'warehouse', kind: 'clear', count: 1 });
    expect(await login()).toBe('in');
  });
});

describe('the queue', () => {
  it('forgets what waits when it is flushed', async () => {
    const backend = makeTestBackend(database);
    const queue = backend.makeQueue('io');
    await queue.addBulk([{ jobId: 'o-lost', data: { table: 'outbox', id: '1' } }]);
    await hooks.fault({ target: 'queue', kind: 'flushed', count: 1 });
    const seen: string[] = [];
    const worker = backend.makeWorker('io', 1, async ({ id }) => {
      seen.push(id);
    });
    await queue.addBulk([{ jobId: 'o-kept', data: { table: 'outbox', id: '2' } }]);
    for (let waits = 0; waits < 100 && seen.length === 0; waits += 1) await sleep(50);
    expect(seen).toEqual(['2']);
    await worker.close();
    await queue.close();
    await backend.close();
  });
});

it('says which targets and troubles there are', async () => {
  await expect(hooks.fault({ target: 'moon', kind: 'full', count: 1 })).rejects.toThrow(
    'slack, delivery, warehouse, queue',
  );
  await expect(hooks.fault({ target: 'warehouse', kind: 'on_fire', count: 1 })).rejects.toThrow(
    'refused, slow, and clear',
  );
  await expect(hooks.fault({ target: 'queue', kind: 'tired', count: 1 })).rejects.toThrow(
    'flushed, disconnected, and clear',
  );
});

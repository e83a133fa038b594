import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { makePool } from '../../src/db/pool.js';
import { makeTestDatabase } from '../helpers/database.js';
import { startTestSteward, type TestSteward } from '../helpers/steward.js';

/** A wire to the database that can be cut: whoever uses it sees what an unreachable server looks like. */
async function makeWire(
  target: URL,
): Promise<{ port: number; cut: () => Promise<void>; mend: () => Promise<void> }> {
  const open = new Set<net.Socket>();
  const server = net.createServer((near) => {
    const far = net.connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as net.AddressInfo;
  return {
    port,
    cut: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
    mend: () => listen(port),
  };
}

/** The same address by way of the wire. */
function through(address: string, port: number): string {
  const url = new URL(address);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return url.href;
}

async function until<Result>(look: () => Promise<Result | undefined | false>, ms = 40_000): Promise<Result> {
  const deadline = performance.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > deadline) throw new Error('waited too long');
    await sleep(50);
  }
}

async function advance(app: TestSteward, by: string): Promise<void> {
  await fetch(new URL('/_play/clock', app.playground.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${app.playground.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ advance: by }),
  });
}

it('says what is wrong while the database cannot be reached, and answers what came meanwhile once it can', {
  timeout: 90_000,
}, async () => {
  const database = await makeTestDatabase();
  const wire = await makeWire(new URL(database.url));
  const url = through(database.url, wire.port);
  const app = await startTestSteward({ database: { ...database, ...makePool(url, { max: 10 }), url } });

  await wire.cut();
  const command = await app.act({ as: 'ana', do: 'command', channel: 'general', text: '/metric orders' });
  expect(command).toMatchObject({ ok: true });
  expect(command.reply?.text).toContain('cannot reach its database');
  expect(command.reply?.text).toContain('nothing was changed');
  expect((await fetch(`${app.url}/readyz`)).status).toBe(503);
  expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
  await app.act({ as: 'ana', do: 'mention', channel: 'general', text: 'what does orders mean?' });

  await wire.mend();
  await until(async () => (await fetch(`${app.url}/readyz`)).status === 200);
  // Slack delivers what was not acked again after a minute.
  await advance(app, '61s');
  const answers = async () =>
    (await app.messages({ channel: 'general' })).filter(
      (message) => message.thread_ts && message.text.includes('not cancelled'),
    );
  await until(async () => (await answers()).length > 0, 45_000);
  const again = await app.act({ as: 'ana', do: 'command', channel: 'general', text: '/metric orders' });
  expect(again.reply?.text).toContain('not cancelled');
  expect(await answers()).toHaveLength(1);
});

const redisUrl = process.env.REDIS_URL;
// Without Redis the queue is in the database, which the test above takes away.
if (redisUrl)
  it('takes everything in while Redis cannot be reached, and works it once it can', {
    timeout: 90_000,
  }, async () => {
    const wire = await makeWire(new URL(redisUrl));
    const app = await startTestSteward({ env: { REDIS_URL: through(redisUrl, wire.port) } });
    const answers = async () =>
      (await app.messages({ channel: 'general' })).filter(
        (message) => message.thread_ts && message.text.includes('not cancelled'),
      );

    await wire.cut();
    const mention = await app.act({
      as: 'ana',
      do: 'mention',
      channel: 'general',
      text: 'what does orders mean?',
    });
    expect(mention.ok).toBe(true);
    const command = await app.act({ as: 'ana', do: 'command', channel: 'general', text: '/metric orders' });
    expect(command.reply?.text).toContain('not cancelled');
    expect((await fetch(`${app.url}/readyz`)).status).toBe(503);
    const status = () => app.act({ as: 'ana', do: 'command', channel: 'general', text: '/steward status' });
    expect((await status()).reply?.text).toContain('Queue: Redis does not answer. What comes in is kept');
    expect(await answers()).toHaveLength(0);

    await wire.mend();
    await until(async () => (await answers()).length > 0, 60_000);
    expect(await answers()).toHaveLength(1);
    expect((await status()).reply?.text).toContain('Queue: Redis answers');
  });

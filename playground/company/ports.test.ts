import http from 'node:http';
import net from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { type HeldPort, holdPort, NoFreePort } from './ports.js';

const held: HeldPort[] = [];
afterEach(async () => {
  for (const each of held.splice(0)) await each.release();
});

async function hold(wanted: number): Promise<number> {
  const port = await holdPort(wanted);
  held.push(port);
  return port.port;
}

it('gives two that start at once two ports', async () => {
  const ports = await Promise.all([hold(45_310), hold(45_310), hold(45_310)]);
  expect(new Set(ports).size).toBe(3);
});

it('leaves a port to its real listener once it is let go of, and letting go twice does nothing', async () => {
  const port = await holdPort(45_370);
  await port.release();
  await port.release();
  const real = net.createServer();
  await new Promise<void>((resolve, reject) => {
    real.once('error', reject);
    real.listen(port.port, '127.0.0.1', resolve);
  });
  await new Promise((resolve) => real.close(resolve));
});

it.each([4_190, 6_665])(
  'passes over %i, which browsers refuse, to one that can be fetched from',
  async (wanted) => {
    await expect(fetch(`http://127.0.0.1:${wanted}`)).rejects.toMatchObject({
      cause: { message: 'bad port' },
    });
    const { port, release } = await holdPort(wanted);
    await release();
    const page = http.createServer((_, answer) => answer.end('here'));
    await new Promise<void>((resolve) => page.listen(port, '127.0.0.1', resolve));
    const answer = await fetch(`http://127.0.0.1:${port}`);
    expect(await answer.text()).toBe('here');
    page.closeAllConnections();
    await new Promise((resolve) => page.close(resolve));
  },
);

it('says which ports are taken when none is left', async () => {
  // One after the other, and below the ports of outgoing connections: one that somebody else has is as taken as ours.
  for (let port = 14_430; port < 14_480; port += 1) await hold(port).catch(() => undefined);
  await expect(holdPort(14_430)).rejects.toThrow(NoFreePort);
  await expect(holdPort(14_430)).rejects.toThrow('from 14430 to 14479');
});

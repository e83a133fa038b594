import { SocketModeClient } from '@slack/socket-mode';
import { LogLevel, WebClient } from '@slack/web-api';
import { WebSocket } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActReply, ActRequest } from '../protocol.js';
import { type Playground, startPlayground } from '../server.js';
import { testOptions } from '../testing/company.js';
import { clientFor } from '../testing/harness.js';
import { showsRefusal } from '../testing/shows-refusal.js';
import { eventually } from '../testing/wait.js';

let playground: Playground;
const open: SocketModeClient[] = [];
interface Heard {
  by: number;
  retry: number;
  ack(): Promise<void>;
  type: string;
}
const heard: Heard[] = [];

async function connect(by: number): Promise<SocketModeClient> {
  const client = new SocketModeClient({
    appToken: playground.appToken,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: playground.apiUrl },
  });
  client.on(
    'slack_event',
    ({ ack, type, retry_num }: { ack: () => Promise<void>; type: string; retry_num: number }) => {
      heard.push({ by, ack, type, retry: retry_num });
    },
  );
  await client.start();
  open.push(client);
  return client;
}
async function act(request: ActRequest): Promise<ActReply> {
  const response = await fetch(
    `${playground.apiUrl.replace('/api/', '/_play/')}act?token=${playground.token}`,
    { method: 'POST', body: JSON.stringify(request) },
  );
  return (await response.json()) as ActReply;
}

beforeAll(async () => {
  playground = await startPlayground(testOptions());
});
afterAll(async () => {
  await Promise.all(open.map((client) => client.disconnect()));
  await playground.stop();
});

describe('Socket Mode', () => {
  it('says that nobody is connected', async () => {
    showsRefusal('delivery and interaction', 'no_connection');
    expect(await act({ as: 'maya', do: 'command', text: '/echo x' })).toMatchObject({
      ok: false,
      code: 'no_connection',
    });
  });

  it('wants the app-level token', async () => {
    showsRefusal('delivery and interaction', 'socket token');
    await expect(clientFor(playground).apps.connections.open()).rejects.toMatchObject({
      data: { error: 'not_allowed_token_type' },
    });
  });

  it('gives each envelope to one connection, in turn', async () => {
    await connect(1);
    await connect(2);
    for (let i = 0; i < 4; i += 1) {
      const done = act({ as: 'maya', do: 'message', text: `n ${i}` });
      const envelope = await eventually(() => heard[i]);
      await envelope.ack();
      expect(await done).toMatchObject({ ok: true });
    }
    expect(heard).toHaveLength(4);
    expect(heard.map((h) => h.by).sort()).toEqual([1, 1, 2, 2]);
  });

  it('sends an event again that nobody acked within three seconds, with the attempt counted', async () => {
    showsRefusal('delivery and interaction', 'redelivery');
    heard.length = 0;
    const done = act({ as: 'maya', do: 'message', text: 'unheard' });
    const again = await eventuallyFor(5000, () => heard[1]);
    await again.ack();
    expect(await done).toMatchObject({ ok: true });
    expect(heard.map((h) => h.retry)).toEqual([0, 1]);
  });

  it('takes no ack from another connection than the one that was given the envelope', async () => {
    showsRefusal('delivery and interaction', 'other connection');
    const api = new WebClient(playground.appToken, { slackApiUrl: playground.apiUrl });
    const opened = async (): Promise<WebSocket> => {
      const { url = '' } = await api.apps.connections.open();
      const socket = new WebSocket(url);
      await new Promise((resolve) => socket.addEventListener('open', resolve));
      return socket;
    };
    await Promise.all(open.splice(0).map((client) => client.disconnect()));
    const pair = [await opened(), await opened()];
    const given = new Map<WebSocket, string>();
    for (const socket of pair)
      socket.addEventListener('message', ({ data }) => {
        const { envelope_id: id } = JSON.parse(String(data)) as { envelope_id?: string };
        if (id !== undefined) given.set(socket, id);
      });
    const done = act({ as: 'maya', do: 'command', text: '/echo x' });
    const [holder, id] = await eventually(() => [...given][0]);
    pair.find((socket) => socket !== holder)?.send(JSON.stringify({ envelope_id: id }));
    expect(await done).toMatchObject({ ok: false, code: 'http_timeout' });
    for (const socket of pair) socket.close();
    await connect(1);
    await connect(2);
  });

  it('takes a ticket once, and ten connections at most', async () => {
    showsRefusal('delivery and interaction', 'socket ticket', 'socket connections');
    const { url = '' } = await new WebClient(playground.appToken, {
      slackApiUrl: playground.apiUrl,
    }).apps.connections.open();
    const once = new WebSocket(url);
    await new Promise((resolve) => once.addEventListener('open', resolve));
    const twice = new WebSocket(url);
    expect(
      await new Promise((resolve) => {
        twice.addEventListener('error', () => resolve('refused'));
        twice.addEventListener('open', () => resolve('open'));
      }),
    ).toBe('refused');
    once.close();
    await connectUntilRefused();
  });
});

/** Raw sockets up to the tenth; the eleventh is refused. */
async function connectUntilRefused(): Promise<void> {
  const api = new WebClient(playground.appToken, { slackApiUrl: playground.apiUrl });
  const sockets: WebSocket[] = [];
  let refused = 0;
  for (let i = 0; i < 9; i += 1) {
    await playground.world.clock.advance(60_000);
    const { url = '' } = await api.apps.connections.open();
    const socket = new WebSocket(url);
    await new Promise<void>((resolve) => {
      socket.addEventListener('open', () => resolve());
      socket.addEventListener('error', () => {
        refused += 1;
        resolve();
      });
    });
    sockets.push(socket);
  }
  for (const socket of sockets) socket.close();
  expect(refused).toBe(1);
}

async function eventuallyFor<T>(limitMs: number, read: () => T | undefined): Promise<T> {
  const until = Date.now() + limitMs;
  while (Date.now() < until) {
    const value = read();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it never came');
}

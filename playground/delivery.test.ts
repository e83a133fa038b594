import { createHmac } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ActReply, ActRequest } from './protocol.js';
import { type Playground, startPlayground } from './server.js';
import { makeMemoryStorage } from './state/storage.js';
import { testOptions } from './testing/company.js';
import { signingSecret } from './testing/harness.js';
import { showsRefusal } from './testing/shows-refusal.js';
import { eventually } from './testing/wait.js';

/** A bare receiver, to see exactly what is sent and to misbehave in every way an app can. */
interface Received {
  headers: http.IncomingHttpHeaders;
  body: string;
}
let received: Received[] = [];
let behave: (request: http.IncomingMessage, response: http.ServerResponse, n: number) => void;
let receiver: http.Server;
let playground: Playground;
let storage = makeMemoryStorage();

async function start(): Promise<Playground> {
  const { port } = receiver.address() as AddressInfo;
  return startPlayground(
    testOptions({
      storage,
      delivery: { mode: 'http', url: `http://127.0.0.1:${port}/slack/events`, signingSecret },
    }),
  );
}
async function post<T>(path: string, body: object): Promise<T> {
  const response = await fetch(
    `${playground.apiUrl.replace('/api/', '/_play/')}${path}?token=${playground.token}`,
    { method: 'POST', body: JSON.stringify(body) },
  );
  return (await response.json()) as T;
}
const act = (request: ActRequest): Promise<ActReply> => post('act', request);
const inDm = (): Promise<ActReply> => act({ as: 'maya', do: 'message', text: 'hello' });
const eventIds = (): unknown[] => received.map((r) => JSON.parse(r.body).event_id);

beforeEach(async () => {
  received = [];
  storage = makeMemoryStorage();
  behave = (_request, response) => response.end();
  receiver = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      behave(request, response, received.length);
    });
  });
  await new Promise<void>((resolve) => {
    receiver.listen(0, '127.0.0.1', resolve);
  });
  playground = await start();
});
afterEach(async () => {
  await playground.stop();
  receiver.closeAllConnections();
  await new Promise((resolve) => {
    receiver.close(resolve);
  });
});

describe('a delivery', () => {
  it('is signed over timestamp and raw body', async () => {
    await inDm();
    const [first] = received;
    const timestamp = String(first?.headers['x-slack-request-timestamp']);
    const expected = createHmac('sha256', signingSecret)
      .update(`v0:${timestamp}:${first?.body}`)
      .digest('hex');
    expect(first?.headers['x-slack-signature']).toBe(`v0=${expected}`);
    expect(Math.abs(Date.now() / 1000 - Number(timestamp))).toBeLessThan(5);
    expect(first?.headers['content-type']).toBe('application/json');
  });

  it('keeps real time in its signature when the clock was moved', async () => {
    await post('clock', { advance: '36h' });
    await inDm();
    expect(
      Math.abs(Date.now() / 1000 - Number(received[0]?.headers['x-slack-request-timestamp'])),
    ).toBeLessThan(5);
    expect(JSON.parse(received[0]?.body ?? '').event_time).toBeGreaterThan(Date.now() / 1000 + 35 * 3600);
  });

  it('comes again at once, after one and after five minutes, with retry headers, then never', async () => {
    showsRefusal('delivery and interaction', 'redelivery', 'http_error');
    behave = (_request, response) => response.writeHead(500).end();
    const reply = await inDm();
    expect(reply).toMatchObject({ ok: false, code: 'http_error' });
    expect(received).toHaveLength(2);
    await post('clock', { advance: '59s' });
    expect(received).toHaveLength(2);
    await post('clock', { advance: '2s' });
    await eventually(() => (received.length === 3 ? true : undefined));
    await post('clock', { advance: '5m' });
    await eventually(() => (received.length === 4 ? true : undefined));
    await post('clock', { advance: '2h' });
    expect(received.map((r) => [r.headers['x-slack-retry-num'], r.headers['x-slack-retry-reason']])).toEqual([
      [undefined, undefined],
      ['1', 'http_error'],
      ['2', 'http_error'],
      ['3', 'http_error'],
    ]);
    expect(new Set(eventIds()).size).toBe(1);
  });

  it('stops coming once it is acked', async () => {
    behave = (_request, response, n) => response.writeHead(n === 1 ? 503 : 200).end();
    expect(await inDm()).toMatchObject({ ok: true });
    await post('clock', { advance: '1h' });
    expect(received).toHaveLength(2);
  });

  it('does not come again when the app says so', async () => {
    behave = (_request, response) => response.writeHead(500, { 'x-slack-no-retry': '1' }).end();
    await inDm();
    await post('clock', { advance: '1h' });
    expect(received).toHaveLength(1);
  });

  it('takes a redirect for a failure', async () => {
    showsRefusal('delivery and interaction', 'too_many_redirects');
    behave = (_request, response) => response.writeHead(302, { location: '/elsewhere' }).end();
    expect(await inDm()).toMatchObject({ ok: false, code: 'too_many_redirects' });
  });

  it('cannot reach an app that is not there', async () => {
    showsRefusal('delivery and interaction', 'connection_failed');
    receiver.closeAllConnections();
    await new Promise((resolve) => {
      receiver.close(resolve);
    });
    expect(await act({ as: 'maya', do: 'command', text: '/echo x' })).toMatchObject({
      ok: false,
      code: 'connection_failed',
    });
  });

  it('is given up after three seconds', async () => {
    showsRefusal('delivery and interaction', 'http_timeout');
    behave = () => undefined;
    const reply = await act({ as: 'maya', do: 'command', text: '/echo x' });
    expect(reply).toMatchObject({
      ok: false,
      code: 'http_timeout',
      error: expect.stringContaining('3 seconds'),
    });
    expect(reply.ackMs).toBeGreaterThanOrEqual(2990);
    expect(received).toHaveLength(1);
  });

  it('survives a restart of the playground while it waits to be redelivered', async () => {
    behave = (_request, response) => response.writeHead(500).end();
    await inDm();
    await playground.stop();
    behave = (_request, response) => response.end();
    playground = await start();
    await post('clock', { advance: '61s' });
    await eventually(() => (received.length === 3 ? true : undefined));
    expect(new Set(eventIds()).size).toBe(1);
  });

  it.each([
    ['bad_signature', (r: Received) => expect(r.headers['x-slack-signature']).not.toBe(signatureOf(r))],
    [
      'stale',
      (r: Received) =>
        expect(Number(r.headers['x-slack-request-timestamp'])).toBeLessThan(Date.now() / 1000 - 500),
    ],
    [
      'future',
      (r: Received) =>
        expect(Number(r.headers['x-slack-request-timestamp'])).toBeGreaterThan(Date.now() / 1000 + 3000),
    ],
  ])('can be sent wrong on purpose: %s', async (kind, check) => {
    await post('fault', { target: 'delivery', kind });
    await inDm();
    const [first] = received;
    if (first === undefined) throw new Error('nothing came');
    check(first);
  });

  it('can be sent twice on purpose', async () => {
    await post('fault', { target: 'delivery', kind: 'duplicate' });
    await inDm();
    expect(received).toHaveLength(2);
    expect(new Set(eventIds()).size).toBe(1);
  });
});

function signatureOf(request: Received): string {
  const timestamp = String(request.headers['x-slack-request-timestamp']);
  return `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:${request.body}`).digest('hex')}`;
}

describe('which events are sent', () => {
  it('both app_mention and message.channels for a mention, one event id each', async () => {
    await act({ as: 'maya', do: 'mention', channel: '#data-questions', text: 'hi' });
    expect(received.map((r) => JSON.parse(r.body).event.type).sort()).toEqual(['app_mention', 'message']);
    expect(new Set(eventIds()).size).toBe(2);
  });

  it('nothing from channels that the app is not in', async () => {
    showsRefusal('delivery and interaction', 'outside channels');
    await act({ as: 'maya', do: 'message', channel: '#no-bots', text: 'hi' });
    expect(await act({ as: 'maya', do: 'mention', channel: '#no-bots', text: 'hi' })).toMatchObject({
      ok: false,
      code: 'app_not_in_channel',
    });
    expect(received).toEqual([]);
  });

  it("link_shared for the app's own domains only", async () => {
    await act({
      as: 'maya',
      do: 'message',
      channel: '#data-questions',
      text: 'see https://catalog.example.com/mrr and https://example.org/',
    });
    const shared = received
      .map((r) => JSON.parse(r.body).event)
      .find((event) => event.type === 'link_shared');
    expect(shared.links).toEqual([{ url: 'https://catalog.example.com/mrr', domain: 'catalog.example.com' }]);
  });

  it('edits and deletions of messages, joins and leaves', async () => {
    const { posted } = await act({ as: 'maya', do: 'message', channel: '#data-questions', text: 'a' });
    await act({ as: 'maya', do: 'edit', channel: '#data-questions', message: posted?.ts ?? '', text: 'b' });
    await act({ as: 'maya', do: 'delete', channel: '#data-questions', message: posted?.ts ?? '' });
    await act({ as: 'maya', do: 'leave', channel: '#data-questions' });
    const seen = received.map((r) => JSON.parse(r.body).event).map((e) => e.subtype ?? e.type);
    expect(seen).toEqual([
      'message',
      'message_changed',
      'message_deleted',
      'channel_leave',
      'member_left_channel',
    ]);
  });
});

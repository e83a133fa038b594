import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stewardConfig } from '../src/config/steward-schema.js';
import { verifyTimedHmac } from '../src/incidents/alerts/signature.js';
import { demoConfig } from './people.js';
import { makePostWebhook } from './webhook.js';

interface Seen {
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

const now = new Date('2026-11-16T09:10:00Z');
const seen: Seen[] = [];
let status = 200;
let server: Server;
let baseUrl = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(status).end('no such thing');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address && typeof address === 'object') baseUrl = `http://127.0.0.1:${address.port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const post = (config = demoConfig(), secret: string | undefined = 'hush') =>
  makePostWebhook({ baseUrl, config, secret: () => secret, fetch, now: () => now });

describe('posting as a tool of the company', () => {
  it.each([
    ['dbt', 'nightly', 'authorization', 'Bearer hush'],
    ['airflow', 'loaders', 'authorization', `Basic ${Buffer.from('airflow:hush').toString('base64')}`],
    ['generic', 'suppliers', 'x-supplier-key', 'hush'],
  ])('proves itself to %s/%s', async (source, id, header, value) => {
    status = 200;
    await post()({ source, id, body: { title: 'hello' } });
    const last = seen.at(-1);
    expect(last?.url).toBe(`/webhooks/${source}/${id}`);
    expect(last?.headers[header]).toBe(value);
    expect(last?.body).toBe('{"title":"hello"}');
  });

  it('signs where the endpoint asks for a signature', async () => {
    status = 200;
    const config = stewardConfig.parse({
      incidents: {
        endpoints: [
          { source: 'generic', id: 'signed', auth: { type: 'signature', secrets: [{ env: 'KEY' }] } },
        ],
      },
    });
    await post(config)({ source: 'generic', id: 'signed', body: { title: 'hello' } });
    const last = seen.at(-1);
    const headers = { 'x-steward-signature': String(last?.headers['x-steward-signature']) };
    const rawBody = Buffer.from(last?.body ?? '');
    const check = { rawBody, headers, secret: 'hush', now, toleranceSeconds: 60, header: null };
    expect(verifyTimedHmac(check, 'x-steward-signature')).toBe('ok');
  });

  it('says so when the delivery is refused, or when there is no such endpoint', async () => {
    status = 404;
    await expect(post()({ source: 'dbt', id: 'nightly', body: {} })).rejects.toThrow(
      'answered 404: no such thing',
    );
    await expect(post()({ source: 'dbt', id: 'weekly', body: {} })).rejects.toThrow('no endpoint dbt/weekly');
  });
});

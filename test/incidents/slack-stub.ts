import { createServer, type Server } from 'node:http';
import { WebClient } from '@slack/web-api';
import { incidentChannel } from '../../src/effects/incident-channel.js';
import type { Incident } from '../../src/incidents/incident.js';
import { effectServicesOf } from '../helpers/effect-services.js';
import type { TestServices } from '../helpers/services.js';

export interface SlackCall {
  method: string;
  args: Record<string, string>;
}

/** A Slack for tests of one effect: answers each method as told, over real HTTP to the real client. */
export async function startSlackStub(
  answer: (call: SlackCall, calls: readonly SlackCall[]) => Record<string, unknown>,
): Promise<{ client: WebClient; calls: SlackCall[]; stop: () => Promise<void> }> {
  const calls: SlackCall[] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8');
    });
    request.on('end', () => {
      const call = {
        method: (request.url ?? '').replace('/', '').split('?')[0] ?? '',
        args: Object.fromEntries(new URLSearchParams(body)),
      };
      calls.push(call);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ ok: true, ...answer(call, calls) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    calls,
    client: new WebClient('xoxb-test', {
      slackApiUrl: `http://127.0.0.1:${port}/`,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      allowAbsoluteUrls: false,
    }),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Slack's refusal with one of its words. */
export const error = (code: string) => ({ ok: false, error: code });

/** Runs the channel effect against a Slack that answers as told; what it says of itself otherwise is a success. */
export async function setUp(
  services: TestServices,
  incident: Incident,
  answer: (call: SlackCall, calls: readonly SlackCall[]) => Record<string, unknown>,
  attempt = 1,
) {
  const stub = await startSlackStub((call, calls) => {
    const special = answer(call, calls);
    if (Object.keys(special).length > 0) return special;
    if (call.method === 'conversations.create') return { channel: { id: `C${incident.number}NEW` } };
    if (call.method === 'conversations.info') return { channel: { topic: { value: '' } } };
    if (call.method === 'bookmarks.list') return { bookmarks: [] };
    return {};
  });
  const effectServices = effectServicesOf(services, { slack: stub.client });
  try {
    const context = { key: 'k', attempt, now: services.clock.now(), signal: AbortSignal.timeout(10_000) };
    const outcome = await incidentChannel
      .run(effectServices, { incidentId: incident.id }, context)
      .catch((error: unknown) => error);
    return { outcome, calls: stub.calls };
  } finally {
    await stub.stop();
  }
}

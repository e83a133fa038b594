import { createServer, type Server } from 'node:http';
import { WebClient } from '@slack/web-api';

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

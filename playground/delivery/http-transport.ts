import { createHmac } from 'node:crypto';
import http from 'node:http';
import { type Ack, type Attempt, ackLimitMs, parseAckBody, type Transport } from './ack.js';

/**
 * Signed POSTs to the app's address, as Slack sends them: JSON for events, forms for commands and interactions, `v0=` HMAC-SHA256
 * over `v0:<timestamp>:<body>`. Timestamps are real time, whatever the playground's clock says, because receivers check
 * them against theirs.
 */
export function makeHttpTransport(target: { url: string; signingSecret: string }): Transport {
  const url = new URL(target.url);
  // A connection each: reusing one that the app is just closing would look like an app that is down.
  const agent = new http.Agent({ keepAlive: false, maxSockets: 50 });
  return {
    attempt: (attempt) => send(url, agent, target.signingSecret, attempt),
    stop: async () => agent.destroy(),
  };
}

/** Body and headers of a delivery. Exported for tests that check signatures. */
export function encodeDelivery(
  secret: string,
  { kind, payload, retry, fault }: Attempt,
  nowSeconds: number,
): { body: string; headers: { [name: string]: string } } {
  const form = kind !== 'events_api';
  let body = JSON.stringify(payload);
  if (kind === 'slash_commands') body = new URLSearchParams(stringsOf(payload)).toString();
  if (kind === 'interactive') body = new URLSearchParams({ payload: body }).toString();
  let timestamp = nowSeconds;
  if (fault === 'stale') timestamp -= 600;
  if (fault === 'future') timestamp += 3600;
  const usedSecret = fault === 'bad_signature' ? `${secret}?` : secret;
  const signature = createHmac('sha256', usedSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  return {
    body,
    headers: {
      'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      accept: '*/*',
      'x-slack-request-timestamp': String(timestamp),
      'x-slack-signature': `v0=${signature}`,
      ...(retry === undefined
        ? {}
        : { 'x-slack-retry-num': String(retry.num), 'x-slack-retry-reason': retry.reason }),
    },
  };
}

function stringsOf(payload: { [key: string]: unknown }): [string, string][] {
  return Object.entries(payload).map(([key, value]) => [key, String(value)]);
}

function send(url: URL, agent: http.Agent, secret: string, attempt: Attempt): Promise<Ack> {
  const startedMs = performance.now();
  const ms = (): number => Math.round((performance.now() - startedMs) * 10) / 10;
  if (attempt.fault === 'drop_connection') {
    return Promise.resolve({ ok: false, ms: 0, reason: 'connection_failed', noRetry: false });
  }
  const { body, headers } = encodeDelivery(secret, attempt, Math.floor(Date.now() / 1000));
  return new Promise((resolve) => {
    let done = false;
    const finish = (ack: Ack): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      resolve(ack);
    };
    const request = http.request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () =>
        finish({ ok: false, ms: ms(), reason: 'connection_failed', noRetry: false }),
      );
      response.on('end', () => {
        const status = response.statusCode ?? 0;
        const noRetry = response.headers['x-slack-no-retry'] === '1';
        if (attempt.fault === 'late')
          finish({ ok: false, ms: ackLimitMs, reason: 'http_timeout', noRetry: false });
        else if (status >= 200 && status < 300) {
          finish({ ok: true, ms: ms(), body: parseAckBody(Buffer.concat(chunks).toString('utf8')) });
        } else if (status >= 300 && status < 400) {
          finish({ ok: false, ms: ms(), reason: 'too_many_redirects', noRetry, status });
        } else finish({ ok: false, ms: ms(), reason: 'http_error', noRetry, status });
      });
    });
    const timer = setTimeout(() => {
      finish({ ok: false, ms: ms(), reason: 'http_timeout', noRetry: false });
      request.destroy();
    }, ackLimitMs);
    request.on('error', () => finish({ ok: false, ms: ms(), reason: 'connection_failed', noRetry: false }));
    request.end(body);
  });
}

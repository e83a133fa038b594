import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hexHmac } from '../signature.js';
import { dbtCloud } from './index.js';

const fixture: unknown = JSON.parse(
  readFileSync(new URL('./fixtures/errored.json', import.meta.url), 'utf8'),
);
const context = { endpoint: 'main', receivedAt: new Date('2026-03-02T06:11:00Z') };
const parsed = dbtCloud.parse(fixture, context);

describe('alerts of dbt-cloud', () => {
  test('says which run to fetch, because the webhook names no node', () => {
    expect(parsed.alerts[0]).toMatchObject({
      status: 'firing',
      kind: 'run',
      run: '9',
      title: 'dbt job Nightly failed',
    });
    expect(parsed.followUps).toEqual([{ kind: 'dbt-cloud-artifacts', accountId: '1', runId: '9' }]);
  });

  test('its Authorization header is the hex HMAC of the raw body', () => {
    const rawBody = Buffer.from('{"a":1}');
    const check = (authorization: string) =>
      dbtCloud.verifySignature?.({
        rawBody,
        headers: { authorization },
        secret: 's',
        now: new Date(),
        toleranceSeconds: 300,
        header: null,
      });
    expect(check(hexHmac('sha256', 's', rawBody))).toBe('ok');
    expect(check(hexHmac('sha256', 'other', rawBody))).toBe('wrong');
  });
});

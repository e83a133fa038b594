import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { pagerDuty } from './index.js';

const fixture: unknown = JSON.parse(
  readFileSync(new URL('./fixtures/triggered.json', import.meta.url), 'utf8'),
);
const context = { endpoint: 'main', receivedAt: new Date('2026-03-02T06:11:00Z') };
const parsed = pagerDuty.parse(fixture, context);

describe('alerts of pagerduty', () => {
  test('reads service, priority and when it was created', () => {
    expect(parsed.alerts[0]).toMatchObject({
      status: 'firing',
      severity: 'critical',
      title: 'Loader down',
      labels: { ackKey: 'k' },
    });
  });
});

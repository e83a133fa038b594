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

  test.each([
    ['pagey.ping', { message: 'Hello from your friend Pagey!', type: 'ping' }],
    ['incident.annotated', { id: 'N1', content: 'restarted', type: 'incident_note' }],
    ['incident.responder.added', { state: 'pending', type: 'incident_responder' }],
    ['incident.status_update_published', { id: 'U1', message: 'still down', type: 'incident_status_update' }],
    ['service.updated', { id: 'S1', type: 'service' }],
  ])('%s opens nothing', (event_type, data) => {
    const event = { id: 'e', event_type, occurred_at: '2026-03-02T06:10:00Z', data };
    expect(pagerDuty.parse({ event }, context)).toMatchObject({ alerts: [], skipped: [expect.any(String)] });
  });
});

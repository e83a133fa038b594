import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { alertmanager } from './index.js';

const fixture: unknown = JSON.parse(
  readFileSync(new URL('./fixtures/two-alerts.json', import.meta.url), 'utf8'),
);
const context = { endpoint: 'main', receivedAt: new Date('2026-03-02T06:11:00Z') };
const parsed = alertmanager.parse(fixture, context);

describe('alerts of alertmanager', () => {
  test('pitfall 31: the whole notification is read at once, each alert with its own status and times', () => {
    expect(parsed.alerts.map(({ status, severity, at }) => [status, severity, at.toISOString()])).toEqual([
      ['firing', 'critical', '2026-03-02T06:10:00.000Z'],
      ['resolved', 'error', '2026-03-02T06:10:00.000Z'],
    ]);
  });
});

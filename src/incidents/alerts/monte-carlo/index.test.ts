import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { stewardConfig } from '../../../config/steward-schema.js';
import { checkEndpoints } from '../check-endpoints.js';
import { monteCarlo } from './index.js';

const fixture: unknown = JSON.parse(
  readFileSync(new URL('./fixtures/anomaly.json', import.meta.url), 'utf8'),
);
const context = { endpoint: 'main', receivedAt: new Date('2026-03-02T06:11:00Z') };
const parsed = monteCarlo.parse(fixture, context);

describe('alerts of monte-carlo', () => {
  test('pitfall 32: severity that comes later raises the same problem, it opens no other', () => {
    const later = {
      ...(fixture as object),
      payload: {
        ...(fixture as { payload: object }).payload,
        declared_alert_severity: 'SEV-1',
        owner: 'ivo@example.com',
      },
    };
    const [first] = parsed.alerts;
    const [second] = monteCarlo.parse(later, context).alerts;
    expect(second?.id).toBe(first?.id);
    expect([first?.severity, second?.severity]).toEqual(['error', 'critical']);
  });

  const documented = (payload: Record<string, unknown>, top: Record<string, unknown> = {}) =>
    monteCarlo.parse(
      {
        account: { id: '1' },
        action: 'incident',
        type: 'open_anomaly_incident',
        version: 'v0.1',
        ...top,
        payload: {
          incident_id: 'first',
          group_id: 'dw:core',
          url: 'https://getmontecarlo.com/incidents/first',
          event_list: [
            { event_details: 'Has 42 rows vs. 101 expected: row count', table_name: 'fct_orders' },
          ],
          ...payload,
        },
      },
      { endpoint: 'main', receivedAt: new Date() },
    ).alerts[0];

  test('an anomaly names its table beside its group, and says in words what is wrong', () => {
    expect(documented({})).toMatchObject({
      status: 'firing',
      kind: 'volume',
      title: 'Has 42 rows vs. 101 expected: row count on fct_orders',
      asset: { relation: 'dw.core.fct_orders', name: 'fct_orders' },
    });
  });

  test('an update of the same alert is the same occurrence, whenever it comes: taking it over breaks nothing again', () => {
    const [created, owned] = [documented({}), documented({ owner: 'ivo@example.com' })];
    expect(owned).toMatchObject({ id: created?.id, status: 'firing', owners: ['ivo@example.com'] });
  });

  test.each([
    { payload: { alert_feedback: 'fixed' } },
    { payload: {}, top: { alert_feedback: 'false_positive' } },
  ])('it is over once somebody has said so: %j', ({ payload, top }) => {
    expect(documented(payload, top)).toMatchObject({
      status: 'resolved',
      fingerprint: documented({})?.fingerprint,
    });
  });

  test('the next alert of the same monitor is the same problem again, and another occurrence', () => {
    const [first, next] = [documented({}), documented({ incident_id: 'next' })];
    expect(next?.fingerprint).toBe(first?.fingerprint);
    expect(next?.id).not.toBe(first?.id);
  });

  test('pitfall 29: its signature is not offered as authentication, and why is said', () => {
    expect(monteCarlo.auth).not.toContain('signature');
    expect(() =>
      checkEndpoints(
        stewardConfig.parse({
          incidents: {
            endpoints: [
              { source: 'monte-carlo', id: 'mc', auth: { type: 'signature', secrets: [{ env: 'X' }] } },
            ],
          },
        }),
      ),
    ).toThrow(/Python/);
  });
});

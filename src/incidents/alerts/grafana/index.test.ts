import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { grafana } from './index.js';

const fixture: unknown = JSON.parse(readFileSync(new URL('./fixtures/firing.json', import.meta.url), 'utf8'));
const context = { endpoint: 'main', receivedAt: new Date('2026-03-02T06:11:00Z') };
const parsed = grafana.parse(fixture, context);

describe('alerts of grafana', () => {
  test('year 1 as an end means still firing, and a bare query string is no link', () => {
    expect(parsed.alerts[0]).toMatchObject({
      status: 'firing',
      url: 'https://g/d?viewPanel=1',
      asset: { name: 'fct_orders' },
    });
  });

  test('an alert about no data, whose maps are null, is read as any other', () => {
    const [alert] = grafana.parse(
      {
        receiver: 'steward',
        status: 'firing',
        orgId: 1,
        alerts: [
          {
            status: 'firing',
            labels: { alertname: 'DatasourceNoData', rulename: 'orders rows' },
            annotations: null,
            startsAt: '2026-03-02T06:00:00Z',
            endsAt: '0001-01-01T00:00:00Z',
            values: null,
            fingerprint: 'f1',
          },
        ],
        groupLabels: {},
        commonLabels: null,
        commonAnnotations: null,
        groupKey: '{}:{}',
      },
      context,
    ).alerts;
    expect(alert).toMatchObject({ status: 'firing', title: 'DatasourceNoData' });
  });
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeWithShared, sharedPath } from '../../../test/helpers/shared.js';
import { alertmanager } from './alertmanager/index.js';
import { grafana } from './grafana/index.js';
import { openLineage } from './openlineage/index.js';
import { pagerDuty } from './pagerduty/index.js';

const context = { endpoint: 'main', receivedAt: new Date('2026-06-01T00:00:00Z') };

function read(folder: string, file: string): unknown {
  return JSON.parse(readFileSync(sharedPath('corpora/other', folder, file), 'utf8'));
}

describeWithShared('corpora/other', 'payloads that others recorded', () => {
  test('OpenLineage: the failed dbt run is one failing model and one failing job, statements left out [alerts openlineage: recorded]', () => {
    const { alerts } = openLineage.parse(read('openlineage', 'dbt_failed_run_events.json'), context);
    expect(alerts.map(({ status, labels }) => [status, labels.job])).toEqual([
      ['firing', 'model.jaffle_shop.orders'],
      ['firing', 'dbt-run-jaffle_shop'],
    ]);
    expect(new Set(alerts.map(({ run }) => run)).size).toBe(1);
  });

  test('OpenLineage: assertions that hold are recoveries', () => {
    const { alerts } = openLineage.parse(read('openlineage', 'dbt_test_source_events.json'), context);
    expect(alerts.some(({ status }) => status === 'firing')).toBe(false);
  });

  test('Alertmanager, Grafana and PagerDuty payloads are read [alerts alertmanager: recorded] [alerts grafana: recorded] [alerts pagerduty: recorded]', () => {
    expect(
      alertmanager.parse(read('webhook-alertmanager', 'prom_post_request.json'), context).alerts[0],
    ).toMatchObject({
      status: 'firing',
      severity: 'warning',
    });
    expect(
      grafana.parse(read('webhook-grafana', 'grafana_12_test_alert.json'), context).alerts[0],
    ).toMatchObject({
      status: 'firing',
      title: 'TEST',
    });
    expect(
      pagerDuty.parse(read('webhook-pagerduty', 'v3_incident_priority_updated.json'), context).alerts[0],
    ).toMatchObject({
      title: 'A little bump in the road',
      severity: 'critical',
    });
  });
});

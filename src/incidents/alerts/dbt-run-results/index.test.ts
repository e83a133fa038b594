import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { dbtRunResults } from './index.js';

const fixture: unknown = JSON.parse(
  readFileSync(new URL('./fixtures/failed-run.json', import.meta.url), 'utf8'),
);
const context = { endpoint: 'main', receivedAt: new Date('2026-03-02T06:11:00Z') };
const parsed = dbtRunResults.parse(fixture, context);

describe('alerts of dbt-run-results [alerts dbt: documented]', () => {
  test('reads the model that failed, the test that failed and the one that passes; skipped nodes are no alerts', () => {
    expect(parsed.alerts.map(({ status, kind, title }) => [status, kind, title])).toEqual([
      ['firing', 'run', 'fct_orders failed'],
      ['firing', 'test', 'Test not_null_stg_orders_id fails (12 rows)'],
      ['resolved', 'test', 'Test unique_stg_orders_id passes'],
    ]);
    expect(parsed.alerts[0]?.at.toISOString()).toBe('2026-03-02T06:09:00.000Z');
  });

  test('pitfall 33: an unknown status and an unreadable row are skipped with a reason, the batch goes on', () => {
    expect(parsed.skipped).toEqual([
      '1 results could not be read and was left out',
      'model.shop.odd: status teleported is not known',
    ]);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { airflow } from './index.js';

const fixture: unknown = JSON.parse(
  readFileSync(new URL('./fixtures/failure.json', import.meta.url), 'utf8'),
);
const context = { endpoint: 'main', receivedAt: new Date('2026-03-02T06:11:00Z') };
const parsed = airflow.parse(fixture, context);

describe('alerts of airflow', () => {
  test('pitfall 25: the callback fired twice is one alert, and a mere retry is none', () => {
    expect(airflow.parse(fixture, context).alerts[0]?.id).toBe(parsed.alerts[0]?.id);
    const later = { endpoint: 'main', receivedAt: new Date('2026-03-02T06:14:00Z') };
    const idOf = (change: object, when = context) =>
      airflow.parse({ ...(fixture as object), ...change }, when).alerts[0]?.id;
    // The scheduler's callback for a killed task says another end than the worker's, or none.
    expect(idOf({ end_date: '2026-03-02T06:13:00Z' })).toBe(parsed.alerts[0]?.id);
    expect(idOf({ end_date: null }, later)).toBe(parsed.alerts[0]?.id);
    expect(idOf({ try_number: 3 })).not.toBe(parsed.alerts[0]?.id);
    // A whole run counts no tries: it failed twice where its times say so, and once where there are none.
    const run = { task_id: null, try_number: null };
    expect(idOf({ ...run, end_date: '2026-03-02T07:10:00Z' })).not.toBe(idOf(run));
    expect(idOf({ ...run, end_date: null }, later)).toBe(idOf({ ...run, end_date: null }));
    expect(airflow.parse({ ...(fixture as object), state: 'up_for_retry' }, context).alerts).toHaveLength(0);
    expect(airflow.parse({ ...(fixture as object), run_id: 'another' }, context).alerts[0]?.fingerprint).toBe(
      parsed.alerts[0]?.fingerprint,
    );
  });
});

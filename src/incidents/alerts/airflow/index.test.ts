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
    expect(airflow.parse({ ...(fixture as object), state: 'up_for_retry' }, context).alerts).toHaveLength(0);
    expect(airflow.parse({ ...(fixture as object), run_id: 'another' }, context).alerts[0]?.fingerprint).toBe(
      parsed.alerts[0]?.fingerprint,
    );
  });
});

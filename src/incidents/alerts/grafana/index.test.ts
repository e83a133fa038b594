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
});

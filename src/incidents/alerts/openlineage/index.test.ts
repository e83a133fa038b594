import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openLineage } from './index.js';

const fixture: unknown = JSON.parse(
  readFileSync(new URL('./fixtures/failed-run.json', import.meta.url), 'utf8'),
);
const context = { endpoint: 'main', receivedAt: new Date('2026-03-02T06:11:00Z') };
const parsed = openLineage.parse(fixture, context);

describe('alerts of openlineage', () => {
  test('reads the failed node once, not its statements, and the assertion that does not hold; a time without zone is UTC', () => {
    expect(parsed.alerts.map(({ kind, title }) => [kind, title])).toEqual([
      ['run', 'model.shop.fct_orders failed'],
      ['test', 'unique on dw.core.dim_customers.id does not hold'],
    ]);
    expect(parsed.alerts[0]?.at.toISOString()).toBe('2026-03-02T06:10:00.100Z');
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { dagster } from './index.js';

const fixture: unknown = JSON.parse(
  readFileSync(new URL('./fixtures/run-failure.json', import.meta.url), 'utf8'),
);
const context = { endpoint: 'main', receivedAt: new Date('2026-03-02T06:11:00Z') };
const parsed = dagster.parse(fixture, context);

describe('alerts of dagster', () => {
  test('reads our documented template', () => {
    expect(parsed.alerts[0]).toMatchObject({
      status: 'firing',
      kind: 'run',
      asset: { name: 'fct_orders', relation: 'core.fct_orders' },
      run: 'r1',
    });
  });

  test('a sample notification opens nothing', () => {
    expect(dagster.parse({ ...(fixture as object), is_sample: 'true' }, context).alerts).toHaveLength(0);
  });
});

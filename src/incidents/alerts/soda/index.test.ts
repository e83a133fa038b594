import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { soda } from './index.js';

const fixture: unknown = JSON.parse(
  readFileSync(new URL('./fixtures/check-evaluation.json', import.meta.url), 'utf8'),
);
const context = { endpoint: 'main', receivedAt: new Date('2026-03-02T06:11:00Z') };
const parsed = soda.parse(fixture, context);

describe('alerts of soda', () => {
  test("reads outcome, dataset, owner and the data's time", () => {
    expect(parsed.alerts[0]).toMatchObject({
      status: 'firing',
      kind: 'freshness',
      owners: ['ivo@example.com'],
      asset: { name: 'fct_orders' },
    });
    expect(parsed.alerts[1]?.asset).toBeNull();
  });
});

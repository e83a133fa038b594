import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { elementary } from './index.js';

const fixture: unknown = JSON.parse(readFileSync(new URL('./fixtures/alerts.json', import.meta.url), 'utf8'));
const context = { endpoint: 'main', receivedAt: new Date('2026-03-02T06:11:00Z') };
const parsed = elementary.parse(fixture, context);

describe('alerts of elementary', () => {
  test("reads freshness with the data's own time and its owners", () => {
    expect(parsed.alerts[0]).toMatchObject({
      kind: 'freshness',
      status: 'firing',
      owners: ['ivo@example.com', 'data'],
      asset: { sourceId: 'source.shop.orders_raw' },
    });
    expect(parsed.alerts[0]?.dataSince?.toISOString()).toBe('2026-03-02T01:00:00.000Z');
  });

  test('pitfall 33: an alert with an unknown status is skipped', () => {
    expect(parsed.skipped).toEqual(['a2: status levitating is not known']);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { generic } from './index.js';

const fixture: unknown = JSON.parse(readFileSync(new URL('./fixtures/alert.json', import.meta.url), 'utf8'));
const context = { endpoint: 'main', receivedAt: new Date('2026-03-02T06:11:00Z') };
const parsed = generic.parse(fixture, context);

describe('alerts in the form of our own [alerts generic: real]', () => {
  test('reads everything it documents', () => {
    expect(parsed.alerts[0]).toMatchObject({
      kind: 'freshness',
      severity: 'error',
      owners: ['ivo@example.com'],
      asset: { sourceId: 'model.shop.fct_orders' },
    });
    expect(parsed.alerts[0]?.dataSince?.toISOString()).toBe('2026-03-02T03:00:00.000Z');
  });

  test('a body that is none is refused with a sentence', () => {
    expect(() => generic.parse('words', context)).toThrow(/not a generic alert body/);
    expect(() => generic.parse({ nothing: 1 }, context)).toThrow(/not a generic alert body/);
  });
});

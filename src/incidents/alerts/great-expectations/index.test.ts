import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { greatExpectations } from './index.js';

const fixture: unknown = JSON.parse(
  readFileSync(new URL('./fixtures/checkpoint.json', import.meta.url), 'utf8'),
);
const context = { endpoint: 'main', receivedAt: new Date('2026-03-02T06:11:00Z') };

describe('alerts of great-expectations', () => {
  test("pitfall 30: takes a custom action's JSON, as a checkpoint, one suite or the list the legacy action meant to send", () => {
    const suites = (fixture as { validation_results: unknown[] }).validation_results;
    for (const body of [fixture, suites, suites[0]]) {
      const [alert] = greatExpectations.parse(body, context).alerts;
      expect(alert).toMatchObject({
        status: 'firing',
        kind: 'test',
        column: 'id',
        asset: { relation: 'dw.core.fct_orders' },
      });
    }
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { stewardConfig } from '../../../config/steward-schema.js';
import { checkEndpoints } from '../check-endpoints.js';
import { monteCarlo } from './index.js';

const fixture: unknown = JSON.parse(
  readFileSync(new URL('./fixtures/anomaly.json', import.meta.url), 'utf8'),
);
const context = { endpoint: 'main', receivedAt: new Date('2026-03-02T06:11:00Z') };
const parsed = monteCarlo.parse(fixture, context);

describe('alerts of monte-carlo', () => {
  test('pitfall 32: severity that comes later raises the same problem, it opens no other', () => {
    const later = {
      ...(fixture as object),
      payload: {
        ...(fixture as { payload: object }).payload,
        declared_alert_severity: 'SEV-1',
        owner: 'ivo@example.com',
      },
    };
    const [first] = parsed.alerts;
    const [second] = monteCarlo.parse(later, context).alerts;
    expect(second?.id).toBe(first?.id);
    expect([first?.severity, second?.severity]).toEqual(['error', 'critical']);
  });

  test('pitfall 29: its signature is not offered as authentication, and why is said', () => {
    expect(monteCarlo.auth).not.toContain('signature');
    expect(() =>
      checkEndpoints(
        stewardConfig.parse({
          incidents: {
            endpoints: [
              { source: 'monte-carlo', id: 'mc', auth: { type: 'signature', secrets: [{ env: 'X' }] } },
            ],
          },
        }),
      ),
    ).toThrow(/Python/);
  });
});

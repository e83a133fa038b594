import { describe, expect, test } from 'vitest';
import { makeSampleCatalog } from '../alerts/generate/catalog.js';
import { makeRandom } from '../alerts/generate/random.js';
import { generateAlerts } from '../alerts/generator.js';
import { measure } from './measure.js';
import { readDelivery, replay } from './replay.js';
import { defaultRules } from './rules.js';

const full = process.env.CI === 'true' || process.env.STEWARD_FULL === '1';
const seeds = full ? 30 : 3;

describe('alerts become causes', () => {
  for (let seed = 1; seed <= seeds; seed += 1) {
    test(`5,000 generated alerts of seed ${seed} reach pairwise precision 0.98 and recall 0.95`, () => {
      const view = makeSampleCatalog(seed);
      const score = measure(generateAlerts({ seed, count: 5_000, view }), view);
      expect(score.skipped).toBe(0);
      expect(score.precision).toBeGreaterThanOrEqual(0.98);
      expect(score.recall).toBeGreaterThanOrEqual(0.95);
    });
  }

  test('shuffling the order of delivery changes no group', () => {
    const view = makeSampleCatalog(7);
    const alerts = generateAlerts({ seed: 7, count: 1_500, view }).flatMap(
      ({ source, endpoint, received_at, body }) =>
        readDelivery({ source, endpoint, receivedAt: new Date(received_at), body }).alerts,
    );
    const shape = (order: typeof alerts) =>
      replay(order, view, defaultRules)
        .map(({ key, alerts: members }) => `${key}:${members.map(({ alert }) => alert.id).join(',')}`)
        .sort();
    const expected = shape(alerts);
    for (let seed = 1; seed <= 3; seed += 1)
      expect(shape(makeRandom(seed).shuffle(alerts))).toEqual(expected);
  });

  test('a thousand alerts in one minute about one broken source are one group', () => {
    const view = makeSampleCatalog(3);
    const source = view.assets().find(({ kind }) => kind === 'source');
    const ids = [source, ...view.downstream(source?.id ?? '').map(({ asset }) => asset)].filter(
      (asset) => asset?.kind !== 'exposure',
    );
    const start = Date.parse('2026-03-02T06:00:00Z');
    const alerts = Array.from({ length: 1_000 }, (_, index) => {
      const asset = index === 0 ? source : ids[index % ids.length];
      const at = new Date(start + (index * 60_000) / 1_000).toISOString();
      const body = {
        title: `check ${index % 40} on ${asset?.name}`,
        asset: asset?.sourceId,
        kind: 'freshness',
        at,
      };
      return readDelivery({ source: 'generic', endpoint: 'main', receivedAt: new Date(start + 60_000), body })
        .alerts;
    }).flat();
    const groups = replay(alerts, view, defaultRules);
    expect(groups).toHaveLength(1);
    expect(groups[0]?.rootAssetId).toBe(source?.id);
  });
});

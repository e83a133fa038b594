import { expect, it } from 'vitest';
import { makeTestDatabase } from '../../test/helpers/database.js';
import { makeTestServices } from '../../test/helpers/services.js';
import type { AssetDraft, SourceSnapshot } from '../catalog/asset.js';
import { newAsset } from '../catalog/new-asset.js';
import { freshnessByTier } from './freshness.js';

const source = (name: string, tier: number): AssetDraft =>
  newAsset({ sourceId: name, kind: 'source', name }, { tier });
const check = (sourceId: string, loadedAt: string, status: 'pass' | 'fail' = 'pass') => ({
  sourceId,
  type: 'freshness' as const,
  name: 'freshness',
  status,
  observedAt: '2026-03-02T06:00:00Z',
  loadedAt,
});
const snapshot: SourceSnapshot = {
  assets: [source('billing', 1), source('usage', 1), source('events', 2), source('crm', 2)],
  edges: [],
  signals: [
    check('billing', '2026-03-02T05:00:00Z'),
    check('usage', '2026-03-01T20:00:00Z'),
    check('events', '2026-03-01T20:00:00Z'),
    check('crm', '2026-02-20T00:00:00Z', 'fail'),
  ],
  warnings: [],
  info: {},
};

it('holds a source against what its tier promises, where steward.yml promises something', async () => {
  const database = await makeTestDatabase();
  const services = await makeTestServices({
    database,
    config: {
      tiers: [
        { tier: 1, name: 'Board', freshness: '6h' },
        { tier: 2, name: 'Team' },
      ],
    },
    catalog: { shop: snapshot },
  });
  expect(freshnessByTier(services, () => true)).toEqual([
    { tier: 1, name: 'Board', share: 0.5, count: 2 },
    { tier: 2, name: 'Team', share: 0.5, count: 2 },
  ]);
  expect(freshnessByTier(services, ({ name }) => name !== 'usage')[0]).toMatchObject({ share: 1, count: 1 });
});

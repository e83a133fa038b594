import type { AssetDraft, SourceSnapshot } from '../../src/catalog/asset.js';
import { newAsset } from '../../src/catalog/new-asset.js';

export const noon = new Date('2026-11-21T12:00:00Z');

export function asset(
  draft: Partial<AssetDraft> & Pick<AssetDraft, 'sourceId' | 'name' | 'kind'>,
): AssetDraft {
  return newAsset(draft, draft);
}

/** orders_daily (a mart with a pipeline), the metric and the board dashboard built from it. */
export function ordersCatalog(): SourceSnapshot {
  return {
    assets: [
      asset({
        sourceId: 'model.shop.orders_daily',
        kind: 'model',
        name: 'orders_daily',
        tier: 2,
        domain: 'sales',
        owners: [{ email: 'ona@lab.example' }],
        relation: 'shop.marts.orders_daily',
        executor: { name: 'warehouse', pipeline: 'orders_daily' },
        partition: { grain: 'day', column: 'day', timeZone: 'UTC', retentionDays: 365 },
      }),
      asset({
        sourceId: 'model.shop.orders_old',
        kind: 'model',
        name: 'orders_old',
        status: 'deprecated',
        successor: 'orders_daily',
        executor: { name: 'warehouse', pipeline: 'orders_old' },
        partition: { grain: 'day', column: 'day', timeZone: 'UTC' },
      }),
      asset({
        sourceId: 'metric.shop.revenue',
        kind: 'metric',
        name: 'revenue',
        tier: 1,
        owners: [{ email: 'rita@lab.example' }],
      }),
      asset({
        sourceId: 'exposure.shop.board',
        kind: 'exposure',
        name: 'Board dashboard',
        tier: 1,
        owners: [{ email: 'rita@lab.example' }],
      }),
      asset({
        sourceId: 'model.shop.salaries_daily',
        kind: 'model',
        name: 'salaries_daily',
        tags: ['hidden'],
        executor: { name: 'warehouse', pipeline: 'orders_daily' },
        partition: { grain: 'day', column: 'day', timeZone: 'UTC' },
      }),
    ],
    edges: [
      { from: 'model.shop.orders_daily', to: 'metric.shop.revenue', kind: 'measures' },
      { from: 'metric.shop.revenue', to: 'exposure.shop.board', kind: 'exposes' },
    ],
    signals: [],
    warnings: [],
    info: {},
  };
}

export const policyText = `
version: 1
rules:
  - name: not-the-board
    kind: backfill
    when: { facts: { partitions: { atLeast: 50 } } }
    deny: More than 49 partitions at once is for the quarterly rebuild.
  - name: small-and-safe
    kind: backfill
    when: { facts: { partitions: { atMost: 5 }, windowAgeDays: { atMost: 35 } } }
    autoApprove: Few and recent partitions.
  - name: owner-says
    kind: backfill
    stages: [{ name: Owner, from: [owner] }]
`;

export const baseConfig = {
  people: [
    { email: 'rita@lab.example', name: 'Rita', slack: 'U0RITA', teams: ['growth'] },
    { email: 'ona@lab.example', name: 'Ona', slack: 'U0ONA', teams: ['data'] },
    { email: 'gus@lab.example', name: 'Gus', slack: 'U0GUS', teams: ['growth'] },
    { email: 'ada@lab.example', name: 'Ada', slack: 'U0ADA', teams: [] },
  ],
  teams: [{ id: 'growth' }, { id: 'data' }],
  authority: { admins: ['ada@lab.example'], dataTeam: ['data'] },
  slack: { channels: { backfills: 'C0BACKFILL', approvals: 'C0APPROVE' } },
  catalog: { visibility: [{ match: { tag: 'hidden' }, teams: ['data'], otherwise: 'hidden' }] },
};

import type { AssetDraft, EdgeDraft, SourceSnapshot } from '../../catalog/asset.js';
import { assetId } from '../../catalog/asset-id.js';
import { newAsset } from '../../catalog/new-asset.js';

function draft(kind: AssetDraft['kind'], name: string, more: Partial<AssetDraft> = {}): AssetDraft {
  return newAsset({ sourceId: `${kind}.shop.${name}`, kind, name }, more);
}

/** A small lineage: orders_raw -> stg_orders -> fct_orders -> revenue (metric) and a board dashboard; customers apart. */
export const sampleSnapshot: SourceSnapshot = {
  assets: [
    draft('source', 'orders_raw', {
      relation: 'raw.shop.orders_raw',
      tier: 3,
      owners: [{ email: 'ivo@example.com' }],
      runbook: '- Ask the loader\n- Rerun yesterday\n- Tell finance',
    }),
    draft('model', 'stg_orders', {
      relation: 'dw.stg.stg_orders',
      tier: 3,
      owners: [{ email: 'ivo@example.com' }],
    }),
    draft('model', 'fct_orders', {
      relation: 'dw.core.fct_orders',
      tier: 1,
      domain: 'sales',
      owners: [{ team: 'analytics' }],
    }),
    draft('model', 'dim_customers', {
      relation: 'dw.core.dim_customers',
      tier: 2,
      domain: 'crm',
      owners: [{ email: 'ivo@example.com' }],
    }),
    draft('metric', 'revenue', { tier: 1, owners: [{ email: 'fay@example.com' }] }),
    draft('exposure', 'board_dashboard', {
      tier: 1,
      label: 'Board <dashboard>',
      owners: [{ email: 'fay@example.com' }],
    }),
  ],
  edges: [
    ['source.shop.orders_raw', 'model.shop.stg_orders'],
    ['model.shop.stg_orders', 'model.shop.fct_orders'],
    ['model.shop.fct_orders', 'metric.shop.revenue'],
    ['metric.shop.revenue', 'exposure.shop.board_dashboard'],
  ].map(([from, to]) => ({ from: from ?? '', to: to ?? '', kind: 'upstream' }) satisfies EdgeDraft),
  signals: [],
  warnings: [],
  info: {},
};

/** Id of an asset of the sample, by `<kind>.shop.<name>`. */
export function sampleId(sourceId: string): string {
  return assetId('shop', sourceId);
}

/** People and settings that go with it. */
export const sampleConfig = {
  people: [
    { email: 'ivo@example.com', name: 'Ivo', slack: 'U0IVO', teams: ['analytics'] },
    { email: 'fay@example.com', name: 'Fay', slack: 'U0FAY', teams: ['finance'] },
    { email: 'sam@example.com', name: 'Sam', slack: 'U0SAM', teams: ['security'] },
    { email: 'guy@example.com', name: 'Guy', slack: 'U0GUY', guest: true },
    { email: 'ada@example.com', name: 'Ada', slack: 'U0ADA' },
  ],
  teams: [
    { id: 'analytics', onCall: { people: ['ivo@example.com'], start: '2026-01-01T00:00:00Z', every: '1w' } },
    { id: 'finance' },
    { id: 'security' },
  ],
  authority: { admins: ['ada@example.com'], dataTeam: ['analytics'], security: ['security'] },
  slack: { channels: { incidents: 'C0INC' } },
  incidents: { team: 'analytics', security: ['security'] },
};

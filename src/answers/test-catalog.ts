import type { Asset, AssetDraft, AssetKind, EdgeDraft, SignalDraft } from '../catalog/asset.js';
import { newAsset } from '../catalog/new-asset.js';
import { buildIndex } from '../catalog/search/build-index.js';
import { makeCatalog } from '../catalog/snapshot.js';
import { operatorViewer } from '../catalog/visibility.js';
import type { AnswerInput } from './context.js';

/** An asset for tests: what is not said is absent. */
export function draft(kind: AssetKind, name: string, more: Partial<AssetDraft> = {}): AssetDraft {
  return newAsset(
    { sourceId: `${kind}.shop.${name}`, kind, name },
    { provenance: { '*': { file: `models/${name}.yml`, line: 3 } }, ...more },
  );
}

export const testNow = new Date('2026-03-02T10:00:00Z');

const column = (name: string): AssetDraft['columns'][number] => ({
  name,
  description: '',
  tags: [],
  classification: [],
  meta: {},
});
const signal = (sourceId: string, more: Partial<SignalDraft>): SignalDraft => ({
  sourceId,
  type: 'test',
  name: 'not_null',
  status: 'pass',
  observedAt: '2026-03-02T06:00:00Z',
  ...more,
});

/** A small shop: revenue on orders on a source, a table with payroll that most may not know of. */
export function shopInput(
  changes: { assets?: AssetDraft[]; edges?: EdgeDraft[]; signals?: SignalDraft[] } = {},
): AnswerInput {
  const assets: AssetDraft[] = [
    draft('metric', 'net_revenue', {
      label: 'Net revenue',
      description: 'Money from delivered orders after refunds and tax.',
      synonyms: ['net sales'],
      formula: {
        type: 'simple',
        expression: 'sum(amount - refunds)',
        aggregation: 'sum',
        inputs: ['amount'],
      },
      dimensions: ['country', 'order_status'],
      owners: [{ team: 'finance' }],
      tier: 1,
      certified: true,
    }),
    draft('metric', 'gross_revenue', {
      label: 'Gross revenue',
      description: 'Value of all placed orders at list price.',
      formula: { type: 'simple', expression: 'sum(list_price)', aggregation: 'sum', inputs: ['list_price'] },
      owners: [{ team: 'finance' }],
    }),
    draft('metric', 'churn_rate', {
      label: 'Churn rate',
      description: 'Share of subscribers who cancelled in the month.',
    }),
    draft('model', 'fct_orders', {
      description: 'One row per order.',
      owners: [{ team: 'sales-ops' }],
      columns: [column('order_id'), column('customer_id'), column('order_status'), column('amount')],
      relation: 'shop.marts.fct_orders',
    }),
    draft('source', 'raw_orders', {
      description: 'Orders as the shop writes them.',
      columns: [column('order_id')],
    }),
    draft('exposure', 'board_deck', {
      label: 'Board deck',
      description: 'Monthly slides for the board.',
      url: 'https://bi.example/board',
    }),
    draft('model', 'payroll_items', {
      description: 'Wages by employee and month. Never show it.',
      tags: ['hr'],
      owners: [{ team: 'people' }],
      columns: [column('wage')],
    }),
    draft('metric', 'average_wage', {
      label: 'Average wage',
      description: 'Mean wage of all employees.',
      tags: ['hr'],
      owners: [{ team: 'people' }],
    }),
    ...(changes.assets ?? []),
  ];
  const edges: EdgeDraft[] = changes.edges ?? [
    { from: 'source.shop.raw_orders', to: 'model.shop.fct_orders', kind: 'upstream' },
    { from: 'model.shop.fct_orders', to: 'metric.shop.net_revenue', kind: 'measures' },
    { from: 'metric.shop.net_revenue', to: 'exposure.shop.board_deck', kind: 'exposes' },
    { from: 'model.shop.payroll_items', to: 'metric.shop.average_wage', kind: 'measures' },
  ];
  const signals: SignalDraft[] = changes.signals ?? [
    signal('model.shop.fct_orders', {}),
    signal('model.shop.fct_orders', { type: 'tie-out', name: 'ties_to_billing' }),
    signal('source.shop.raw_orders', {
      type: 'freshness',
      name: 'freshness',
      loadedAt: '2026-03-02T05:40:00Z',
    }),
  ];
  const view = makeCatalog([
    { source: 'shop', type: 'test', snapshot: { assets, edges, signals, warnings: [], info: {} } },
  ]);
  return { view, index: buildIndex(view.assets()), now: testNow, viewer: operatorViewer };
}

/** The asset of that name in an input. */
export function assetNamed(input: AnswerInput, name: string): Asset {
  const found = input.view.assets().find((asset) => asset.name === name);
  if (!found) throw new Error(`no ${name} in the test catalog`);
  return found;
}

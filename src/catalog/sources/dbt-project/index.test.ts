import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { tempFiles } from '../../../../test/helpers/temp-files.js';
import type { AssetDraft, SourceSnapshot } from '../../asset.js';
import { withFileLinks } from '../../file-links.js';
import { sourceContext } from '../../test-kit/source-context.js';
import { dbtProject } from './index.js';

const fixture = path.join(path.dirname(fileURLToPath(import.meta.url)), 'fixtures/shop');

async function read(folder: string): Promise<SourceSnapshot> {
  const snapshot = await dbtProject.read({ path: folder }, sourceContext());
  return withFileLinks(snapshot, 'https://git.shop.example/{path}');
}

let shop: SourceSnapshot;
beforeAll(async () => {
  shop = await read(fixture);
});

function asset(sourceId: string): AssetDraft {
  const found = shop.assets.find((candidate) => candidate.sourceId === sourceId);
  if (found === undefined)
    throw new Error(`no ${sourceId} among ${shop.assets.map((each) => each.sourceId).join(', ')}`);
  return found;
}

function upstream(sourceId: string): string[] {
  return shop.edges.filter((edge) => edge.to === sourceId).map((edge) => edge.from);
}

describe('a dbt project on disk', () => {
  it('gives exactly its enabled things, with dbt ids', () => {
    expect(shop.assets.map((each) => each.sourceId).sort()).toEqual([
      'exposure.shop.board_pack',
      'metric.shop.customers',
      'metric.shop.gross_revenue',
      'metric.shop.order_lines',
      'metric.shop.return_share',
      'metric.shop.returned_orders',
      'metric.shop.revenue_growth',
      'metric.shop.revenue_mtd',
      'metric.shop.revenue_per_customer',
      'metric.shop.spend_p95',
      'model.shop.dim_customers',
      'model.shop.fct_orders.v1',
      'model.shop.fct_orders.v2',
      'model.shop.stg_orders',
      'seed.shop.countries',
      'snapshot.shop.orders_history',
      'snapshot.shop.orders_yearly',
      'source.shop.erp.orders',
      'source.shop.erp.refunds',
    ]);
    expect(shop.warnings).toEqual([]);
  });

  it('reads a metric of every generation of the syntax', () => {
    const formulas = [
      'gross_revenue',
      'customers',
      'spend_p95',
      'returned_orders',
      'return_share',
      'revenue_per_customer',
      'revenue_growth',
      'revenue_mtd',
      'order_lines',
    ].map((name) => asset(`metric.shop.${name}`).formula?.expression);
    expect(formulas).toEqual([
      'sum(amount)',
      'count(distinct customer_id)',
      'percentile(lifetime_spend, 0.95)',
      'count(order_id)',
      'returned_orders / order_lines',
      'gross_revenue / customers',
      'now - before, where now = gross_revenue, before = gross_revenue 1 month ago',
      'gross_revenue accumulated since the start of the month',
      'count(1)',
    ]);
  });

  it('says of a metric what stands around it', () => {
    expect(asset('metric.shop.gross_revenue')).toMatchObject({
      synonyms: ['turnover'],
      tier: 1,
      timeDimension: 'ordered_at',
      grain: 'day',
      dimensions: ['ordered_at', 'country'],
      filters: ["order__country != 'XX'"],
      caveats: ['Periods without data count as 0.'],
      owners: [{ team: 'finance', email: 'finance@shop.example' }, { email: 'ledger@shop.example' }],
      path: 'models/marts',
      provenance: {
        '*': {
          file: 'models/marts/metrics.yml',
          line: 14,
          url: 'https://git.shop.example/models/marts/metrics.yml',
        },
      },
    });
    expect(asset('metric.shop.gross_revenue').context).toEqual(
      expect.arrayContaining([
        'Amount of the line.',
        'how much did we sell',
        'One row per order line.',
        'monthly_pack',
      ]),
    );
    expect(asset('metric.shop.spend_p95').caveats).toEqual([
      'Not additive over first_ordered_at: do not sum it across first_ordered_at.',
    ]);
    expect(asset('metric.shop.returned_orders')).toMatchObject({
      timeDimension: 'returned_at',
      grain: 'day',
      dimensions: ['country'],
      filters: ["status = 'returned'"],
      owners: [{ email: 'returns@shop.example' }],
    });
  });

  it('takes lineage from ref(), source() and metric(), not from comments', () => {
    expect(upstream('model.shop.stg_orders').sort()).toEqual([
      'seed.shop.countries',
      'source.shop.erp.orders',
    ]);
    expect(upstream('model.shop.dim_customers').sort()).toEqual([
      'model.shop.fct_orders.v1',
      'model.shop.fct_orders.v2',
    ]);
    expect(upstream('model.shop.fct_orders.v1')).toEqual(['model.shop.stg_orders']);
    expect(upstream('snapshot.shop.orders_history')).toEqual(['model.shop.stg_orders']);
    expect(upstream('snapshot.shop.orders_yearly')).toEqual(['model.shop.fct_orders.v2']);
    expect(upstream('metric.shop.customers')).toEqual(['model.shop.dim_customers']);
    expect(upstream('metric.shop.gross_revenue')).toEqual(['model.shop.fct_orders.v2']);
    expect(upstream('metric.shop.returned_orders')).toEqual(['model.shop.fct_orders.v2']);
    expect(upstream('metric.shop.revenue_per_customer').sort()).toEqual([
      'metric.shop.customers',
      'metric.shop.gross_revenue',
    ]);
    expect(upstream('exposure.shop.board_pack').sort()).toEqual([
      'metric.shop.gross_revenue',
      'model.shop.fct_orders.v2',
      'source.shop.erp.refunds',
    ]);
  });

  it('gives models their versions, contract, partition, folder settings and doc blocks', () => {
    const latest = asset('model.shop.fct_orders.v2');
    expect(latest).toMatchObject({
      name: 'fct_orders',
      version: '2',
      tags: ['nightly'],
      domain: 'sales',
      partition: { grain: 'day', column: 'ordered_at', timeZone: 'UTC' },
      owners: [{ team: 'finance', email: 'finance@shop.example' }, { email: 'ledger@shop.example' }],
    });
    expect(latest.contract?.columns).toEqual([
      { name: 'order_id', dataType: 'bigint' },
      { name: 'status' },
      { name: 'email' },
    ]);
    expect(latest.columns.map((column) => [column.name, column.description, column.classification])).toEqual([
      ['order_id', '', []],
      ['status', 'Where the order stands: `placed`, `shipped` or `returned`.', []],
      ['email', '', ['pii']],
    ]);
    expect(asset('model.shop.fct_orders.v1')).toMatchObject({
      status: 'deprecated',
      deprecatedOn: '2026-01-31',
      successor: 'model.shop.fct_orders.v2',
    });
    expect(asset('model.shop.fct_orders.v1').columns.map((column) => column.name)).toEqual([
      'order_id',
      'status',
    ]);
  });

  it('gives source tables what is said for their source', () => {
    expect(asset('source.shop.erp.orders')).toMatchObject({
      relation: 'lake.erp_raw.orders_v2',
      freshnessSla: { warnAfterMinutes: 360, errorAfterMinutes: 1440 },
      owners: [{ email: 'platform@shop.example' }],
      classification: ['pii'],
      tags: ['raw'],
    });
    expect(asset('source.shop.erp.refunds').freshnessSla).toBeUndefined();
  });

  it('reads the same twice', async () => {
    expect(await read(fixture)).toEqual(shop);
  });
});

describe('a dbt project that is not as it should be', () => {
  const good = 'metrics: [{name: orders, label: Orders, type: simple, type_params: {measure: orders}}]\n';

  it('names a file that is indented with a tab, with its line, and reads the rest', async () => {
    const folder = await tempFiles({
      'dbt_project.yml': 'name: shop\n',
      'models/good.yml': good,
      'models/tab.yml': 'metrics:\n  - name: broken\n\tlabel: Broken\n',
    });
    const snapshot = await read(folder);
    expect(snapshot.assets.map((each) => each.name)).toEqual(['orders']);
    expect(snapshot.warnings).toContain(
      'models/tab.yml, line 3: a tab is used to indent, and YAML allows only blanks; the file was left out.',
    );
  });

  it('names a broken file with its line and reads the rest', async () => {
    const folder = await tempFiles({
      'dbt_project.yml': 'name: shop\n',
      'good.yml': good,
      'bad.yml': 'metrics:\n  - name: "open\n',
    });
    const snapshot = await read(folder);
    expect(snapshot.assets).toHaveLength(1);
    expect(snapshot.warnings.join('\n')).toMatch(/bad\.yml, line \d+: .*left out/);
  });

  it('keeps two metrics of one name, apart, and says where both are', async () => {
    const folder = await tempFiles({ 'dbt_project.yml': 'name: shop\n', 'a.yml': good, 'b.yml': good });
    const snapshot = await read(folder);
    expect(snapshot.assets.map((each) => each.sourceId)).toEqual([
      'metric.shop.orders',
      'metric.shop.orders@b.yml',
    ]);
    expect(snapshot.warnings).toContain(
      'Two metrics are called orders: a.yml, line 1 and b.yml, line 1. Both are kept; give one of them another name.',
    );
  });

  it('reads metrics that refer to each other in a circle', async () => {
    const folder = await tempFiles({
      'dbt_project.yml': 'name: shop\n',
      'm.yml': [
        'metrics:',
        '  - {name: a, type: derived, type_params: {expr: b + 1, metrics: [b]}}',
        '  - {name: b, type: derived, type_params: {expr: a - 1, metrics: [a]}}',
      ].join('\n'),
    });
    const snapshot = await read(folder);
    expect(snapshot.edges).toEqual([
      { from: 'metric.shop.b', to: 'metric.shop.a', kind: 'upstream' },
      { from: 'metric.shop.a', to: 'metric.shop.b', kind: 'upstream' },
    ]);
  });

  it('reads past entries that are no entries', async () => {
    const folder = await tempFiles({
      'dbt_project.yml': 'name: shop\n',
      'm.yml':
        'metrics: [null, 3, {label: nameless}, {name: ok, type_params: nonsense}]\nmodels: {a: b}\nsources: text\n',
      'empty.yml': '',
      'list.yml': '- 1\n',
    });
    const snapshot = await read(folder);
    expect(snapshot.assets.map((each) => [each.name, each.formula])).toEqual([['ok', undefined]]);
    expect(snapshot.warnings).toContain(
      'm.yml, line 1: an entry under metrics has no name; it was left out.',
    );
  });

  it('refuses a place that is not there or holds nothing, with what to do', async () => {
    await expect(read('/nowhere/at/all')).rejects.toThrow(
      'There is no file or folder /nowhere/at/all. Give the folder of a dbt project',
    );
    await expect(read(await tempFiles({ 'readme.txt': 'x' }))).rejects.toThrow(
      'holds no YAML file that can be read',
    );
    await expect(read(await tempFiles({ 'dbt_project.yml': 'name: "x\n', 'm.yml': good }))).rejects.toThrow(
      'dbt_project.yml, line',
    );
  });
});

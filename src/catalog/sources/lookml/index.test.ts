import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { describeWithShared, sharedPath } from '../../../../test/helpers/shared.js';
import { tempFiles } from '../../../../test/helpers/temp-files.js';
import { sourceContext } from '../../test-kit/source-context.js';
import { lookml } from './index.js';

const fixtures = path.join(path.dirname(fileURLToPath(import.meta.url)), 'fixtures');
const read = (folder: string) => lookml.read({ path: folder }, sourceContext());

describe('a LookML project', () => {
  it('[M-lookml] gives measures as metrics, with refinements and extensions applied', async () => {
    const { assets, edges } = await read(fixtures);
    expect(
      assets
        .filter((asset) => asset.kind === 'metric')
        .map((asset) => [asset.sourceId, asset.formula?.expression]),
    ).toEqual([
      ['base.count', 'count(*)'],
      ['orders.count', 'count(*)'],
      ['orders.revenue', 'sum(amount)'],
      ['orders.average_order', 'revenue / nullif(count, 0)'],
      ['orders.secret', 'avg(margin)'],
      ['monthly.months', 'count(distinct month)'],
      ['users.p95', 'percentile(age, 95)'],
      ['users.orders_per_user', 'orders.count / p95'],
    ]);
    expect(assets.find((asset) => asset.sourceId === 'orders.revenue')).toMatchObject({
      label: 'Revenue',
      description: 'What customers paid, before refunds.',
      synonyms: ['turnover'],
      tier: 1,
      unit: 'USD',
      filters: ['status: paid'],
      timeDimension: 'ordered',
      context: expect.arrayContaining(['Sales']),
    });
    expect(assets.find((asset) => asset.sourceId === 'view.orders')).toMatchObject({
      kind: 'source',
      relation: 'lake.marts.orders',
    });
    expect(edges).toEqual(
      expect.arrayContaining([
        { from: 'view.orders', to: 'view.monthly', kind: 'upstream' },
        { from: 'orders.revenue', to: 'orders.average_order', kind: 'upstream' },
        { from: 'view.orders', to: 'orders.revenue', kind: 'measures' },
      ]),
    );
  });

  it('takes owner and domain from tags, sensitive columns from theirs, and measures of other views as inputs', async () => {
    const { assets, edges } = await read(fixtures);
    expect(assets.find((asset) => asset.sourceId === 'users.p95')).toMatchObject({
      description: 'Older than\nmost.',
      owners: [{ name: 'growth' }],
      domain: 'people',
    });
    expect(assets.find((asset) => asset.sourceId === 'users.p95')?.unit).toBeUndefined();
    expect(assets.find((asset) => asset.sourceId === 'view.users')?.columns).toMatchObject([
      { name: 'email', classification: ['pii'] },
    ]);
    expect(edges).toContainEqual({ from: 'orders.count', to: 'users.orders_per_user', kind: 'upstream' });
  });

  it('gives dashboards with the measures and views that they show', async () => {
    const { assets, edges } = await read(fixtures);
    expect(assets.find((asset) => asset.kind === 'exposure')).toMatchObject({
      sourceId: 'dashboard.board_pack',
      label: 'Board pack',
      context: ['Turnover by month', 'Nothing known'],
    });
    expect(edges.filter((edge) => edge.kind === 'exposes')).toEqual([
      { from: 'orders.revenue', to: 'dashboard.board_pack', kind: 'exposes' },
      { from: 'view.orders', to: 'dashboard.board_pack', kind: 'exposes' },
    ]);
  });

  it('leaves out a template that must be extended, and refines explores too', async () => {
    const folder = await tempFiles({
      'a.view.lkml': `
view: counted { extension: required  measure: count { type: count } }
view: orders { extends: [counted] sql_table_name: lake.orders ;; }
explore: orders { label: "Sales" }
explore: +orders { description: "All that was sold." }`,
    });
    const { assets } = await read(folder);
    expect(assets.map(({ sourceId }) => sourceId)).toEqual(['view.orders', 'orders.count']);
    expect(assets[1]?.context).toEqual(expect.arrayContaining(['Sales', 'All that was sold.']));
  });

  it('tells no folder of what lies at the top', async () => {
    const view = 'view: v { measure: count { type: count } }';
    const { assets } = await read(
      await tempFiles({ 'a.view.lkml': view, 'risk/b.view.lkml': view.replace(': v', ': w') }),
    );
    expect(assets.filter(({ kind }) => kind === 'metric').map((asset) => asset.path)).toEqual([
      undefined,
      'risk',
    ]);
  });

  it('names a broken file and a refinement of nothing, and reads the rest', async () => {
    const { warnings } = await read(fixtures);
    expect(warnings).toEqual([
      expect.stringMatching(/^broken\.view\.lkml: .*; the file was left out\.$/),
      'shop.view.lkml refines the view nowhere, which no file has.',
    ]);
  });
});

describeWithShared('corpora', 'published LookML [source lookml: recorded]', () => {
  it('gives all of its measures', async () => {
    const { assets, warnings } = await read(sharedPath('corpora/other/lookml'));
    expect(assets.filter((asset) => asset.kind === 'metric').length).toBeGreaterThanOrEqual(15);
    expect(warnings.filter((warning) => warning.includes('left out'))).toEqual([]);
  });

  it('reads a view that several refinements change and another extends', async () => {
    const { assets } = await read(sharedPath('corpora/other/lookml/lkml_refinement_samples/sample1'));
    const columns = (name: string) =>
      assets.find((asset) => asset.name === name)?.columns.map((column) => column.name) ?? [];
    expect(columns('book')).toContain('issue_date');
    expect(columns('extend_book')).toEqual(expect.arrayContaining(['issue_date']));
  });

  it('reads the corner cases of the grammar, or names the file', async () => {
    const { assets, warnings } = await read(sharedPath('corpora/other/lookml-parser-cases'));
    expect(assets.length).toBeGreaterThan(3);
    for (const warning of warnings) expect(warning).toMatch(/\.lkml/);
  });
});

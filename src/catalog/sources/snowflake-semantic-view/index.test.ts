import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { describeWithShared, sharedPath } from '../../../../test/helpers/shared.js';
import { sourceContext } from '../../test-kit/source-context.js';
import { snowflakeSemanticView } from './index.js';

const fixture = path.join(path.dirname(fileURLToPath(import.meta.url)), 'fixtures');

describe('a Snowflake semantic view', () => {
  it('[M-snowflake] gives metrics of tables, of the view and of older measures', async () => {
    const { assets, edges } = await snowflakeSemanticView.read({ path: fixture }, sourceContext());
    expect(
      assets
        .filter((asset) => asset.kind === 'metric')
        .map((asset) => [asset.sourceId, asset.formula?.expression]),
    ).toEqual([
      ['shop.orders.revenue', 'SUM(amount)'],
      ['shop.orders.internal_margin', 'SUM(margin)'],
      ['shop.orders.amount', 'sum(amount)'],
      ['shop.orders.profit', 'amount - cost'],
      ['shop.orders_per_country', 'COUNT(orders.id) / COUNT(DISTINCT orders.country)'],
    ]);
    expect(assets.find((asset) => asset.name === 'revenue')).toMatchObject({
      synonyms: ['turnover'],
      dimensions: ['country', 'ordered_at'],
      timeDimension: 'ordered_at',
      exampleQuery: expect.stringContaining('sum(revenue)'),
      context: expect.arrayContaining(['How much did we sell per month?', 'sales']),
    });
    expect(assets.find((asset) => asset.name === 'internal_margin')?.tags).toEqual(['private']);
    expect(assets.find((asset) => asset.kind === 'source')?.relation).toBe('LAKE.MARTS.ORDERS');
    expect(edges).toHaveLength(5);
  });
});

describeWithShared(
  'corpora',
  'a published Snowflake semantic model [source snowflake-semantic-view: recorded]',
  () => {
    it('gives its top-level metrics with formula, synonyms and lineage', async () => {
      const { assets, edges } = await snowflakeSemanticView.read(
        { path: sharedPath('corpora/other/snowflake-converted') },
        sourceContext(),
      );
      const metrics = assets.filter((asset) => asset.kind === 'metric');
      expect(metrics.length).toBeGreaterThan(2);
      expect(
        metrics.filter((metric) => metric.formula === undefined || metric.synonyms.length === 0),
      ).toEqual([]);
      expect(new Set(edges.map((edge) => edge.to)).size).toBe(metrics.length);
      expect(assets.find((asset) => asset.name === 'store_sales')?.relation).toBe('TPCDS.PUBLIC.STORE_SALES');
    });
  },
);

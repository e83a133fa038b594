import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { describeWithShared, sharedPath } from '../../../../test/helpers/shared.js';
import { sourceContext } from '../../test-kit/source-context.js';
import { databricksMetricView } from './index.js';

const fixtures = path.join(path.dirname(fileURLToPath(import.meta.url)), 'fixtures');

describe('a Databricks metric view', () => {
  it('gives its measures as metrics, with the view filter on each', async () => {
    const { assets, edges } = await databricksMetricView.read({ path: fixtures }, sourceContext());
    expect(assets.at(-1)).toMatchObject({
      sourceId: 'sales.revenue',
      formula: { expression: 'SUM(amount)', aggregation: 'sum' },
      filters: ["status = 'paid'"],
      unit: 'EUR',
      synonyms: ['turnover'],
      dimensions: ['country'],
    });
    expect(edges.map((edge) => edge.from)).toEqual(['lake.marts.orders', 'lake.marts.customers']);
  });
});

describeWithShared('corpora', 'published metric views [source databricks-metric-view: recorded]', () => {
  it('give every measure', async () => {
    const { assets } = await databricksMetricView.read(
      { path: sharedPath('corpora/other/databricks-metric-view') },
      sourceContext(),
    );
    const metrics = assets.filter((asset) => asset.kind === 'metric');
    expect(metrics.filter((metric) => metric.sourceId.startsWith('fixture'))).toHaveLength(4);
    expect(metrics.filter((metric) => metric.formula === undefined)).toEqual([]);
  });
});

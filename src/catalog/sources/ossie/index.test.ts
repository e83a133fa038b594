import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { describeWithShared, sharedPath } from '../../../../test/helpers/shared.js';
import { tempFiles } from '../../../../test/helpers/temp-files.js';
import type { SourceSnapshot } from '../../asset.js';
import { sourceContext } from '../../test-kit/source-context.js';
import { ossie } from './index.js';

const fixture = path.join(path.dirname(fileURLToPath(import.meta.url)), 'fixtures/shop.yaml');

function count(snapshot: SourceSnapshot, kind: string): number {
  return snapshot.assets.filter((asset) => asset.kind === kind).length;
}

describe('an Ossie semantic model', () => {
  it('[M-ossie] gives its metrics with formula, synonyms, owner out of an extension, and lineage to their datasets', async () => {
    const { assets, edges } = await ossie.read({ path: fixture }, sourceContext());
    expect(assets.find((asset) => asset.name === 'revenue')).toMatchObject({
      sourceId: 'shop.revenue',
      formula: { expression: 'SUM(orders.amount)', aggregation: 'sum', inputs: ['orders'] },
      synonyms: ['turnover'],
      owners: [{ email: 'finance@shop.example' }],
      tier: 1,
      timeDimension: 'ordered_at',
      dimensions: ['ordered_at', 'country'],
    });
    expect(edges).toEqual([
      { from: 'shop.orders', to: 'shop.revenue', kind: 'measures' },
      { from: 'shop.orders', to: 'shop.orders_per_visit', kind: 'measures' },
      { from: 'shop.visits', to: 'shop.orders_per_visit', kind: 'measures' },
    ]);
    expect(assets.find((asset) => asset.name === 'orders')).toMatchObject({
      kind: 'source',
      relation: 'lake.marts.orders',
    });
  });

  it('is refused when there is none', async () => {
    await expect(
      ossie.read({ path: await tempFiles({ 'x.yaml': 'a: 1\n' }) }, sourceContext()),
    ).rejects.toThrow('holds no semantic_model');
  });
});

describeWithShared('corpora', 'published Ossie and OSI documents [source ossie: recorded]', () => {
  it.each([
    ['ossie/osi_tpcds.yaml', 0, 5, 0],
    // It counts columns that none of its datasets lists, so where they are is unknown.
    ['ossie/tpcds_ossie.yaml', 2, 4, 0],
    ['ossie/tpcds_semantic_model.yaml', 5, 5, 5],
    ['osi-0.1/tpcds_semantic_model.yaml', 5, 5, 5],
  ])(
    '%s gives its %i metrics and %i datasets, %i of them with lineage',
    async (file, metrics, datasets, connected) => {
      const snapshot = await ossie.read({ path: sharedPath('corpora/other', file) }, sourceContext());
      expect(count(snapshot, 'metric')).toBe(metrics);
      expect(count(snapshot, 'source')).toBe(datasets);
      expect(
        snapshot.assets.filter((asset) => asset.kind === 'metric' && asset.formula === undefined),
      ).toEqual([]);
      expect(new Set(snapshot.edges.map((edge) => edge.to)).size).toBe(connected);
    },
  );

  it('an ontology gives its concepts as terms and its mapped datasets as tables', async () => {
    const snapshot = await ossie.read(
      { path: sharedPath('corpora/other/ossie/flights.yaml') },
      sourceContext(),
    );
    expect(count(snapshot, 'term')).toBe(44);
    expect(count(snapshot, 'source')).toBeGreaterThan(5);
  });

  it('our fixture is one by the published schema, but for the older way to list dialects', () => {
    const schema: object = JSON.parse(
      readFileSync(sharedPath('corpora/other/ossie/osi-schema.json'), 'utf8'),
    );
    const document = parse(readFileSync(fixture, 'utf8'));
    const [model] = document.semantic_model;
    model.metrics = model.metrics.filter((metric: { name: string }) => metric.name === 'revenue');
    model.metrics[0].custom_extensions.pop();
    for (const extension of model.metrics[0].custom_extensions) extension.vendor_name = 'SNOWFLAKE';
    const validate = new Ajv2020({ strict: false }).compile(schema);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  });
});

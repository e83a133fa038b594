import { describe, expect, it } from 'vitest';
import { tempFiles } from '../../../../test/helpers/temp-files.js';
import type { AssetDraft, SourceSnapshot } from '../../asset.js';
import { SourceError } from '../../connector.js';
import { sourceContext } from '../../test-kit/source-context.js';
import { dbtArtifacts } from './index.js';

const metadata = {
  dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v12.json',
  dbt_version: '1.10.0',
  generated_at: '2026-03-02T05:00:00Z',
  project_name: 'shop',
};

const emptyParams = {
  measure: null,
  numerator: null,
  denominator: null,
  expr: null,
  metrics: null,
  input_measures: [],
};

function node(uniqueId: string, fields: Record<string, unknown> = {}) {
  return {
    unique_id: uniqueId,
    name: uniqueId.split('.').at(-1),
    package_name: 'shop',
    original_file_path: 'models/shop.yml',
    ...fields,
  };
}

function manifest(parts: Record<string, unknown> = {}): string {
  return JSON.stringify({ metadata, nodes: {}, sources: {}, metrics: {}, exposures: {}, ...parts });
}

async function read(files: Record<string, string>): Promise<SourceSnapshot> {
  return dbtArtifacts.read({ path: await tempFiles(files) }, sourceContext());
}

async function metricOf(files: Record<string, string>): Promise<AssetDraft | undefined> {
  return (await read(files)).assets.find((asset) => asset.kind === 'metric');
}

const lost = {
  'metric.shop.revenue': node('metric.shop.revenue', {
    type: 'simple',
    type_params: emptyParams,
    label: 'Revenue',
  }),
};
const yaml = [
  'models:',
  '  - name: orders',
  '    semantic_model: true',
  '    metrics:',
  '      - {name: revenue, agg: sum, expr: amount}',
].join('\n');

describe('a manifest that cannot be used', () => {
  it.each([
    [
      'cut off',
      { 'manifest.json': manifest().slice(0, 200) },
      /ends in the middle \(200 characters\)\. Write it again with `dbt parse`/,
    ],
    ['no JSON', { 'manifest.json': '{,}' }, /is not valid JSON/],
    ['a list', { 'manifest.json': '[]' }, /holds no JSON object/],
    [
      'without a schema version',
      { 'manifest.json': '{"nodes":{}}' },
      /names no dbt schema version .* Point the source at the manifest\.json/,
    ],
    ['half', { 'manifest.json': JSON.stringify({ metadata }) }, /has no nodes: it is only half a manifest/],
    [
      'another artifact',
      {
        'manifest.json': JSON.stringify({
          metadata: { dbt_schema_version: 'https://schemas.getdbt.com/dbt/catalog/v1.json' },
          nodes: {},
        }),
      },
      /is a dbt catalog file and no manifest/,
    ],
    [
      'missing',
      { 'readme.txt': '' },
      /holds no manifest\.json and no semantic_manifest\.json\. Run `dbt parse`/,
    ],
  ])('is refused in one sentence when it is %s', async (_, files, sentence) => {
    const reading = read(files);
    await expect(reading).rejects.toThrow(sentence);
    await expect(reading).rejects.toBeInstanceOf(SourceError);
  });
});

describe('a manifest of another version', () => {
  it.each(['v7', 'v20'])('%s is read as far as it is alike, with a warning', async (version) => {
    const other = {
      ...metadata,
      dbt_schema_version: `https://schemas.getdbt.com/dbt/manifest/${version}.json`,
    };
    const snapshot = await read({
      'manifest.json': manifest({
        metadata: other,
        nodes: { 'model.shop.orders': node('model.shop.orders') },
      }),
    });
    expect(snapshot.assets.map((asset) => asset.name)).toEqual(['orders']);
    expect(snapshot.warnings.join()).toContain(`is a manifest ${version}. Versions v9 to v12 are supported`);
  });
});

describe('artifacts beside the manifest', () => {
  it('that are broken are left out by name, and the catalog stands', async () => {
    const snapshot = await read({
      'manifest.json': manifest({ nodes: { 'model.shop.orders': node('model.shop.orders') } }),
      'run_results.json': '{"results": [',
      'catalog.json': '{"nodes": 3}',
    });
    expect(snapshot.assets).toHaveLength(1);
    expect(snapshot.warnings.join('\n')).toMatch(
      /run_results\.json ends in the middle[\s\S]*catalog artifact has an unknown shape/,
    );
  });

  it('are found in target/ when the project folder is given', async () => {
    expect(
      (await read({ 'target/manifest.json': manifest(), 'dbt_project.yml': 'name: shop' })).info,
    ).toMatchObject({
      project: 'shop',
      dbtVersion: '1.10.0',
      manifest: 'v12',
    });
  });

  it('complete the columns with types and with what nobody described', async () => {
    const snapshot = await read({
      'manifest.json': manifest({
        nodes: {
          'model.shop.orders': node('model.shop.orders', {
            columns: { amount: { name: 'amount', description: 'Net.' } },
          }),
        },
      }),
      'catalog.json': JSON.stringify({
        metadata: {},
        sources: {},
        nodes: {
          'model.shop.orders': {
            metadata: { comment: 'Orders, says the warehouse.' },
            columns: {
              ID: { name: 'ID', type: 'NUMBER', index: 1 },
              AMOUNT: { name: 'AMOUNT', type: 'NUMERIC', index: 2 },
            },
            stats: {},
          },
        },
      }),
    });
    expect(snapshot.assets[0]).toMatchObject({
      description: 'Orders, says the warehouse.',
      provenance: { description: { file: 'catalog.json' } },
    });
    expect(snapshot.assets[0]).not.toHaveProperty('columnsFrom');
    expect(
      snapshot.assets[0]?.columns.map(({ name, description, dataType }) => [name, description, dataType]),
    ).toEqual([
      ['ID', '', 'NUMBER'],
      ['amount', 'Net.', 'NUMERIC'],
    ]);
  });

  it('leave it open, without the warehouse catalog, which columns there are, but for a table under contract', async () => {
    const columns = { amount: { name: 'amount', data_type: 'numeric' } };
    const nodes = {
      'model.shop.orders': node('model.shop.orders', { columns }),
      'model.shop.payments': node('model.shop.payments', { columns, contract: { enforced: true } }),
    };
    const { assets, warnings } = await read({ 'manifest.json': manifest({ nodes }) });
    expect(assets.map(({ name, columnsFrom }) => [name, columnsFrom])).toEqual([
      ['orders', 'documentation'],
      ['payments', undefined],
    ]);
    expect(warnings.join('\n')).toContain(
      'There is no catalog.json: of 1 table(s) only documented columns are known, and whether columns came or went cannot be known',
    );
  });

  it('say of a column that is documented and that the warehouse does not have that it is not built', async () => {
    const nodes = {
      'model.shop.orders': node('model.shop.orders', { columns: { planned: { name: 'planned' } } }),
      'model.shop.others': node('model.shop.others', { columns: { id: { name: 'id' } } }),
    };
    const seen = { metadata: {}, stats: {}, columns: { id: { name: 'id', type: 'int', index: 1 } } };
    const { assets } = await read({
      'manifest.json': manifest({ nodes }),
      'catalog.json': JSON.stringify({ metadata: {}, sources: {}, nodes: { 'model.shop.orders': seen } }),
    });
    expect(assets.map((asset) => asset.columns.map(({ name, notBuilt }) => [name, notBuilt]))).toEqual([
      [
        ['id', undefined],
        ['planned', true],
      ],
      [['id', undefined]],
    ]);
    // A catalog of some tables only says nothing of the others.
    expect(assets.map(({ columnsFrom }) => columnsFrom)).toEqual([undefined, 'documentation']);
  });
});

describe('a metric that the manifest lost the formula of', () => {
  it('takes it from the YAML in the project around target/', async () => {
    expect(
      await metricOf({ 'target/manifest.json': manifest({ metrics: lost }), 'models/shop.yml': yaml }),
    ).toMatchObject({
      label: 'Revenue',
      formula: { expression: 'sum(amount)' },
      provenance: { formula: { file: 'models/shop.yml' } },
    });
  });

  it('finds measure and lineage in the project when the semantic models are lost too', async () => {
    const older = [
      'semantic_models:',
      '  - {name: orders, model: "ref(\'orders\')", measures: [{name: order_total, agg: sum, expr: amount}]}',
      'metrics:',
      '  - {name: revenue, type: simple, type_params: {measure: order_total}}',
    ].join('\n');
    const snapshot = await read({
      'target/manifest.json': manifest({
        metrics: lost,
        nodes: { 'model.shop.orders': node('model.shop.orders') },
      }),
      'dbt_project.yml': 'name: shop\n',
      'models/elsewhere.yml': older,
    });
    expect(snapshot.assets.find((asset) => asset.kind === 'metric')?.formula).toMatchObject({
      expression: 'sum(amount)',
      aggregation: 'sum',
    });
    expect(snapshot.edges).toEqual([
      { from: 'model.shop.orders', to: 'metric.shop.revenue', kind: 'measures' },
    ]);
  });

  it('takes it from the piece of YAML that the manifest keeps', async () => {
    const slice = {
      file_slice: { filename: 'shop.yml', content: 'name: revenue\nagg: sum\nexpr: amount\n' },
    };
    const metrics = { 'metric.shop.revenue': { ...lost['metric.shop.revenue'], metadata: slice } };
    expect((await metricOf({ 'manifest.json': manifest({ metrics }) }))?.formula?.expression).toBe(
      'sum(amount)',
    );
  });

  it('takes it from the semantic manifest', async () => {
    const semantic = {
      semantic_models: [],
      metrics: [
        {
          name: 'revenue',
          type: 'derived',
          type_params: { expr: 'a - b', metrics: [{ name: 'a' }, { name: 'b' }] },
        },
      ],
    };
    const files = {
      'manifest.json': manifest({ metrics: lost }),
      'semantic_manifest.json': JSON.stringify(semantic),
    };
    expect((await metricOf(files))?.formula).toMatchObject({
      type: 'derived',
      expression: 'a - b',
      inputs: ['a', 'b'],
    });
  });

  it('has none, and a warning says so, when nobody knows it', async () => {
    const snapshot = await read({ 'manifest.json': manifest({ metrics: lost }) });
    expect(snapshot.assets[0]).not.toHaveProperty('formula');
    expect(snapshot.warnings.join()).toContain('1 metric(s) have no formula in the manifest');
  });

  it('never follows a path out of the project', async () => {
    const metrics = {
      'metric.shop.revenue': { ...lost['metric.shop.revenue'], original_file_path: '../secret.yml' },
    };
    const folder = await tempFiles({
      'project/target/manifest.json': manifest({ metrics }),
      'secret.yml': yaml,
    });
    const snapshot = await dbtArtifacts.read({ path: `${folder}/project` }, sourceContext());
    expect(snapshot.assets[0]).not.toHaveProperty('formula');
  });
});

describe('what people write beside a node', () => {
  it.each([
    ['meta', { meta: { owner: 'ada@shop.example' } }],
    ['config.meta', { config: { meta: { owner: 'ada@shop.example' } } }],
    ['a vendor key in meta', { meta: { vendor: { owner: 'ada@shop.example' } } }],
    ['a vendor key in config.meta', { config: { meta: { vendor: { owner: 'ada@shop.example' } } } }],
  ])('is read from %s', async (_, fields) => {
    const snapshot = await read({
      'manifest.json': manifest({ nodes: { 'model.shop.orders': node('model.shop.orders', fields) } }),
    });
    expect(snapshot.assets[0]?.owners).toEqual([{ email: 'ada@shop.example' }]);
  });

  it('names an owner by group, then by meta, then by the model below', async () => {
    const parts = {
      nodes: { 'model.shop.orders': node('model.shop.orders', { group: 'finance' }) },
      groups: {
        'group.shop.finance': node('group.shop.finance', {
          owner: { name: null, email: 'finance@shop.example' },
        }),
      },
      semantic_models: {
        'semantic_model.shop.orders': node('semantic_model.shop.orders', {
          model: "ref('orders')",
          measures: [{ name: 'amount', agg: 'sum' }],
          depends_on: { nodes: ['model.shop.orders'] },
        }),
      },
      metrics: {
        'metric.shop.by_model': node('metric.shop.by_model', {
          type: 'simple',
          type_params: { measure: { name: 'amount' } },
          depends_on: { nodes: ['semantic_model.shop.orders'] },
        }),
        'metric.shop.by_meta': node('metric.shop.by_meta', { meta: { owner: 'ada@shop.example' } }),
        'metric.shop.by_group': node('metric.shop.by_group', {
          group: 'finance',
          meta: { owner: 'ada@shop.example' },
        }),
      },
    };
    const snapshot = await read({ 'manifest.json': manifest(parts) });
    const owners = Object.fromEntries(snapshot.assets.map((asset) => [asset.name, asset.owners]));
    const finance = [{ team: 'finance', email: 'finance@shop.example' }];
    expect(owners).toEqual({
      orders: finance,
      by_model: finance,
      by_meta: [{ email: 'ada@shop.example' }],
      by_group: finance,
    });
    expect(snapshot.edges).toContainEqual({
      from: 'model.shop.orders',
      to: 'metric.shop.by_model',
      kind: 'measures',
    });
  });
});

describe('test results', () => {
  const tests = {
    'model.shop.orders': node('model.shop.orders'),
    'model.shop.customers': node('model.shop.customers'),
    'test.shop.rel.1': node('test.shop.rel.1', {
      name: 'orders_have_customers',
      depends_on: { nodes: ['model.shop.customers', 'model.shop.orders'] },
      test_metadata: { name: 'relationships', kwargs: { model: "{{ get_where_subquery(ref('orders')) }}" } },
    }),
    'test.shop.billing.2': node('test.shop.billing.2', {
      name: 'ties_to_billing',
      tags: ['reconciliation'],
      attached_node: 'model.shop.orders',
    }),
  };
  const results = {
    metadata: { dbt_version: '1.10.0', generated_at: '2026-03-02T06:00:00Z' },
    results: [
      {
        unique_id: 'test.shop.rel.1',
        status: 'fail',
        failures: 4,
        message: 'Got 4 results',
        timing: [{ name: 'execute', completed_at: '2026-03-02T05:59:00Z' }],
      },
    ],
  };

  it('say of a run what it wrote and read, where it built an increment and the adapter counts', async () => {
    const run = (unique_id: string, adapter_response: unknown, status = 'success') => ({
      unique_id,
      status,
      adapter_response,
      timing: [{ name: 'execute', completed_at: '2026-03-02T05:59:00Z' }],
    });
    const increment = { config: { materialized: 'incremental' } };
    const snapshot = await read({
      'manifest.json': manifest({
        nodes: {
          'model.shop.orders': node('model.shop.orders', increment),
          'model.shop.unknown': node('model.shop.unknown', increment),
          'model.shop.broken': node('model.shop.broken', increment),
          'model.shop.whole': node('model.shop.whole', { config: { materialized: 'table' } }),
        },
      }),
      'run_results.json': JSON.stringify({
        metadata: results.metadata,
        results: [
          run('model.shop.orders', { _message: 'MERGE', rows_affected: 2466, bytes_processed: 81920 }),
          run('model.shop.unknown', { rows_affected: -1, bytes_processed: 'much' }),
          run('model.shop.broken', { rows_affected: 7 }, 'error'),
          run('model.shop.whole', { _message: 'SUCCESS 1', rows_affected: 1 }),
        ],
      }),
    });
    const written = { sourceId: 'model.shop.orders', type: 'volume', status: 'pass' };
    const observedAt = '2026-03-02T05:59:00Z';
    expect(snapshot.signals.filter(({ type }) => type === 'volume')).toEqual([
      { ...written, observedAt, name: 'rows written', value: 2466, unit: 'rows' },
      { ...written, observedAt, name: 'bytes processed', value: 81920, unit: 'bytes' },
    ]);
    expect(snapshot.signals.filter(({ type }) => type === 'run')).toHaveLength(4);
  });

  it('are signals on the asset that is tested; a tie-out is told apart, and one that did not run is unknown', async () => {
    const snapshot = await read({
      'manifest.json': manifest({ nodes: tests }),
      'run_results.json': JSON.stringify(results),
    });
    expect(snapshot.signals).toEqual([
      {
        sourceId: 'model.shop.orders',
        type: 'test',
        name: 'orders_have_customers',
        status: 'fail',
        observedAt: '2026-03-02T05:59:00Z',
        value: 4,
        unit: 'failing rows',
        message: 'Got 4 results',
      },
      {
        sourceId: 'model.shop.orders',
        type: 'tie-out',
        name: 'ties_to_billing',
        status: 'unknown',
        observedAt: '2026-03-02T05:00:00Z',
      },
    ]);
  });
});

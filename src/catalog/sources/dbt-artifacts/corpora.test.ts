import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeWithShared, sharedPath } from '../../../../test/helpers/shared.js';
import type { SourceSnapshot } from '../../asset.js';
import { dbtArtifacts } from './index.js';

const context = {
  now: new Date('2026-03-02T09:00:00Z'),
  signal: new AbortController().signal,
  secret: () => undefined,
  fetch: globalThis.fetch,
  baseDir: '/',
};

function read(folder: string): Promise<SourceSnapshot> {
  return dbtArtifacts.read({ path: sharedPath('corpora/dbt-artifacts', folder) }, context);
}

function countOf(snapshot: SourceSnapshot, prefix: string): number {
  return snapshot.assets.filter((asset) => asset.sourceId.startsWith(`${prefix}.`)).length;
}

function named(snapshot: SourceSnapshot, name: string) {
  const found = snapshot.assets.filter((asset) => asset.name === name);
  expect(found, `assets called ${name}`).toHaveLength(1);
  return found[0];
}

function statuses(snapshot: SourceSnapshot, type: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const signal of snapshot.signals.filter((candidate) => candidate.type === type)) {
    counts[signal.status] = (counts[signal.status] ?? 0) + 1;
  }
  return counts;
}

interface RawManifest {
  child_map: Record<string, string[]>;
}

function childMap(folder: string): Record<string, string[]> {
  const manifest: RawManifest = JSON.parse(
    readFileSync(sharedPath('corpora/dbt-artifacts', folder, 'manifest.json'), 'utf8'),
  );
  return manifest.child_map;
}

const expected = [
  { folder: 'failing-tests-v5', models: 5, seeds: 3, snapshots: 0, sources: 0, metrics: 0, exposures: 0 },
  { folder: 'constraints-v9', models: 12, seeds: 6, snapshots: 0, sources: 6, metrics: 0, exposures: 0 },
  { folder: 'state-v9', models: 1, seeds: 1, snapshots: 1, sources: 1, metrics: 1, exposures: 1 },
  { folder: 'state-v10', models: 2, seeds: 1, snapshots: 1, sources: 1, metrics: 4, exposures: 1 },
  { folder: 'state-v11', models: 2, seeds: 1, snapshots: 1, sources: 1, metrics: 4, exposures: 1 },
  { folder: 'freshness-v11', models: 4, seeds: 0, snapshots: 1, sources: 12, metrics: 0, exposures: 0 },
  { folder: 'groups-v12', models: 9, seeds: 1, snapshots: 3, sources: 1, metrics: 8, exposures: 1 },
  { folder: 'jaffle-metrics-v12', models: 13, seeds: 6, snapshots: 0, sources: 6, metrics: 23, exposures: 0 },
  { folder: 'engine-2.0-beta', models: 38, seeds: 3, snapshots: 2, sources: 13, metrics: 1, exposures: 2 },
  {
    folder: 'big-clickhouse-v12',
    models: 241,
    seeds: 4,
    snapshots: 0,
    sources: 70,
    metrics: 0,
    exposures: 0,
  },
];

describeWithShared('corpora', 'the published dbt artifacts [source dbt-artifacts: recorded]', () => {
  it.each(expected)('give exactly the assets of $folder', async ({ folder, ...counts }) => {
    const snapshot = await read(folder);
    expect({
      models: countOf(snapshot, 'model'),
      seeds: countOf(snapshot, 'seed'),
      snapshots: countOf(snapshot, 'snapshot'),
      sources: countOf(snapshot, 'source'),
      metrics: countOf(snapshot, 'metric'),
      exposures: countOf(snapshot, 'exposure'),
    }).toEqual(counts);
    expect(new Set(snapshot.assets.map((asset) => asset.sourceId)).size).toBe(snapshot.assets.length);
  });

  it.each(expected)(
    'give the whole lineage of $folder, bridged over what is no asset',
    async ({ folder }) => {
      const snapshot = await read(folder);
      const children = childMap(folder);
      const isAsset = new Set(snapshot.assets.map((asset) => asset.sourceId));
      const wanted = new Set<string>();
      for (const from of Object.keys(children).filter((id) => isAsset.has(id))) {
        const open = [...(children[from] ?? [])];
        for (const next of open) {
          if (isAsset.has(next)) wanted.add(`${from} > ${next}`);
          else if (next.startsWith('semantic_model.') || next.startsWith('function.'))
            open.push(...(children[next] ?? []));
        }
      }
      // dbt lists what a node needs; its child_map may be cut to what was selected, so compare both ways.
      const found = new Set(snapshot.edges.map((edge) => `${edge.from} > ${edge.to}`));
      expect([...wanted].filter((edge) => !found.has(edge))).toEqual([]);
      expect([...found].filter((edge) => !wanted.has(edge))).toEqual([]);
    },
  );

  it('give every documented column of the large project', async () => {
    const snapshot = await read('big-clickhouse-v12');
    const models = snapshot.assets.filter((asset) => asset.kind === 'model');
    const columns = models.flatMap((model) => model.columns);
    expect(columns).toHaveLength(1663);
    expect(columns.filter((column) => column.description !== '')).toHaveLength(1663);
    expect(models.filter((model) => model.description !== '')).toHaveLength(225);
  });

  it('say of an old manifest that it is read as far as it is alike', async () => {
    const snapshot = await read('failing-tests-v5');
    expect(snapshot.warnings.join('\n')).toContain('manifest v5');
    expect(snapshot.warnings.join('\n')).toContain('1 result(s) of nodes that the manifest does not have');
    expect(statuses(snapshot, 'test')).toEqual({ pass: 21, error: 2, unknown: 1 });
  });

  it('give a pre-1.6 metric its formula, model, time column and grain', async () => {
    const metric = named(await read('state-v9'), 'my_metric');
    expect(metric).toMatchObject({
      label: 'Count records',
      formula: { type: 'count', expression: 'count(*)', aggregation: 'count', inputs: [] },
      timeDimension: 'updated_at',
      grain: 'day',
    });
  });

  it('give an exposure its owner although the name is null', async () => {
    const snapshot = await read('state-v10');
    const exposure = snapshot.assets.find((asset) => asset.kind === 'exposure');
    expect(exposure?.owners).toEqual([{ email: expect.stringContaining('@') }]);
  });

  it('say that run results come from another dbt than the manifest', async () => {
    expect((await read('state-v11')).warnings.join('\n')).toMatch(
      /run_results\.json was written by dbt .* and manifest\.json by dbt/,
    );
  });

  it('give sources their freshness with its times', async () => {
    const snapshot = await read('freshness-v11');
    expect(statuses(snapshot, 'freshness')).toEqual({ pass: 12 });
    expect(
      snapshot.signals.find(
        (signal) => signal.sourceId === 'source.sample_dbt.pagila.actor' && signal.type === 'freshness',
      ),
    ).toMatchObject({
      loadedAt: '2020-02-15T09:34:33+00:00',
      observedAt: '2021-06-18T17:08:55.925443+00:00',
      unit: 'seconds',
    });
  });

  it('give metrics of all five types their formula', async () => {
    const snapshot = await read('groups-v12');
    const formulas = snapshot.assets
      .filter((asset) => asset.kind === 'metric')
      .map((asset) => [asset.name, asset.formula?.type, asset.formula?.expression]);
    expect(formulas).toEqual([
      ['discrete_order_value_p99', 'simple', 'percentile(order_total, 0.99)'],
      ['total_outer', 'simple', 'count(1)'],
      ['simple_ratio_metric', 'ratio', 'total_outer / total_outer'],
      ['filtered_ratio_metric', 'ratio', 'total_outer / total_outer'],
      ['cumulative_metric', 'cumulative', 'count(1) accumulated since the start of the day'],
      ['cumulative_metric_2', 'cumulative', 'count(1) accumulated over the last 1 day'],
      [
        'conversion_metric',
        'conversion',
        'conversion_rate(total_outer_count: count(1) / total_outer_count: count(1)) per my_entity within 1 day',
      ],
      [
        'derived_metric',
        'derived',
        'srm - cm + filtered_ratio_metric, where srm = simple_ratio_metric 1 month ago, cm = conversion_metric at the start of the month',
      ],
    ]);
  });

  it('give a node of a group that group as its owner, by e-mail although the name is null', async () => {
    const snapshot = await read('groups-v12');
    expect(named(snapshot, 'seed')?.owners).toEqual([{ team: 'finance', email: 'finance@jaffleshop.com' }]);
    expect(named(snapshot, 'snapshot_2')?.owners).toEqual([{ name: '@alice' }]);
  });

  it('give the cumulative metric whose input stands in cumulative_type_params alone', async () => {
    const snapshot = await read('jaffle-metrics-v12');
    const cumulative = snapshot.assets.filter((asset) => asset.formula?.type === 'cumulative');
    expect(cumulative.map((asset) => asset.formula)).toEqual([
      { type: 'cumulative', expression: 'revenue accumulated over all time', inputs: ['revenue'] },
    ]);
    expect(snapshot.assets.filter((asset) => asset.kind === 'metric' && asset.formula === undefined)).toEqual(
      [],
    );
    expect(named(snapshot, 'large_orders')?.filters).toEqual(['order_id__order_total_dim >= 20']);
  });

  it('keep versions of one model apart under their shared name', async () => {
    const snapshot = await read('engine-2.0-beta');
    const versions = snapshot.assets.filter((asset) => asset.name === 'customers' && asset.kind === 'model');
    expect(versions.map((asset) => [asset.sourceId, asset.version])).toEqual([
      ['model.dbt_bouncer_test_project.customers.v1', '1'],
      ['model.dbt_bouncer_test_project.customers.v2', '2'],
      ['model.dbt_bouncer_test_project.customers.v3', '3'],
    ]);
    expect(snapshot.assets.filter((asset) => asset.contract?.enforced === true)).toHaveLength(4);
    expect(
      snapshot.assets.filter((asset) => asset.kind === 'exposure' && asset.owners.length > 0),
    ).toHaveLength(2);
  });

  it('count the outcomes of the newer engine: tests that passed, runs that succeeded', async () => {
    const snapshot = await read('engine-2.0-beta');
    // 44 results; one test reads two models and speaks for both.
    expect(statuses(snapshot, 'test')).toMatchObject({ pass: 45 });
    expect(statuses(snapshot, 'run')).toMatchObject({ pass: 15 });
  });

  it('make a catalog of a semantic manifest alone', async () => {
    const snapshot = await read('semantic-manifest-only');
    const metrics = snapshot.assets.filter((asset) => asset.kind === 'metric');
    expect(metrics).toHaveLength(15);
    expect(metrics.filter((metric) => metric.formula === undefined)).toEqual([]);
    expect(named(snapshot, 'review_flag_rate')?.formula?.type).toBe('ratio');
    expect(snapshot.edges.filter((edge) => edge.kind === 'measures')).toHaveLength(9);
  });
});

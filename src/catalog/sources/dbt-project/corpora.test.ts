import { expect, it } from 'vitest';
import { describeWithShared, sharedPath } from '../../../../test/helpers/shared.js';
import type { SourceSnapshot } from '../../asset.js';
import { dbtProject } from './index.js';

const snapshots = new Map<string, Promise<SourceSnapshot>>();

/** A corpus is read once for all tests: thousands of files. */
function read(folder: string): Promise<SourceSnapshot> {
  const known = snapshots.get(folder) ?? readAnew(folder);
  snapshots.set(folder, known);
  return known;
}

function readAnew(folder: string): Promise<SourceSnapshot> {
  return dbtProject.read(
    { path: sharedPath('corpora', folder) },
    {
      now: new Date('2026-03-02T09:00:00Z'),
      signal: new AbortController().signal,
      secret: () => undefined,
      fetch: globalThis.fetch,
      baseDir: '/',
    },
  );
}

function ofKind(snapshot: SourceSnapshot, kind: string) {
  return snapshot.assets.filter((asset) => asset.kind === kind);
}

describeWithShared('corpora', 'the large dbt project on disk [source dbt-project: recorded]', () => {
  it.each([
    { folder: 'cerebro', metrics: 1642, models: 1245, sources: 92 },
    { folder: 'cerebro-aliases-hidden', metrics: 1642, models: 0, sources: 0 },
    { folder: 'cerebro-deleted', metrics: 1542, models: 0, sources: 0 },
  ])('gives exactly the assets of $folder', async ({ folder, metrics, models, sources }) => {
    const snapshot = await read(folder);
    expect(ofKind(snapshot, 'metric')).toHaveLength(metrics);
    expect(ofKind(snapshot, 'model')).toHaveLength(models);
    expect(ofKind(snapshot, 'source')).toHaveLength(sources);
    expect(new Set(snapshot.assets.map((asset) => asset.sourceId)).size).toBe(snapshot.assets.length);
    expect(
      ofKind(snapshot, 'metric').every((metric) => metric.sourceId === `metric.gnosis_dbt.${metric.name}`),
    ).toBe(true);
    expect(ofKind(snapshot, 'metric').filter((metric) => metric.formula === undefined)).toEqual([]);
  });

  it('reads owner, grain, synonyms and standing out of the vendor key inside config.meta', async () => {
    const snapshot = await read('cerebro');
    const metric = ofKind(snapshot, 'metric').find((asset) => asset.name === 'probelab_nodes_by_cloud_daily');
    expect(metric).toMatchObject({
      label: 'ProbeLab Nodes by Cloud Provider (daily)',
      formula: { type: 'simple', expression: 'sum(value)', aggregation: 'sum' },
      owners: [{ name: 'analytics_team' }],
      grain: 'day',
      timeDimension: 'date',
      dimensions: ['date', 'client', 'cloud'],
      certified: true,
      synonyms: [
        'nodes by cloud provider',
        'peers by hosting provider',
        'client hosting concentration',
        'gnosis nodes per cloud',
      ],
    });
    expect(metric?.context).toContain('probelab nodes by cloud provider');
    expect(metric?.provenance['*']?.line).toBeGreaterThan(100);
    expect(ofKind(snapshot, 'metric').filter((asset) => asset.status === 'draft')).toHaveLength(259);
    expect(snapshot.edges.filter((edge) => edge.to === metric?.sourceId)).toEqual([
      { from: 'model.gnosis_dbt.api_probelab_clients_cloud_daily', to: metric?.sourceId, kind: 'measures' },
    ]);
  });

  it('reads a single schema file with no project around it', async () => {
    const snapshot = await read('other/dbt-yaml-legacy');
    expect(ofKind(snapshot, 'metric').map((metric) => [metric.name, metric.formula?.expression])).toEqual([
      ['lifetime_spend_pretax', 'sum(lifetime_spend_pretax)'],
      ['count_lifetime_orders', 'sum(count_lifetime_orders)'],
      ['average_order_value', 'lifetime_spend_pretax / count_lifetime_orders'],
    ]);
    expect(snapshot.warnings.join('\n')).toContain('has no dbt_project.yml');
  });
});

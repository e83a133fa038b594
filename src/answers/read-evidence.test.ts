import { beforeAll, describe, expect, it } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '../../test/helpers/database.js';
import type { SourceSnapshot } from '../catalog/asset.js';
import { loadCatalog } from '../catalog/load-catalog.js';
import { newAsset } from '../catalog/new-asset.js';
import { storeSnapshot } from '../catalog/store-snapshot.js';
import type { CatalogView } from '../catalog/view.js';
import { readEvidence } from './read-evidence.js';

/** As much lineage as an answer reads, each with more measurements than it takes. */
const tables = 150;
const measurements = 220;
const now = new Date('2026-03-02T10:00:00Z');

let database: TestDatabase;
let view: CatalogView;

beforeAll(async () => {
  database = await makeTestDatabase();
  const names = Array.from({ length: tables }, (_, index) => `table_${String(index).padStart(3, '0')}`);
  const snapshot: SourceSnapshot = {
    assets: [
      ...names.map((name) => newAsset({ sourceId: name, kind: 'source', name }, {})),
      newAsset({ sourceId: 'revenue', kind: 'metric', name: 'revenue' }, {}),
    ],
    edges: names.map((from) => ({ from, to: 'revenue', kind: 'measures' })),
    signals: names.flatMap((sourceId) =>
      Array.from({ length: measurements }, (_, index) => ({
        sourceId,
        type: 'test',
        name: 'not_null',
        status: index === 5 ? 'fail' : 'pass',
        observedAt: new Date(now.getTime() - index * 3_600_000).toISOString(),
      })),
    ),
    warnings: [],
    info: {},
  };
  await storeSnapshot(database.db, { name: 'shop', type: 'test', position: 0 }, snapshot, { now });
  ({ view } = await loadCatalog(database.db));
}, 60_000);

const revenue = () => {
  const [asset] = view.byName('revenue');
  if (asset === undefined) throw new Error('no revenue');
  return asset;
};

describe('the evidence of an answer', () => {
  it('holds the newest measurements of each thing in its lineage, without a gap and without leaving any out', async () => {
    const evidence = await readEvidence(database.db, view, [revenue()], now, true);
    const upstream = view.upstream(revenue().id);
    expect(upstream).toHaveLength(tables);
    for (const { asset } of upstream) {
      const signals = evidence.view.signals(asset.id);
      expect(signals).toHaveLength(60);
      expect(signals[59]?.observedAt).toBe(new Date(now.getTime() - 59 * 3_600_000).toISOString());
      expect(signals.findIndex(({ status }) => status === 'fail')).toBe(5);
    }
  });

  it('is read in one query of which an answer is not slower than people notice', async () => {
    await readEvidence(database.db, view, [revenue()], now, true);
    const times: number[] = [];
    for (let run = 0; run < 5; run++) {
      const began = performance.now();
      await readEvidence(database.db, view, [revenue()], now, true);
      times.push(performance.now() - began);
    }
    expect(Math.min(...times)).toBeLessThan(300);
  });

  it('goes far back where few things are asked of', async () => {
    const [table] = view.byName('table_149');
    const evidence = await readEvidence(database.db, view, table === undefined ? [] : [table], now, true);
    expect(evidence.view.signals(table?.id ?? '')).toHaveLength(200);
  });
});

import { describe, expect, it } from 'vitest';
import { makeTestDatabase } from '../../test/helpers/database.js';
import type { AssetDraft, EdgeDraft, SignalDraft } from './asset.js';
import { loadCatalog } from './load-catalog.js';
import { makeCatalog } from './snapshot.js';
import { storeSnapshot } from './store-snapshot.js';
import { draft, snapshot } from './test-kit/asset.js';

const full = process.env.CI === 'true' || process.env.STEWARD_FULL === '1';
const size = full ? 100_000 : 5_000;

/** A tenth are tables in a chain of layers, the rest metrics on them. */
function large(): { assets: AssetDraft[]; edges: EdgeDraft[]; signals: SignalDraft[] } {
  const tables = size / 10;
  const assets: AssetDraft[] = [];
  const edges: EdgeDraft[] = [];
  const signals: SignalDraft[] = [];
  for (let number = 0; number < size; number += 1) {
    const isTable = number < tables;
    const asset = draft({
      kind: isTable ? 'model' : 'metric',
      name: `thing_${number}`,
      label: `Thing ${number}`,
      description: `What thing ${number} stands for, in one sentence of the usual length.`,
      synonyms: [`alias ${number}`],
      ...(isTable ? { relation: `lake.marts.thing_${number}` } : {}),
    });
    assets.push(asset);
    if (isTable) {
      signals.push({
        sourceId: asset.sourceId,
        type: 'test',
        name: 'unique',
        status: 'pass',
        observedAt: '2026-03-01T06:00:00Z',
      });
      if (number >= 100)
        edges.push({ from: `model.shop.thing_${number - 100}`, to: asset.sourceId, kind: 'upstream' });
    } else {
      edges.push({ from: `model.shop.thing_${number % tables}`, to: asset.sourceId, kind: 'measures' });
    }
  }
  return { assets, edges, signals };
}

describe(`a catalog of ${size.toLocaleString('en')} assets`, () => {
  const database = makeTestDatabase();
  const given = snapshot(large());

  it('is stored, stored again without a change, and loaded, in a minute or two', async () => {
    const { db } = await database;
    const source = { name: 'dbt', type: 'dbt-artifacts', position: 0 };
    const began = performance.now();
    expect(
      (await storeSnapshot(db, source, given, { now: new Date('2026-03-02T07:00:00Z') })).changes,
    ).toHaveLength(size);
    expect(await storeSnapshot(db, source, given, { now: new Date('2026-03-02T08:00:00Z') })).toMatchObject({
      status: 'unchanged',
    });
    const { view } = await loadCatalog(db);
    expect(view.assets()).toHaveLength(size);
    expect(performance.now() - began).toBeLessThan(full ? 120_000 : 60_000);
  }, 180_000);

  it('is walked to the end of the longest lineage at once', () => {
    const catalog = makeCatalog([{ source: 'dbt', snapshot: given }]);
    const [first] = catalog.byName('thing_0');
    const began = performance.now();
    const reached = catalog.downstream(first?.id ?? '');
    expect(reached.length).toBe(size / 1_000 - 1 + (size / 1_000) * 9);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

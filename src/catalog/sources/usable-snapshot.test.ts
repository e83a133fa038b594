import { describe, expect, it } from 'vitest';
import { makeTestDatabase } from '../../../test/helpers/database.js';
import { loadCatalog } from '../load-catalog.js';
import { storeSnapshot } from '../store-snapshot.js';
import { draft, snapshot } from '../test-kit/asset.js';
import { usableSnapshot } from './usable-snapshot.js';

const { db } = await makeTestDatabase();
const run = { sourceId: 'metric.shop.a', type: 'run', name: 'r', status: 'pass' } as const;

describe('what a connector read', () => {
  it('with characters that PostgreSQL cannot store is stored, marked where they stood', async () => {
    const odd = draft({ name: 'a', description: 'x\0\0y \ud800z 😀 \\u0000', meta: { 'k\0': 1 } });
    await storeSnapshot(
      db,
      { name: 'dbt', type: 'dbt-project', position: 0 },
      usableSnapshot(snapshot({ assets: [odd] })),
      {
        now: new Date('2026-03-02T07:00:00Z'),
      },
    );
    const [stored] = (await loadCatalog(db)).view.assets();
    expect(stored?.description).toBe('x\uFFFD\uFFFDy \uFFFDz 😀 \\u0000');
    expect(stored?.meta).toEqual({ 'k\uFFFD': 1 });
  });

  it('twice is taken once, with a warning', () => {
    const twins = usableSnapshot(
      snapshot({ assets: [draft({ name: 'a', label: 'first' }), draft({ name: 'a', label: 'second' })] }),
    );
    expect(twins.assets.map((asset) => asset.label)).toEqual(['first']);
    expect(twins.warnings).toEqual([
      '1 id(s) are there twice, such as metric.shop.a; the first of each was taken.',
    ]);
  });

  it('without a time is no signal', () => {
    const times = ['2026-03-02T07:00:00Z', 'yesterday', ''];
    const { signals, warnings } = usableSnapshot(
      snapshot({ signals: times.map((observedAt) => ({ ...run, observedAt, loadedAt: 'never' })) }),
    );
    expect(signals).toEqual([{ ...run, observedAt: '2026-03-02T07:00:00Z' }]);
    expect(warnings).toEqual(['2 result(s) have no time that can be read; they were left out.']);
  });

  it('that is as it should be is passed on as it is', () => {
    const good = snapshot({ assets: [draft({ name: 'a' })] });
    expect(usableSnapshot(good)).toEqual(good);
  });
});

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tempFiles } from '../../../../test/helpers/temp-files.js';
import { makeCatalog } from '../../snapshot.js';
import { draft, snapshot } from '../../test-kit/asset.js';
import { sourceContext } from '../../test-kit/source-context.js';
import { usage } from './index.js';

const fixture = path.join(path.dirname(fileURLToPath(import.meta.url)), 'fixtures');

describe('usage counts', () => {
  it('[M-usage] find the tables and metrics of the other sources, and add no asset [source usage: real]', async () => {
    const counted = await usage.read({ path: fixture }, sourceContext());
    expect(counted.warnings).toEqual([
      expect.stringMatching(/queries\.csv, line 5: asset, count or date cannot be read/),
    ]);
    const orders = draft({ kind: 'model', name: 'orders', relation: 'LAKE.marts.orders' });
    const catalog = makeCatalog([
      { source: 'dbt', snapshot: snapshot({ assets: [orders, draft({ name: 'net_revenue' })] }) },
      { source: 'usage', snapshot: counted },
    ]);
    expect(catalog.assets()).toHaveLength(2);
    const [table] = catalog.byName('orders');
    const [metric] = catalog.byName('net_revenue');
    expect(
      catalog
        .signals(table?.id ?? '')
        .map((signal) => [signal.name, signal.value, signal.observedAt.slice(0, 10)]),
    ).toEqual([
      ['uses', 120, '2026-03-01'],
      ['people', 14, '2026-03-01'],
      ['uses', 90, '2026-02-28'],
      ['people', 9, '2026-02-28'],
    ]);
    expect(catalog.signals(metric?.id ?? '')).toMatchObject([{ name: 'uses', value: 31 }]);
    expect(catalog.gaps).toEqual([]);
  });

  it('of a query log name tables in parts, and count as of now where they have no day', async () => {
    const log = await tempFiles({
      'log.csv': 'DATABASE_NAME,SCHEMA_NAME,TABLE_NAME,QUERY_COUNT\nLAKE,MARTS,ORDERS,12\n',
    });
    const { assets, signals, warnings } = await usage.read({ path: log }, sourceContext());
    expect(assets).toMatchObject([
      { name: 'LAKE.MARTS.ORDERS', relation: 'LAKE.MARTS.ORDERS', reference: true },
    ]);
    expect(signals).toMatchObject([{ value: 12, observedAt: sourceContext().now.toISOString() }]);
    expect(warnings).toEqual([]);
  });

  it('by login say when each last used it, and how much and how many that is in a day [M-usage]', async () => {
    const log = await tempFiles({
      'log.csv':
        'table,login,queries,day\nlake.marts.orders,ANA,2,2026-03-01\nlake.marts.orders,ana,1,2026-03-01\nlake.marts.orders,ben,4,2026-03-01\nlake.marts.orders,ana,7,2026-02-20\n',
      'undated.csv': 'table,login,queries\nlake.marts.users,ana,5\n',
    });
    const { signals, warnings } = await usage.read({ path: log }, sourceContext());
    expect(warnings).toEqual([]);
    expect(
      signals.map(({ sourceId, name, value, observedAt }) =>
        [sourceId.slice(11), name, value, observedAt.slice(0, 10)].join(' '),
      ),
    ).toEqual([
      'orders uses 7 2026-03-01',
      'orders people 2 2026-03-01',
      'orders uses of ana 3 2026-03-01',
      'orders uses of ben 4 2026-03-01',
      'orders uses 7 2026-02-20',
      'orders people 1 2026-02-20',
      'orders uses of ana 7 2026-02-20',
      'users uses 5 2026-03-02',
      'users people 1 2026-03-02',
    ]);
    const timed = await tempFiles({
      'log.csv':
        'table,login,queries,last_used\norders,ana,2,2026-03-01 08:00:00\norders,ben,1,2026-03-01 09:00:00\norders,ana,1,2026-03-01 10:00:00\n',
    });
    const day = await usage.read({ path: timed }, sourceContext());
    expect(day.signals.map((one) => `${one.name} ${one.value} ${one.observedAt.slice(11, 16)}`)).toEqual([
      'uses 4 10:00',
      'people 2 10:00',
      'uses of ana 3 10:00',
      'uses of ben 1 09:00',
    ]);
  });

  it('are read with thousands apart and with times as systems write them; what is no day is named, and stops nothing', async () => {
    const log = await tempFiles({
      'u.csv': [
        'asset;count;date',
        'a;1,204;2026-03-01',
        'b;12 500;2026-02',
        'c;7;2026-03-01 10:00:00.123456789 +0000 (UTC)',
        'd;7;2026-13-45',
        'e;many;2026-03-01',
      ].join('\n'),
    });
    const { signals, warnings } = await usage.read({ path: log }, sourceContext());
    expect(
      signals.map(({ sourceId, value, observedAt }) => [sourceId, value, observedAt.slice(0, 10)]),
    ).toEqual([
      ['a', 1204, '2026-03-01'],
      ['b', 12_500, '2026-02-01'],
      ['c', 7, '2026-03-01'],
    ]);
    expect(warnings).toHaveLength(2);
  });

  it('have times that name no zone read as UTC, wherever Steward runs', async () => {
    const log = await tempFiles({ 'u.csv': 'asset;count;date\na;7;2026-03-01 10:00:00\n' });
    const zone = process.env.TZ;
    process.env.TZ = 'Pacific/Auckland';
    try {
      const { signals } = await usage.read({ path: log }, sourceContext());
      expect(signals).toMatchObject([{ observedAt: '2026-03-01T10:00:00.000Z' }]);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  it('of a file without the columns are refused with their names', async () => {
    await expect(
      usage.read({ path: await tempFiles({ 'u.csv': 'a,b\n1,2\n' }) }, sourceContext()),
    ).rejects.toThrow(/u\.csv has no columns for the asset/);
  });
});

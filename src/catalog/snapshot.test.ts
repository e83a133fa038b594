import { describe, expect, it } from 'vitest';
import { makeCatalog } from './snapshot.js';
import { draft, snapshot } from './test-kit/asset.js';

const column = {
  name: 'amount',
  description: 'Net amount.',
  tags: [],
  classification: ['financial'],
  meta: {},
};

const shop = makeCatalog([
  {
    source: 'dbt',
    snapshot: snapshot({
      assets: [
        draft({ kind: 'source', name: 'raw_orders', relation: 'lake.raw.orders' }),
        draft({
          kind: 'model',
          name: 'orders',
          relation: 'lake.marts.orders',
          columns: [column],
          owners: [{ team: 'finance' }],
        }),
        draft({ name: 'net_revenue', label: 'Net Revenue', synonyms: ['turnover'] }),
        draft({ kind: 'exposure', name: 'board_deck' }),
      ],
      edges: [
        { from: 'source.shop.raw_orders', to: 'model.shop.orders', kind: 'upstream' },
        { from: 'model.shop.orders', to: 'metric.shop.net_revenue', kind: 'measures' },
        { from: 'metric.shop.net_revenue', to: 'exposure.shop.board_deck', kind: 'exposes' },
        { from: 'model.shop.gone', to: 'metric.shop.net_revenue', kind: 'measures' },
      ],
      signals: [
        {
          sourceId: 'model.shop.orders',
          type: 'test',
          name: 'not_null',
          status: 'pass',
          observedAt: '2026-03-01T06:00:00Z',
        },
        {
          sourceId: 'model.shop.orders',
          type: 'test',
          name: 'not_null',
          status: 'fail',
          observedAt: '2026-03-02T06:00:00Z',
        },
        {
          sourceId: 'model.shop.gone',
          type: 'run',
          name: 'dbt build',
          status: 'pass',
          observedAt: '2026-03-02T06:00:00Z',
        },
      ],
    }),
  },
  {
    source: 'glossary',
    snapshot: snapshot({ assets: [draft({ name: 'net_revenue', sourceId: 'net_revenue' })] }),
  },
]);

function only(text: string) {
  const [asset] = shop.resolve(text);
  if (asset === undefined) throw new Error(`nothing called ${text}`);
  return asset;
}

describe('a catalog of several sources', () => {
  it('keeps two metrics of one name apart', () => {
    const found = shop.byName('net_revenue', 'metric');
    expect(found.map((asset) => asset.source)).toEqual(['dbt', 'glossary']);
    expect(new Set(found.map((asset) => asset.id)).size).toBe(2);
  });

  it('keeps an edge to something unknown apart and invents no asset', () => {
    expect(shop.unresolved).toEqual([
      { source: 'dbt', from: 'model.shop.gone', to: 'metric.shop.net_revenue', kind: 'measures' },
    ]);
    expect(shop.assets()).toHaveLength(5);
  });

  it.each([
    ['metric.shop.net_revenue', 'net_revenue'],
    ['NET REVENUE', 'net_revenue'],
    ['turnover', 'net_revenue'],
    ['marts.orders', 'orders'],
    ['"lake"."marts"."orders"', 'orders'],
    ['orders', 'orders'],
  ])('resolves %s', (text, name) => {
    expect(shop.resolve(text)[0]?.name).toBe(name);
  });

  it('resolves within the kinds asked for only', () => {
    expect(shop.resolve('orders', { kinds: ['metric'] })).toEqual([]);
    expect(shop.resolve('lake.raw.orders', { kinds: ['source'] })[0]?.name).toBe('raw_orders');
  });
});

describe('lineage', () => {
  it('is walked to its end in both directions, nearest first', () => {
    expect(
      shop.downstream(only('raw_orders').id).map((reached) => [reached.asset.name, reached.distance]),
    ).toEqual([
      ['orders', 1],
      ['net_revenue', 2],
      ['board_deck', 3],
    ]);
    expect(
      shop.upstream(only('board_deck').id, { kinds: ['source'] }).map((reached) => reached.asset.name),
    ).toEqual(['raw_orders']);
    expect(shop.downstream(only('raw_orders').id, { maxDistance: 1 })).toHaveLength(1);
  });

  it('of a column is that of its table', () => {
    const [amount] = shop.columnsOf(only('marts.orders').id);
    expect(shop.upstream(amount?.id ?? '').map((reached) => reached.asset.name)).toEqual(['raw_orders']);
  });

  it('with a cycle is walked once round', () => {
    const loop = makeCatalog([
      {
        source: 'dbt',
        snapshot: snapshot({
          assets: [draft({ name: 'a' }), draft({ name: 'b' }), draft({ name: 'c' })],
          edges: [
            { from: 'metric.shop.a', to: 'metric.shop.b', kind: 'upstream' },
            { from: 'metric.shop.b', to: 'metric.shop.c', kind: 'upstream' },
            { from: 'metric.shop.c', to: 'metric.shop.a', kind: 'upstream' },
            { from: 'metric.shop.a', to: 'metric.shop.a', kind: 'upstream' },
          ],
        }),
      },
    ]);
    const [a] = loop.byName('a');
    expect(loop.downstream(a?.id ?? '').map((reached) => reached.asset.name)).toEqual(['b', 'c']);
    expect(loop.upstream(a?.id ?? '').map((reached) => reached.asset.name)).toEqual(['c', 'b']);
  });
});

describe('columns and signals', () => {
  it('a column is an asset that inherits owner and place, and keeps its own labels', () => {
    const [amount] = shop.columnsOf(only('marts.orders').id);
    expect(amount).toMatchObject({
      kind: 'column',
      sourceId: 'model.shop.orders#amount',
      owners: [{ team: 'finance' }],
      relation: 'lake.marts.orders',
      classification: ['financial'],
    });
    expect(shop.get(amount?.id ?? '')).toEqual(amount);
    expect(shop.bySourceId('model.shop.orders#amount')).toEqual(amount);
    expect(shop.tableOf(amount?.id ?? '')?.name).toBe('orders');
  });

  it('gives the newest outcome of each check, and the history behind it', () => {
    const { id } = only('marts.orders');
    expect(shop.signals(id).map((signal) => signal.status)).toEqual(['fail', 'pass']);
    expect(shop.latestSignals(id).map((signal) => signal.status)).toEqual(['fail']);
  });
});

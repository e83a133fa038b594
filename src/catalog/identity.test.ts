import { describe, expect, it } from 'vitest';
import type { AssetDraft, SignalDraft } from './asset.js';
import { assetId } from './asset-id.js';
import type { IdentityRules } from './identity.js';
import { makeCatalog } from './snapshot.js';
import { draft, snapshot } from './test-kit/asset.js';

function catalog(
  rules: Partial<IdentityRules>,
  sources: Record<string, { assets: AssetDraft[]; signals?: SignalDraft[] }>,
) {
  const parts = Object.entries(sources).map(([source, given]) => ({
    source,
    type: source,
    snapshot: snapshot(given),
  }));
  return makeCatalog(parts, { precedence: [], identity: [], ...rules });
}

const table = (name: string, changes: Partial<AssetDraft> = {}) =>
  draft({ kind: 'model', name, relation: 'lake.marts.orders', ...changes });
const byName = {
  identity: [{ by: 'name' as const, kinds: ['metric', 'term'], sources: ['dbt', 'glossary'] }],
};

describe('several sources', () => {
  it('make one table of what is the same relation, completed, with both ids leading to it', () => {
    const view = catalog(
      {},
      {
        dbt: { assets: [table('orders', { description: 'Order lines.', columns: [] })] },
        lineage: {
          assets: [
            table('LAKE.marts.Orders', {
              sourceId: 'ns:orders',
              relation: '"LAKE"."MARTS"."ORDERS"',
              owners: [{ team: 'sales' }],
            }),
          ],
          signals: [
            {
              sourceId: 'ns:orders',
              type: 'freshness',
              name: 'run',
              status: 'pass',
              observedAt: '2026-03-01T00:00:00Z',
            },
          ],
        },
      },
    );
    expect(view.assets()).toMatchObject([
      {
        name: 'orders',
        description: 'Order lines.',
        owners: [{ team: 'sales' }],
        provenance: { owners: { source: 'lineage' } },
      },
    ]);
    const [orders] = view.assets();
    expect(view.get(assetId('lineage', 'ns:orders'))).toBe(orders);
    expect(view.signals(orders?.id ?? '')).toHaveLength(1);
    expect(view.gaps).toEqual([]);
  });

  it('keep metrics of one name apart without a rule, and say so', () => {
    const view = catalog(
      {},
      {
        dbt: { assets: [draft({ name: 'revenue' })] },
        glossary: { assets: [draft({ name: 'Revenue', sourceId: 'r' })] },
      },
    );
    expect(view.assets()).toHaveLength(2);
    expect(view.gaps).toMatchObject([
      { type: 'conflicting', field: 'name', message: expect.stringContaining('defined by dbt and glossary') },
    ]);
  });

  it('make one of them with a rule; the stronger source is shown and every disagreement is a gap', () => {
    const sources = {
      dbt: { assets: [draft({ name: 'revenue', description: 'Net revenue.', tier: 1 })] },
      glossary: {
        assets: [
          draft({
            name: 'Revenue',
            kind: 'term',
            sourceId: 'r',
            description: 'Gross revenue.',
            unit: 'EUR',
            tier: 2,
          }),
        ],
      },
    };
    const view = catalog(byName, sources);
    expect(view.assets()).toMatchObject([
      { name: 'revenue', description: 'Net revenue.', unit: 'EUR', tier: 1 },
    ]);
    expect(view.gaps.map((gap) => gap.message)).toEqual([
      'dbt and glossary disagree about the tier of revenue; dbt is shown.',
      'dbt and glossary disagree about the description of revenue; dbt is shown.',
    ]);
    expect(catalog({ ...byName, precedence: ['glossary'] }, sources).assets()).toMatchObject([
      { name: 'Revenue', description: 'Gross revenue.', tier: 2 },
    ]);
  });

  it('tell where a third source contradicts what a second one filled in', () => {
    const view = catalog(
      { ...byName, identity: [{ by: 'name', kinds: ['metric'], sources: ['glossary', 'dbt', 'cube'] }] },
      {
        glossary: { assets: [draft({ name: 'revenue', description: 'Net revenue.' })] },
        dbt: {
          assets: [
            draft({ name: 'revenue', unit: 'EUR', filters: ['delivered'], timeDimension: 'ordered_at' }),
          ],
        },
        cube: {
          assets: [draft({ name: 'revenue', unit: 'USD', filters: ['paid'], timeDimension: 'paid_at' })],
        },
      },
    );
    expect(view.assets()).toMatchObject([
      { description: 'Net revenue.', unit: 'EUR', filters: ['delivered'] },
    ]);
    expect(view.gaps.map((gap) => gap.message)).toEqual([
      'dbt and cube disagree about the unit of revenue; dbt is shown.',
      'dbt and cube disagree about the time dimension of revenue; dbt is shown.',
      'dbt and cube disagree about the filters of revenue; dbt is shown.',
    ]);
  });

  it('never make one of two things of the same source', () => {
    const view = catalog(byName, {
      dbt: { assets: [draft({ name: 'revenue', sourceId: 'a' }), draft({ name: 'revenue', sourceId: 'b' })] },
      glossary: { assets: [draft({ name: 'revenue' })] },
    });
    expect(view.assets()).toHaveLength(3);
  });

  it('attach what a reference says to the one thing it means, and report it when there is none or several', () => {
    const used = (name: string) => draft({ kind: 'model', name, sourceId: `usage:${name}`, reference: true });
    const signal = (name: string): SignalDraft => ({
      sourceId: `usage:${name}`,
      type: 'usage',
      name: 'queries',
      status: 'pass',
      observedAt: '2026-03-01T00:00:00Z',
      value: 7,
    });
    const view = catalog(
      {},
      {
        dbt: {
          assets: [
            table('orders'),
            draft({ name: 'revenue', sourceId: 'x' }),
            draft({ name: 'revenue', sourceId: 'y' }),
          ],
        },
        usage: {
          assets: [used('orders'), used('revenue'), used('nothing')],
          signals: [signal('orders'), signal('revenue'), signal('nothing')],
        },
      },
    );
    expect(view.assets()).toHaveLength(3);
    expect(view.signals(view.resolve('orders')[0]?.id ?? '')).toMatchObject([{ value: 7 }]);
    expect(view.gaps.map((gap) => gap.message)).toEqual([
      'usage speaks of revenue, which no source has, or several have.',
      'usage speaks of nothing, which no source has, or several have.',
    ]);
  });
});

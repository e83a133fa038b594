import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draft, shopInput } from '../../answers/test-catalog.js';
import type { AssetDraft } from '../asset.js';
import { buildIndex } from './build-index.js';
import { decide } from './decide.js';
import { search } from './search.js';
import { usageShare } from './usage-share.js';

function finder(assets: AssetDraft[]) {
  const { view } = shopInput({ assets, edges: [], signals: [] });
  const index = buildIndex(view.assets());
  return (question: string) => {
    const ranked = search(index, question);
    const decision = decide(index, ranked);
    return { decision, names: ranked.candidates.map((one) => index.names[one.doc] ?? ''), ranked };
  };
}
const chosen = (found: ReturnType<ReturnType<typeof finder>>): string | undefined =>
  found.decision.outcome === 'answered'
    ? found.names[
        found.ranked.candidates.findIndex(
          (one) => found.decision.outcome === 'answered' && one.id === found.decision.chosen.id,
        )
      ]
    : undefined;

describe('finding a thing', () => {
  const find = finder([
    draft('metric', 'mrr', {
      label: 'Monthly recurring revenue',
      description: 'Recurring fees of the month.',
    }),
    draft('metric', 'burn_multiple', {
      label: 'Burn multiple',
      description: 'Net burn divided by net new recurring revenue.',
    }),
    draft('metric', 'wau', { label: 'WAU', description: 'People who used the app in a week.' }),
    draft('metric', 'retention_rate_30d', {
      label: '30-day retention',
      description: 'Share of people who come back after thirty days.',
    }),
    draft('metric', 'delivery_time_p95', {
      label: 'Delivery time p95',
      description: 'Hours from order to door.',
    }),
    draft('metric', 'arpu', {
      label: 'ARPU',
      description: 'Average revenue per user and month, from subscriptions.',
    }),
    draft('metric', 'loss_ratio', { description: 'Claims over premiums.' }),
    draft('metric', 'loss_ratio_v2', { description: 'Claims over premiums, net.' }),
    draft('metric', 'activation', {
      label: 'Activation',
      description: 'The burn multiple and MRR are not this; churn, wau and retention neither.',
      synonyms: ['aha moment'],
    }),
  ]);

  it.each([
    ['mrr', 'mrr'],
    ['What does MRR mean?', 'mrr'],
    ['monthly recurring revenue', 'mrr'],
    ['Monthly Recurring Revenues', 'mrr'],
    ['how do we calculate the burn multiple?', 'burn_multiple'],
    ['weekly active users', 'wau'],
    ['average revenue per user', 'arpu'],
    ['what is the average revenue per user?', 'arpu'],
    ['arpu', 'arpu'],
    ['loss ratio version 2', 'loss_ratio_v2'],
    ['loss ratio', 'loss_ratio'],
    ['retention d30', 'retention_rate_30d'],
    ['thirty days retention', 'retention_rate_30d'],
    ['95th percentile of delivery time', 'delivery_time_p95'],
    ['the aha moment', 'activation'],
    ['burn mutliple', 'burn_multiple'],
    ['burnMultiple', 'burn_multiple'],
    ['burn_multiple', 'burn_multiple'],
  ])('%s: %s', (question, name) => {
    expect(find(question).names[0]).toBe(name);
  });

  it('a known name never loses to a description that says it too', () => {
    expect(chosen(find('burn multiple'))).toBe('burn_multiple');
    expect(chosen(find('aha moment'))).toBe('activation');
  });

  it('finds a name that is made of words which mean nothing elsewhere', () => {
    const find = finder([
      draft('metric', 'average_stay', { label: 'Average stay', synonyms: ['LOS', 'ALOS'] }),
      draft('metric', 'wards', { description: 'Wards of all hospitals, los hospitales' }),
    ]);
    for (const question of ['LOS', 'los', 'los?', "what's the LOS of ward 3", '"los"'])
      expect(chosen(find(question)), question).toBe('average_stay');
    expect(chosen(find('los hospitales'))).not.toBe('average_stay');
  });

  it('says that it does not know', () => {
    for (const question of [
      'who left the fridge open?',
      'lol',
      '',
      '???',
      'what is the boiling point of water',
    ]) {
      expect(find(question).decision.outcome).toBe('unknown');
    }
  });

  it('a name that leads to several things is asked about', () => {
    const several = finder([
      draft('metric', 'ios__active_hours', { label: 'Active hours', context: ['iOS app'] }),
      draft('metric', 'web__active_hours', { label: 'Active hours', context: ['Web player'] }),
    ]);
    const found = several('what are active hours?');
    expect(found.decision.outcome).toBe('ambiguous');
    expect(several('active hours on web').names[0]).toBe('web__active_hours');
    expect(several('active hours on ios').names[0]).toBe('ios__active_hours');
  });

  it('a prior reorders near-ties and nothing else', () => {
    const twins = finder([
      draft('metric', 'a_orders', {
        label: 'Shipped orders',
        description: 'Orders that left.',
        status: 'deprecated',
      }),
      draft('metric', 'b_orders', {
        label: 'Shipped orders',
        description: 'Orders that left.',
        certified: true,
        tier: 1,
      }),
      draft('metric', 'parcels_lost', {
        label: 'Parcels lost',
        description: 'Parcels that never came.',
        status: 'deprecated',
      }),
    ]);
    expect(twins('orders shipped last').names[0]).toBe('b_orders');
    expect(twins('lost parcels').names[0]).toBe('parcels_lost');
  });

  it('of two that are alike, the one that is used stands first; counts of long ago say nothing', () => {
    const names = ['north_parcels', 'south_parcels', 'east_parcels', 'parcels_lost'];
    const assets = names.map((name) =>
      draft('metric', name, {
        label: name === 'parcels_lost' ? 'Parcels lost' : 'Shipped parcels',
        description: 'Of the day.',
      }),
    );
    const count = (name: string, value: number, day: string) =>
      ({
        sourceId: assets.find((asset) => asset.name === name)?.sourceId ?? name,
        type: 'usage',
        name: 'uses',
        status: 'pass',
        observedAt: `${day}T00:00:00Z`,
        value,
      }) as const;
    const signals = [
      count('north_parcels', 90_000, '2025-01-01'),
      count('south_parcels', 3, '2026-02-27'),
      count('east_parcels', 40, '2026-02-28'),
      count('parcels_lost', 9_000, '2026-02-28'),
    ];
    const { view } = shopInput({ assets, edges: [], signals });
    const index = buildIndex(view.assets(), usageShare(view));
    const found = search(index, 'parcels shipped').candidates.map(({ doc }) => index.names[doc]);
    expect(found.slice(0, 3)).toEqual(['east_parcels', 'south_parcels', 'north_parcels']);
  });

  it('what a description says in full beats a name that is said in passing', () => {
    const margins = finder([
      draft('metric', 'contribution_margin', {
        label: 'Contribution margin',
        description: 'Net revenue minus cost of goods, fulfilment and fees.',
      }),
      draft('metric', 'ltv', {
        label: 'Lifetime value',
        description: 'Expected contribution margin of a customer over 36 months.',
      }),
      draft('metric', 'payback', {
        label: 'Payback',
        description: 'Months of margin that win back what a customer cost; the expected number of them.',
      }),
    ]);
    expect(margins('expected contribution margin over the months').names[0]).toBe('ltv');
    expect(margins('contribution margin').names[0]).toBe('contribution_margin');
  });

  it('takes what follows a whole name as the circumstances of the question', () => {
    for (const question of [
      'how is the burn multiple by region',
      'burn multiple for the quarterly planning meeting',
      'what is our burn multiple in the south?',
    ]) {
      expect(find(question).names[0]).toBe('burn_multiple');
      expect(chosen(find(question))).toBe('burn_multiple');
    }
  });

  it('offers the nearest names for an identifier that nothing is called, tables before metrics', () => {
    const usage = finder([
      draft('metric', 'usage_revenue', { label: 'Usage revenue', description: 'Revenue from usage, fct.' }),
      draft('metric', 'usage', { label: 'Usage', description: 'Safe usage of the day.' }),
      draft('model', 'fct_usage_daily', { description: 'One row per day.' }),
      draft('model', 'stg_usage', { description: 'Cleaned.' }),
      draft('source', 'raw_usage_events', { description: 'As written.' }),
      draft('model', 'dim_customers', { description: 'One row per customer.' }),
    ]);
    const near = usage('is fct_usage safe');
    expect(near.decision.outcome).toBe('ambiguous');
    expect(near.names.slice(0, 2)).toEqual(['fct_usage_daily', 'stg_usage']);
    expect(near.decision.outcome === 'ambiguous' && near.decision.offered[0]?.id).toBe(
      near.ranked.candidates[0]?.id,
    );
    expect(usage('who owns `marts.fct_usage_dayly`?').names[0]).toBe('fct_usage_daily');
    expect(usage('usage_revenu').names[0]).toBe('usage_revenue');
    for (const question of ['is fct_shipments safe', 'is fct_usual safe', 'stg_foo'])
      expect(usage(question).decision.outcome).toBe('unknown');
    expect(usage('dim_customer').names[0]).toBe('dim_customers');
    // what is spelt right is simply found
    expect(chosen(usage('is fct_usage_daily safe'))).toBeUndefined();
    expect(chosen(usage('what is fct_usage_daily?'))).toBe('fct_usage_daily');
    expect(usage('is fct_usage_daily safe').names[0]).toBe('fct_usage_daily');
  });

  it('a short word is no other one that ends alike: an APY is no API, a DAI no day', () => {
    const prices = finder([
      draft('metric', 'asset_price', {
        label: 'Asset price (API)',
        description: 'As the interface gives it.',
      }),
      draft('metric', 'deposit_apy', { label: 'Deposit APY', description: 'Yield of a year.' }),
      draft('metric', 'dai_supply', { label: 'DAI', description: 'Coins there are.' }),
      draft('metric', 'sold_per_day', { label: 'Sold per day', description: 'Pieces.' }),
    ]);
    expect(prices('apy').names).not.toContain('asset_price');
    expect(prices('day').names).not.toContain('dai_supply');
    expect(prices('days').names[0]).toBe('sold_per_day');
    expect(chosen(prices('dai'))).toBe('dai_supply');
  });

  it('a word that only means something like one of a description is no answer', () => {
    const state = draft('source', 'indexing_state', {
      description: 'Worker-reported state of each indexed range.',
    });
    const { view } = shopInput({ assets: [state], edges: [], signals: [] });
    const index = buildIndex(view.assets().filter(({ tags }) => !tags.includes('hr')));
    const ranked = search(index, 'headcount');
    expect(ranked.candidates.map((one) => index.names[one.doc])).toEqual(['indexing_state']);
    expect(decide(index, ranked).outcome).not.toBe('answered');
  });

  it('what is not admitted does not exist', () => {
    const { view } = shopInput({});
    const index = buildIndex(view.assets());
    const hidden = view.byName('net_revenue')[0]?.id;
    const ranked = search(index, 'net revenue', { admit: (id) => id !== hidden });
    expect(ranked.candidates.map((one) => one.id)).not.toContain(hidden);
  });

  it('never throws, and gives the same order for the same question', () => {
    const runs = process.env.CI === 'true' || process.env.STEWARD_FULL === '1' ? 2000 : 150;
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (question) => {
        expect(find(question).names).toEqual(find(question).names);
      }),
      { numRuns: runs },
    );
  });
});

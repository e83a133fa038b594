import { describe, expect, it } from 'vitest';
import { metaLayers } from './layers.js';
import { type MetaFacts, readMetaFacts } from './meta-facts.js';

const now = new Date('2026-03-02T09:00:00Z');

function read(meta: unknown, tags: string[] = []): MetaFacts {
  return readMetaFacts(metaLayers(meta), tags, now);
}

describe('hand-written metadata', () => {
  it.each([
    [{ synonyms: ['MRR', 'monthly revenue'] }],
    [{ aliases: 'MRR, monthly revenue' }],
    [{ aka: 'MRR', acronym: 'monthly revenue' }],
    [{ alsoKnownAs: [{ name: 'MRR' }, { name: 'monthly revenue' }] }],
    [{ anyvendor: { 'question-synonyms': ['MRR', 'monthly revenue'] } }],
    [{ steward: { synonyms: ['MRR'] }, synonyms: ['monthly revenue'] }],
  ])('gives the same synonyms from %j', (meta) => {
    expect(read(meta).synonyms).toEqual(['MRR', 'monthly revenue']);
  });

  it.each([
    [{ owner: 'ada@shop.example' }, [{ email: 'ada@shop.example' }]],
    [{ owner: '@ada' }, [{ name: '@ada' }]],
    [{ owners: ['ada@shop.example', 'Finance'] }, [{ email: 'ada@shop.example' }, { name: 'Finance' }]],
    [
      { owner: { name: 'Ada', email: ['ada@shop.example', 'data@shop.example'] } },
      [{ name: 'Ada', email: 'ada@shop.example' }, { email: 'data@shop.example' }],
    ],
    [{ team: 'finance' }, [{ team: 'finance' }]],
    [{ vendor: { owner: 'analytics_team' } }, [{ name: 'analytics_team' }]],
    [{ owner: { name: null, email: null } }, []],
    [{ owner: 42, owners: null }, [{ name: '42' }]],
  ])('gives the owners of %j', (meta, owners) => {
    expect(read(meta).owners).toEqual(owners);
  });

  it('lets our own namespace win over the rest, and the node over a vendor', () => {
    const meta = { tier: 3, vendor: { tier: 2, grain: 'week' }, grain: 'day', steward: { tier: 1 } };
    expect(read(meta)).toMatchObject({ tier: 1, grain: 'day' });
  });

  it.each([
    ['tier_1', 1],
    ['Tier 2', 2],
    ['P0', 1],
    ['gold', 1],
    [3, 3],
    ['whatever', undefined],
  ])('reads the tier %j', (tier, expected) => {
    expect(read({ tier }).tier).toBe(expected);
  });

  it('reads the tier and the standing from tags too', () => {
    expect(read({}, ['tier:2', 'certified'])).toMatchObject({ tier: 2, certified: true, status: 'active' });
    expect(read({}, ['deprecated'])).toMatchObject({ certified: false, status: 'deprecated' });
  });

  it('reads a deprecation with successor and last day, wherever they stand', () => {
    expect(read({ deprecated: { successor: 'net_revenue', date: '2026-04-01' } })).toMatchObject({
      status: 'deprecated',
      successor: 'net_revenue',
      deprecatedOn: '2026-04-01',
    });
    expect(read({ deprecation_date: '2026-01-01', replaced_by: 'net_revenue' })).toMatchObject({
      status: 'deprecated',
    });
    expect(read({ deprecation_date: '2027-01-01' })).toMatchObject({
      status: 'active',
      deprecatedOn: '2027-01-01',
    });
  });

  it('reads sensitivity from labels, flags and tags', () => {
    expect(
      read({ classification: 'Confidential', contains_pii: true, phi: false }, ['gdpr', 'daily'])
        .classification,
    ).toEqual(['confidential', 'pii', 'gdpr']);
  });

  it('reads what backfills and freshness need', () => {
    expect(
      read({
        executor: { name: 'airflow', dag_id: 'daily_orders' },
        partition: { column: 'order_date', grain: 'daily', timezone: 'Europe/Berlin', retention_days: 400 },
        freshness_sla: '24h',
      }),
    ).toMatchObject({
      executor: { name: 'airflow', pipeline: 'daily_orders' },
      partition: { column: 'order_date', grain: 'day', timeZone: 'Europe/Berlin', retentionDays: 400 },
      freshnessSla: { errorAfterMinutes: 1440 },
    });
  });

  it('is empty, and no exception, for anything that is no record', () => {
    for (const meta of [
      null,
      undefined,
      'text',
      7,
      ['a'],
      { owner: [[[]]] },
      { synonyms: { a: { b: 1 } } },
    ]) {
      expect(read(meta)).toMatchObject({ synonyms: [], owners: [], status: 'active' });
    }
  });
});

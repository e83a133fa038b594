import { describe, expect, it } from 'vitest';
import { draft } from './test-kit/asset.js';
import { contentHash, differenceOf } from './versions.js';
import { changesMeaning } from './wording.js';

const revenue = draft({
  name: 'revenue',
  description: 'Net revenue.',
  owners: [{ team: 'finance' }],
  dimensions: ['day'],
});

describe('the hash of an asset', () => {
  it('stays when the definition moves or is written in another order', () => {
    const moved = {
      ...revenue,
      path: 'elsewhere',
      context: ['more'],
      provenance: { '*': { file: 'x.yml', line: 9 } },
    };
    expect(contentHash({ ...moved, meta: { any: 1 } })).toBe(contentHash(revenue));
    expect(contentHash({ ...revenue, unit: 'EUR' })).not.toBe(contentHash(revenue));
  });
});

describe('a difference', () => {
  it.each([
    ['meaning', { unit: 'EUR' }],
    ['meaning', { filters: ["country = 'DE'"] }],
    ['meaning', { dimensions: [] }],
    ['wording', { dimensions: ['day', 'country'] }],
    ['wording', { label: 'Revenue' }],
    ['wording', { synonyms: ['turnover'] }],
    ['governance', { owners: [{ team: 'sales' }] }],
    ['governance', { tier: 1 }],
    ['schema', { relation: 'a.b.c' }],
  ])('is one of %s for %j', (kind, change) => {
    expect(differenceOf(revenue, { ...revenue, ...change })?.change).toBe(kind);
  });

  it('is none when nothing changed, and takes the weightiest kind of several', () => {
    expect(differenceOf(revenue, structuredClone(revenue))).toBeUndefined();
    expect(differenceOf(revenue, { ...revenue, label: 'Revenue', grain: 'day', tier: 2 })).toMatchObject({
      change: 'meaning',
      changes: [{ field: 'grain' }, { field: 'tier' }, { field: 'label', before: null, after: 'Revenue' }],
    });
  });

  it('is one of code where a checksum gave way to another, and none where it was first read', () => {
    const table = draft({ kind: 'model', name: 'orders' });
    const built = (codeChecksum: string) => ({ ...table, codeChecksum });
    expect(differenceOf(built('a'), { ...built('b'), tier: 1 })).toMatchObject({
      change: 'code',
      breaking: false,
      changes: [{ field: 'tier' }, { field: 'codeChecksum', before: 'a', after: 'b' }],
    });
    expect(differenceOf(table, built('a'))).toBeUndefined();
    expect(differenceOf(built('a'), table)).toBeUndefined();
  });

  it('breaks what reads a table when the table moves', () => {
    const table = draft({ kind: 'model', name: 'orders', relation: 'a.b.orders' });
    expect(differenceOf(table, { ...table, relation: 'a.c.orders' })?.breaking).toBe(true);
  });
});

describe('a new description', () => {
  it.each([
    ['Net revenue in euro.', 'The net revenue, in euro'],
    [
      'Count of orders per customer.',
      'Counts, per customer, the order. See the wiki for examples of an order.',
    ],
    ['', 'Net revenue in euro, excluding tax.'],
  ])('says the same: %j, %j', (before, after) => {
    expect(changesMeaning(before, after)).toBe(false);
  });

  it.each([
    ['Net revenue in euro.', 'Gross revenue in euro.'],
    ['Users active in the last 28 days.', 'Users active in the last 30 days.'],
    ['Revenue including tax.', 'Revenue excluding tax.'],
    ['Orders placed.', 'Orders not placed.'],
    ['Orders placed by customers.', 'Sessions started by visitors.'],
    ['Orders placed by customers.', ''],
  ])('says something else: %j, %j', (before, after) => {
    expect(changesMeaning(before, after)).toBe(true);
  });
});

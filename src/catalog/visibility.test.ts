import { describe, expect, it } from 'vitest';
import type { Asset, AssetDraft } from './asset.js';
import { draft } from './test-kit/asset.js';
import { levelOf } from './visibility.js';

function asset(facts: Partial<AssetDraft>): Asset {
  return { ...draft({ name: 'orders', ...facts }), id: 'id', source: 'shop', provenance: {} };
}

describe('who sees an asset', () => {
  it.each([
    ['a tag', { tag: 'board-only' }, { tags: ['Board-Only'] }],
    [
      'the tag of a column',
      { tag: 'pii' },
      { columns: [{ name: 'iban', description: '', tags: ['PII'], classification: [], meta: {} }] },
    ],
    [
      'a classification, which the catalog keeps in lower case',
      { classification: 'PII' },
      { classification: ['pii'] },
    ],
    [
      'the classification of a column',
      { classification: 'GESUNDHEIT' },
      { columns: [{ name: 'id', description: '', tags: [], classification: ['gesundheit'], meta: {} }] },
    ],
    ['a domain', { domain: 'finance' }, { domain: 'Finance' }],
  ])('is decided by %s whatever its case', (_, match, facts) => {
    const rules = [{ match, teams: ['finance'], otherwise: 'hidden' as const }];
    expect(levelOf(asset(facts), { teams: [] }, rules)).toBe('hidden');
    expect(levelOf(asset(facts), { teams: ['finance'] }, rules)).toBe('open');
    expect(levelOf(asset({}), { teams: [] }, rules)).toBe('open');
  });
});

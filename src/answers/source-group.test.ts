import { describe, expect, it } from 'vitest';
import type { SignalDraft } from '../catalog/asset.js';
import type { Viewer } from '../catalog/visibility.js';
import { answerQuestion } from './answer.js';
import type { AssetNotice } from './notices.js';
import { assetNamed, draft, shopInput } from './test-catalog.js';

const source = (name: string, more = {}) =>
  draft('source', name, {
    context: [`billing.${name}`],
    relation: `shop.raw.${name}`,
    domain: 'finance',
    owners: [{ team: 'finance' }],
    ...more,
  });
const loaded = (name: string, status: SignalDraft['status'], times: string[]): SignalDraft[] =>
  times.map((loadedAt) => ({
    sourceId: `source.shop.${name}`,
    type: 'freshness',
    name: 'freshness',
    status,
    observedAt: loadedAt.replace(/T.*/, 'T09:00:00Z'),
    loadedAt,
  }));
const days = ['2026-02-28', '2026-03-01', '2026-03-02'];
const base = {
  ...shopInput({
    assets: [
      source('invoices'),
      source('invoice_lines'),
      source('payouts'),
      source('salaries', { tags: ['hr'] }),
      draft('metric', 'billed_revenue', { label: 'Billed revenue', description: 'What billing billed.' }),
    ],
    signals: [
      ...loaded('invoices', 'fail', ['2026-02-27T05:00:00Z', '2026-02-28T05:00:00Z', '2026-03-01T05:00:00Z']),
      ...loaded(
        'invoice_lines',
        'pass',
        days.map((day) => `${day}T05:10:00Z`),
      ),
      ...loaded(
        'payouts',
        'pass',
        days.map((day) => `${day}T07:40:00Z`),
      ),
      ...loaded(
        'salaries',
        'fail',
        days.map((day) => `${day}T08:40:00Z`),
      ),
    ],
  }),
  rules: [{ match: { tag: 'hr' }, teams: ['people'], otherwise: 'hidden' as const }],
};
const notice = (name: string, more: Partial<AssetNotice>): AssetNotice => ({
  assetId: assetNamed(base, name).id,
  kind: 'incident',
  reference: 'INC-7',
  relation: 'direct',
  level: 'caution',
  private: false,
  summary: 'The export of invoices hangs.',
  useInstead: null,
  eta: new Date('2026-03-02T15:00:00Z'),
  startsAt: new Date('2026-03-02T08:00:00Z'),
  endsAt: null,
  ...more,
});
const notices = [
  notice('invoices', {}),
  notice('payouts', { kind: 'backfill', reference: 'BF-2', summary: 'February is loaded again.', eta: null }),
  notice('payouts', { reference: 'INC-8', private: true, summary: 'Secret.' }),
];
const ask = (question: string, viewer: Viewer = { teams: ['sales'] }) =>
  answerQuestion({
    ...base,
    viewer,
    question,
    noticesOf: (id) => notices.filter((one) => one.assetId === id),
  });

describe('whether a group of sources is there', () => {
  it.each([
    'When will billing be there?',
    'when will the billing data be ready',
    'is billing late?',
    'Has billing landed yet?',
    'how fresh is billing?',
    'Wann kommt billing?',
    'Wann kommen die Daten von billing?',
    'Ist billing zu spät?',
    'Wann ist billing da?',
  ])('"%s" is answered with each of them, late ones first, and with what holds them up', (question) => {
    const answer = ask(question);
    expect(answer).toMatchObject({ outcome: 'answered', intent: 'freshness', group: 'billing' });
    expect(answer.items?.map(({ asset }) => asset.name)).toEqual(['invoices', 'invoice_lines', 'payouts']);
    expect(answer.text).toBe(
      'billing (source of 3 tables): 1 late and 2 on time. invoices: late, newest data 29 hours ago. invoice_lines: on time, newest data 5 hours ago. payouts: on time, newest data 2 hours ago. The last of them to land is usually payouts, around 07:40 UTC. INC-7: The export of invoices hangs. Expected 2026-03-02 15:00 UTC. BF-2: February is loaded again. No time is promised yet. Owner: finance.',
    );
  });

  it('counts and names no table that is hidden from whoever asks', () => {
    expect(ask('is billing late?').text).not.toContain('salaries');
    expect(ask('is billing late?', { teams: ['people'] }).text).toContain('2 late and 2 on time');
  });

  it('may be a schema or a domain', () => {
    expect(ask('is the raw schema late?').text).toContain('raw (schema of 3 tables)');
    expect(ask('when will finance be there?').text).toContain('finance (domain of 3 tables)');
  });

  it('gives way to one thing that is called so', () => {
    expect(ask('when will invoices be there?').subject?.name).toBe('invoices');
    expect(ask('is billed revenue late?').subject?.name).toBe('billed_revenue');
  });
});

import { describe, expect, it } from 'vitest';
import type { SignalDraft } from '../catalog/asset.js';
import { answerQuestion } from './answer.js';
import type { AssetNotice } from './notices.js';
import { assetNamed, shopInput, testNow } from './test-catalog.js';

const table = 'model.shop.fct_orders';
const test = (observedAt: string, status: SignalDraft['status'] = 'pass'): SignalDraft => ({
  sourceId: table,
  type: 'test',
  name: 'not_null',
  status,
  observedAt,
});
const loads = ['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02'].map(
  (day): SignalDraft => ({
    sourceId: 'source.shop.raw_orders',
    type: 'freshness',
    name: 'freshness',
    status: 'pass',
    observedAt: `${day}T06:00:00Z`,
  }),
);
const ask = (signals: SignalDraft[], notices: Partial<AssetNotice>[] = []) => {
  const input = shopInput({ signals: [...loads, ...signals] });
  const { id } = assetNamed(input, 'fct_orders');
  const all = notices.map(
    (notice): AssetNotice => ({
      assetId: id,
      kind: 'incident',
      reference: 'INC-3',
      relation: 'direct',
      level: 'caution',
      private: false,
      summary: 'Orders are double.',
      useInstead: null,
      eta: null,
      startsAt: new Date('2026-02-20T08:00:00Z'),
      endsAt: null,
      ...notice,
    }),
  );
  const answer = answerQuestion({
    ...input,
    question: 'net revenue',
    noticesOf: (asset) => (asset === id ? all : []),
  });
  expect(answer.text).toContain(answer.verdict?.verdict ?? 'a verdict');
  const { verdict, since, sinceThen, sinceAtLeast } = answer.verdict ?? {};
  return { verdict, since, sinceThen, sinceAtLeast, text: answer.text };
};

describe('since when', () => {
  it('it is SAFE: since the last failing test passed again', () => {
    const said = ask([
      test('2026-02-27T06:00:00Z', 'fail'),
      test('2026-02-28T06:00:00Z', 'fail'),
      test('2026-03-01T06:00:00Z'),
      test('2026-03-02T06:00:00Z'),
    ]);
    expect(said).toMatchObject({ verdict: 'SAFE', since: '2026-03-01T06:00:00.000Z' });
    expect(said.text).toContain(
      'SAFE since 2026-03-01 06:00 UTC (test not_null on fct_orders passes again):',
    );
  });

  it('it is SAFE: since the incident ended, where that was later', () => {
    const over = { endsAt: new Date('2026-03-01T12:00:00Z') };
    const results = [test('2026-02-28T06:00:00Z', 'fail'), test('2026-03-01T06:00:00Z')];
    expect(ask(results, [over])).toMatchObject({
      since: '2026-03-01T12:00:00.000Z',
      sinceThen: 'INC-3 is over',
    });
    const secret = ask(results, [{ ...over, private: true }]);
    expect(secret.sinceThen).toBe('what was being looked into is over');
    expect(secret.text).not.toContain('INC-3');
  });

  it('it is SAFE: at least since the first results, where nothing spoke against it as long as anything is known', () => {
    const said = ask([test('2026-02-28T06:00:00Z'), test('2026-03-02T06:00:00Z')]);
    expect(said).toMatchObject({ verdict: 'SAFE', sinceAtLeast: true, since: '2026-02-28T06:00:00.000Z' });
    expect(said.text).toContain('SAFE at least since 2026-02-28 06:00 UTC:');
  });

  it('it is SAFE: since somebody looked again after nobody had for too long', () => {
    const said = ask([
      test('2026-02-10T06:00:00Z'),
      test('2026-03-01T06:00:00Z'),
      test('2026-03-02T06:00:00Z'),
    ]);
    expect(said).toMatchObject({
      since: '2026-03-01T06:00:00.000Z',
      sinceThen: 'fct_orders was checked again',
    });
  });

  it('it is not: since the first failure in a row, not since the newest', () => {
    const said = ask([
      test('2026-02-27T06:00:00Z', 'fail'),
      test('2026-02-28T06:00:00Z'),
      test('2026-03-01T06:00:00Z', 'fail'),
      test('2026-03-02T06:00:00Z', 'fail'),
    ]);
    expect(said).toMatchObject({ verdict: 'CAUTION', since: '2026-03-01T06:00:00.000Z' });
    expect(said.text).toContain('CAUTION since 2026-03-01 06:00 UTC:');
  });

  it('it is not: unknown, and not said, where something speaks against it that has no known beginning', () => {
    const input = shopInput({ signals: [test('2026-03-02T06:00:00Z', 'fail')] });
    const { verdict, text } = answerQuestion({ ...input, now: testNow, question: 'net revenue' });
    expect(verdict?.since).toBeUndefined();
    expect(text).toContain('CAUTION: ');
  });
});

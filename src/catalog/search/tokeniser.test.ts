import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spellingOf } from './spelling.js';
import { splitWords } from './text/split.js';
import { foldWords } from './text/terms.js';
import { makeTokeniser } from './tokeniser.js';

function read(text: string): string[] {
  const tokeniser = makeTokeniser();
  const { ids, count } = tokeniser.read(text);
  return [...ids.subarray(0, count)].map((id) => tokeniser.terms[id] ?? '');
}

describe('the fast reader of texts', () => {
  const samples = [
    'netRevenue_7d after refunds',
    "the customer's 30 day retention, 75th percentile",
    'MRR — “monthly recurring revenue” (100% of it) in $',
    'how many people sign up in seven days',
    'ARRGrowth p95 URLs HTTPServer',
    '7 30 days sign',
    "rock'n'roll and a'a'a",
    'rock’n’roll für a’a’a',
    'Nettoumsatz für Kunden größer als 5',
  ];
  it.each(samples)('reads %j like the careful one', (text) => {
    expect(read(text)).toEqual(foldWords(splitWords(text), new Map()));
    expect(makeTokeniser().read(text).spelling).toBe(spellingOf(splitWords(text)));
  });

  it('reads any text like the careful one', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(...samples, '7 days', "d'accord", 'sign', 'p50', '%', '’s', ' '),
    );
    const runs = process.env.CI === 'true' || process.env.STEWARD_FULL === '1' ? 3000 : 200;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (parts) => {
        const text = parts.join(' ');
        expect(read(text)).toEqual(foldWords(splitWords(text), new Map()));
        expect(makeTokeniser().read(text).spelling).toBe(spellingOf(splitWords(text)));
      }),
      { numRuns: runs },
    );
  });
});

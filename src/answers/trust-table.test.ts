import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { uses } from './intent.js';
import {
  ageOf,
  ages,
  evidenceStates,
  printTrustTable,
  trustTable,
  verdictOf,
  verdicts,
  worse,
} from './trust-table.js';

const letters = { S: 'SAFE', C: 'CAUTION', D: 'DO NOT USE' } as const;

/** The whole table a second time, by hand: general, finance, board; in each current, old, stale. */
const expected: Record<(typeof evidenceStates)[number], string> = {
  'notice: do not use': 'DDD DDD DDD',
  'notice: caution': 'CCC CCC DDD',
  'notice: private': 'CCC CCC DDD',
  'notice: info': 'SSS SSS SSS',
  'deprecated: past its last day': 'DDD DDD DDD',
  deprecated: 'CCC CCC DDD',
  draft: 'CCC DDD DDD',
  'tests: failed': 'CCC DDD DDD',
  'tests: error': 'CCC CCC DDD',
  'tests: warned': 'SSS CCC CCC',
  'tests: passed': 'SSC SCC SCC',
  'tests: missing': 'CCC CCC DDD',
  'freshness: late': 'CCC DDD DDD',
  'freshness: warned': 'CCC CCC CCC',
  'freshness: on time': 'SCC SCC SCD',
  'freshness: missing': 'CCC CCC CCC',
  'run: failed': 'CCC DDD DDD',
  'run: succeeded': 'SCC SCC SCD',
  'tie-out: broken': 'CCC DDD DDD',
  'tie-out: holds': 'SSS SCC SCD',
  'tie-out: missing': 'SSS CCC CCC',
  'owner: missing': 'SSS CCC CCC',
};

describe('the truth table of trust', () => {
  for (const state of evidenceStates) {
    uses.forEach((use, u) => {
      ages.forEach((age, a) => {
        const letter = expected[state].split(' ')[u]?.[a] as keyof typeof letters;
        it(`${state}, ${age}, for ${use}: ${letters[letter]}`, () => {
          expect(verdictOf(state, age, use)).toBe(letters[letter]);
        });
      });
    });
  }

  it('never asks less proof for the board than for finance, nor for finance than for a chat', () => {
    const rank = (word: (typeof verdicts)[number]): number => verdicts.indexOf(word);
    for (const state of evidenceStates) {
      for (const age of ages) {
        expect(rank(verdictOf(state, age, 'board'))).toBeLessThanOrEqual(
          rank(verdictOf(state, age, 'finance')),
        );
        expect(rank(verdictOf(state, age, 'finance'))).toBeLessThanOrEqual(
          rank(verdictOf(state, age, 'general')),
        );
      }
    }
  });

  it('never calls what nobody has checked safe for finance or the board', () => {
    for (const state of evidenceStates.filter((one) => one.endsWith('missing'))) {
      expect(trustTable[state].finance).not.toContain('SAFE');
      expect(trustTable[state].board).not.toContain('SAFE');
    }
  });

  it('takes the worst', () => {
    expect(worse('SAFE', 'CAUTION')).toBe('CAUTION');
    expect(worse('DO NOT USE', 'CAUTION')).toBe('DO NOT USE');
  });

  it('calls an observation current for 26 hours and old for a week', () => {
    const now = new Date('2026-03-10T12:00:00Z');
    expect(ageOf(new Date('2026-03-09T10:00:00Z'), now)).toBe('current');
    expect(ageOf(new Date('2026-03-09T09:59:00Z'), now)).toBe('old');
    expect(ageOf(new Date('2026-03-03T11:59:00Z'), now)).toBe('stale');
    expect(ageOf(new Date('2026-03-11T12:00:00Z'), now)).toBe('current');
  });

  it('calls it current for as long as a policy says', () => {
    const now = new Date('2026-03-10T12:00:00Z');
    const twoDays = 48 * 3_600_000;
    expect(ageOf(new Date('2026-03-08T12:00:00Z'), now, twoDays)).toBe('current');
    expect(ageOf(new Date('2026-03-08T11:59:00Z'), now, twoDays)).toBe('old');
    expect(ageOf(new Date('2026-03-10T10:59:00Z'), now, 3_600_000)).toBe('old');
  });

  it('prints every cell', () => {
    const lines = printTrustTable().trim().split('\n');
    expect(lines).toHaveLength(evidenceStates.length + 2);
    for (const line of lines.slice(2))
      expect(line.split('|')).toHaveLength(1 + 1 + uses.length * ages.length + 1);
  });

  it('is what docs/trust.md prints', () => {
    expect(readFileSync(new URL('../../docs/trust.md', import.meta.url), 'utf8')).toContain(
      printTrustTable(),
    );
  });
});

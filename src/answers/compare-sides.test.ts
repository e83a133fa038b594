import { describe, expect, it } from 'vitest';
import { comparedSides, splitsOf } from './compare-sides.js';
import { makeAnswerContext } from './context.js';
import { draft, shopInput } from './test-catalog.js';

const context = makeAnswerContext(
  shopInput({ assets: [draft('metric', 'bed_and_board', { label: 'Bed and board' })] }),
);
const searches = (text: string): number => {
  const { spoken, spaces } = splitsOf(text);
  return 2 * (spoken.length + spaces.length);
};

describe('the two names of a comparison', () => {
  it('cost few searches however long the wording is', () => {
    expect(searches('net revenue and gross revenue')).toBe(10);
    expect(searches('revenue of all shops and bookings of all shops in the north')).toBe(2);
    expect(searches('a and b and c and d and e and f and g and h')).toBe(8);
    expect(searches('one two three four five six seven eight nine ten eleven twelve thirteen')).toBe(0);
    expect(searches('word '.repeat(400))).toBe(0);
  });

  it.each([
    ['bed and board and net revenue', 'bed and board', 'net revenue'],
    ['net revenue and bed and board', 'net revenue', 'bed and board'],
    ['net revenue bed and board', 'net revenue', 'bed and board'],
    ['net_revenue gross_revenue', 'net_revenue', 'gross_revenue'],
  ])('are found in "%s"', (words, left, right) => {
    expect(comparedSides(words, context)).toEqual({ left, right });
  });
});

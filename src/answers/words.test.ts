import { expect, it } from 'vitest';
import { rowsInWords } from './words.js';

it('counts one row as one row', () => {
  expect([rowsInWords(1), rowsInWords(3), rowsInWords(1, 'failing '), rowsInWords(0, 'failing ')]).toEqual([
    '1 row',
    '3 rows',
    '1 failing row',
    '0 failing rows',
  ]);
});

import { expect, it } from 'vitest';
import { noteTitle } from './definition-note.js';
import { changeBlocksText } from './definition-words.js';

const change = {
  kind: 'deprecate',
  number: 3,
  asset_name: 'Bookings',
  successor: 'mrr',
  last_day: '2026-03-07',
  effective_date: '2026-03-07',
} as const;

it.each([
  ['start', '2026-03-02', 'Bookings is deprecated; last day 2026-03-07; use mrr instead'],
  ['half', '2026-03-05', 'Bookings goes away on 2026-03-07; use mrr instead'],
  ['end', '2026-03-07', 'Bookings ends today (2026-03-07); use mrr instead'],
  ['end', '2026-03-09', 'Bookings ended on 2026-03-07; use mrr instead'],
  ['half', '2026-03-09', 'Bookings ended on 2026-03-07; use mrr instead'],
])('the notice of the %s that is read on %s says "%s"', (phase, today, title) => {
  expect(noteTitle(change, phase, today)).toBe(title);
});

it('says what was, once the new text is in force', () => {
  const field = { name: 'Definition', from: 'Fees less refunds.', to: 'Fees.' };
  expect(changeBlocksText(field, false)).toBe('*Definition*\n*Now:* Fees less refunds.\n*New:* Fees.');
  expect(changeBlocksText(field, true)).toBe('*Definition*\n*Before:* Fees less refunds.\n*Now:* Fees.');
});

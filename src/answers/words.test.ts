import { expect, it } from 'vitest';
import { codeLine, plain, rowsInWords, sentence } from './words.js';

it('counts one row as one row', () => {
  expect([rowsInWords(1), rowsInWords(3), rowsInWords(1, 'failing '), rowsInWords(0, 'failing ')]).toEqual([
    '1 row',
    '3 rows',
    '1 failing row',
    '0 failing rows',
  ]);
});

it.each([
  ['One part of it; another part that is cut', 26, 'One part of it …'],
  ['The first sentence. The second sentence', 30, 'The first sentence.'],
  ['words without any place to stop at all', 20, 'words without any …'],
  ['short; whole', 30, 'short; whole.'],
])('cuts "%s" after %i characters where a part ends, and never leaves ";."', (text, limit, expected) => {
  expect(sentence(plain(text, limit))).toBe(expected);
});

it('takes markup out of prose, and leaves what compares', () => {
  expect(
    plain('<p>The <b>net</b> value</p> <!channel> ask <@U0BEN> or <https://evil.example|the docs><br/>now'),
  ).toBe('The net value @channel ask @U0BEN or now');
  expect(plain('Orders with 3 < items and price > 5, status <> cancelled, <30 days')).toBe(
    'Orders with 3 < items and price > 5, status <> cancelled, <30 days',
  );
});

it('keeps what a mention or a date of Slack says, as words that call nobody', () => {
  expect(
    plain('<!here>: <#C0DATA|data> was late until <!date^1764200000^{date}|Monday>, ask <@U0BEN|ben>'),
  ).toBe('@here: #data was late until Monday, ask @ben');
  expect(plain('<!subteam^S01|@data-eng> or <!subteam^S02> and <!everyone|all>')).toBe(
    '@data-eng or and @everyone',
  );
});

it('leaves formulas and filters as they stand', () => {
  for (const code of ["status <> 'cancelled'", 'a < 5 and b > 3', 'x<b and c>d', 'cast(x as array<int>)'])
    expect(codeLine(code)).toBe(code);
});

it('reads the signs that HTML writes in letters, and leaves angle brackets as they are written', () => {
  expect(plain('<b>R&amp;D</b> of &quot;core&quot;&nbsp;teams &lt;!channel&gt;')).toBe(
    'R&D of "core" teams &lt;!channel&gt;',
  );
});

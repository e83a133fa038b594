import { expect, it } from 'vitest';
import { numberInBlocks } from './answer-value.js';

const textOf = (...args: Parameters<typeof numberInBlocks>): string[] =>
  numberInBlocks(...args).map((block) =>
    'text' in block && typeof block.text === 'object' ? (block.text?.text ?? '') : '',
  );
const disclaimer = 'I do not state numbers of my own.';

it('says where a number is to be read that is not stated, with a query that can be copied as it stands', () => {
  const query = 'select sum(x)\nfrom orders\nwhere a < 1';
  const dashboard = { name: 'Board <deck>', url: 'https://bi.example/d/1' };
  expect(textOf({ disclaimer, dashboard, query })).toEqual([
    `${disclaimer} Look it up on <https://bi.example/d/1|Board &lt;deck&gt;>. To read it yourself:`,
    '```select sum(x)\nfrom orders\nwhere a &lt; 1```',
  ]);
});

it('leaves out what is not known, and the query that stands beside its number', () => {
  expect(textOf({ disclaimer })).toEqual([disclaimer]);
  expect(textOf({ query: 'select 1' })).toEqual([]);
  expect(textOf({ dashboard: { name: 'Board' } })).toEqual(['Look it up on Board.']);
});

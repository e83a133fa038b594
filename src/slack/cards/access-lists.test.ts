import { expect, it } from 'vitest';
import type { WhoAnswer, WhoEntry } from '../../access/who.js';
import { newAsset } from '../../catalog/new-asset.js';
import { whoReply } from './access-lists.js';
import { extendButton } from './access-request.js';

const holder = (login: string, personName: string | null, numbers: string[] = []): WhoEntry => ({
  login,
  personName,
  privileges: ['select'],
  source: { kind: 'direct', by: 'the loader', ours: numbers.length > 0 },
  grants: numbers.map((reference) => ({ reference, endsAt: null })),
});
const answer: WhoAnswer = {
  asset: {
    ...newAsset({ sourceId: 'model.shop.payouts', kind: 'model', name: 'payouts' }, {}),
    id: 'a',
    source: 'shop',
  },
  warehouse: 'main',
  own: [],
  holders: [holder('maya', 'Maya', ['ACC-1'])],
  masked: {
    relation: 'finance.payouts_masked',
    holders: [holder('sven', 'Sven', ['ACC-2']), holder('etl', null)],
  },
};

it('counts who reads the masked view, apart from who reads the table', () => {
  const { text, blocks } = whoReply(answer);
  expect(text).toContain('1 login can use payouts, as main says now. Maya (maya): select - Steward, ACC-1');
  expect(text).toContain(
    '2 logins can use its masked view finance.payouts_masked, as main says now. Sven (sven)',
  );
  expect(JSON.stringify(blocks).indexOf('masked view')).toBeLessThan(JSON.stringify(blocks).indexOf('Sven'));
});

it('says that nobody reads the masked view, and nothing of it where there is none', () => {
  const none = whoReply({ ...answer, masked: { relation: 'finance.payouts_masked', holders: [] } });
  expect(none.text).toContain('Nobody can use its masked view');
  expect(whoReply({ ...answer, masked: null }).text).not.toContain('masked');
});

it('offers more time of what was approved, and none of what was taken by break-glass', () => {
  const row = { id: 'a', number: 3 };
  expect(extendButton({ ...row, how: 'people' })).toMatchObject([{ actionId: 'access:extend', value: 'a' }]);
  expect(extendButton({ ...row, how: 'break-glass' })).toEqual([]);
});

import { expect, it } from 'vitest';
import type { WhoAnswer, WhoEntry } from '../../access/who.js';
import { newAsset } from '../../catalog/new-asset.js';
import { whoReply } from './access-lists.js';
import { decidedSentence, extendButton } from './access-request.js';
import { approvalSentence, stageSentence } from './approval-parts.js';

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

const stage = {
  name: 'Both',
  state: 'open' as const,
  candidates: ['Owen', 'Olga'],
  given: [{ name: 'Gus', standingInFor: null, reason: 'a day will do.' }],
  needed: 3,
};
const view = {
  requestId: 'r',
  reference: 'ACC-1',
  title: 'read on payouts',
  state: 'approved' as const,
  requester: { id: 'p', name: 'Rita' },
  reason: null,
  ticket: null,
  ticketSeen: null,
  purpose: null,
  rule: 'all',
  openedAt: new Date(0),
  expiresAt: new Date(1),
  decidedAt: null,
  decidedBy: 'Gus',
  how: 'people' as const,
  outcomeReason: null,
  stages: [stage],
  asked: [],
  breakGlass: false,
};

it('says who is waited for: everybody, some of them, or whoever comes first', () => {
  expect(stageSentence(stage)).toBe('Both: Gus approved, waiting for Owen and Olga');
  expect(stageSentence({ ...stage, candidates: ['Owen', 'Olga', 'Gina'] })).toBe(
    'Both: Gus approved, waiting for 2 of Owen, Olga or Gina',
  );
  expect(stageSentence({ ...stage, needed: 2 })).toBe('Both: Gus approved, waiting for Owen or Olga');
});

it('tells whoever approved that it could not be given', () => {
  const reason = 'It was approved, but could not be given: there is no such login. Ask Gina to add it.';
  expect(decidedSentence({ ended_how: 'failed', ended_reason: reason }, view)).toMatch(
    /^Approved by Gus.*a day will do\. Failed\. It was approved, but could not be given.*Ask Gina to add it\.$/,
  );
  expect(decidedSentence({ ended_how: 'expired', ended_reason: null }, view)).toMatch(/a day will do\.$/);
});

it('hands on what an approver said, and ends a sentence once', () => {
  expect(approvalSentence(view)).toBe('Approved by Gus. Gus says: a day will do');
  const outcomeReason = 'Nobody decided it in time. It can be asked for again.';
  expect(approvalSentence({ ...view, state: 'expired', outcomeReason })).toBe(outcomeReason.slice(0, -1));
});

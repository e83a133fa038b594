import { expect, it } from 'vitest';
import type { RequestView } from '../../approvals/approvals.js';
import { approvalSentence } from './approval-parts.js';

const view: RequestView = {
  requestId: 'r',
  reference: 'DEF-3',
  title: 'New definition',
  state: 'expired',
  requester: { id: 'p', name: 'Ben' },
  reason: null,
  ticket: null,
  ticketSeen: null,
  purpose: null,
  rule: 'board',
  openedAt: new Date('2026-03-02T10:00:00Z'),
  expiresAt: new Date('2026-03-09T10:00:00Z'),
  decidedAt: null,
  decidedBy: 'Ana',
  how: null,
  outcomeReason: null,
  stages: [],
  asked: [],
  breakGlass: false,
};

it.each([
  ['expired', 'Nobody decided it in time.', 'Nobody decided it in time'],
  ['denied', 'Use the masked view. ', 'Denied by Ana: Use the masked view'],
  ['denied', 'Why would you?', 'Denied by Ana: Why would you?'],
] as const)(
  'a request that is %s because of "%s" says it without a full stop of its own',
  (state, reason, said) => {
    expect(approvalSentence({ ...view, state, outcomeReason: reason })).toBe(said);
  },
);

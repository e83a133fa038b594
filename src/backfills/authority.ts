import type { ActionTable } from '../authority/authority.js';

export const backfillActions = {
  'backfill.request': ['member'],
  'backfill.show': ['member', 'operator', 'admin'],
  'backfill.pause': ['requester', 'owner', 'on-call', 'data-team', 'admin', 'operator'],
  'backfill.resume': ['requester', 'owner', 'on-call', 'data-team', 'admin', 'operator'],
  'backfill.cancel': ['requester', 'owner', 'on-call', 'data-team', 'admin', 'operator'],
  'backfill.retry': ['requester', 'owner', 'on-call', 'data-team', 'admin', 'operator'],
  /** Starts although things have changed since the approval: not for whoever asked. */
  'backfill.accept-change': ['owner', 'on-call', 'data-team', 'admin'],
} as const satisfies ActionTable;

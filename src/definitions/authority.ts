import type { ActionTable } from '../authority/authority.js';

export const definitionActions = {
  /** Whoever reads a definition may propose another one; who may approve is policy's. */
  'definition.propose': ['member'],
  /** Once it is approved and its source does not take it. */
  'definition.withdraw': ['requester', 'owner', 'admin'],
} as const satisfies ActionTable;

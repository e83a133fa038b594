import type { ActionTable } from '../authority/authority.js';

export const subscriptionActions = {
  /** For oneself, and for a channel one writes in. */
  'subscription.set': ['member'],
} as const satisfies ActionTable;

import type { ActionTable } from '../authority/authority.js';

export const definitionActions = {
  /** Whoever reads a definition may propose another one; who may approve is policy's. */
  'definition.propose': ['member'],
} as const satisfies ActionTable;

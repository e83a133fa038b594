import type { ActionTable } from '../authority/authority.js';

export const answerActionsTable = {
  'answer.ask': ['anyone', 'operator'],
  'answer.rate': ['member'],
  'alias.decide': ['owner', 'admin'],
  'gap.move': ['owner', 'data-team', 'admin', 'operator'],
} as const satisfies ActionTable;

import type { Kysely } from 'kysely';
import * as foundation from './0001-foundation.js';
import * as catalog from './0002-catalog.js';
import * as answers from './0003-answers.js';
import * as approvals from './0004-approvals.js';
import * as access from './0005-access.js';
import * as backfills from './0006-backfills.js';
import * as incidents from './0007-incidents.js';
import * as definitions from './0008-definitions.js';
import * as auditRetentionAndOnCall from './0009-audit-retention-and-on-call.js';
import * as governance from './0012-governance.js';
import * as llmBudget from './0013-llm-budget.js';
import * as noticesAndConfirmations from './0014-notices-and-confirmations.js';
import * as liveUpdates from './0015-live-updates.js';
import * as incidentFollowThrough from './0016-incident-follow-through.js';
import * as codeChanges from './0017-code-changes.js';
import * as alertGroupSeverity from './0018-alert-group-severity.js';
import * as ticketTrouble from './0019-ticket-trouble.js';

export interface MigrationModule {
  up: (db: Kysely<unknown>) => Promise<void>;
}

/** Forward only, in this order. The number is the database's level. */
export const migrations: readonly { level: number; name: string; migration: MigrationModule }[] = [
  { level: 1, name: '0001-foundation', migration: foundation },
  { level: 2, name: '0002-catalog', migration: catalog },
  { level: 3, name: '0003-answers', migration: answers },
  { level: 4, name: '0004-approvals', migration: approvals },
  { level: 5, name: '0005-access', migration: access },
  { level: 6, name: '0006-backfills', migration: backfills },
  { level: 7, name: '0007-incidents', migration: incidents },
  { level: 8, name: '0008-definitions', migration: definitions },
  { level: 9, name: '0009-audit-retention-and-on-call', migration: auditRetentionAndOnCall },
  { level: 12, name: '0012-governance', migration: governance },
  { level: 13, name: '0013-llm-budget', migration: llmBudget },
  { level: 14, name: '0014-notices-and-confirmations', migration: noticesAndConfirmations },
  { level: 15, name: '0015-live-updates', migration: liveUpdates },
  { level: 16, name: '0016-incident-follow-through', migration: incidentFollowThrough },
  { level: 17, name: '0017-code-changes', migration: codeChanges },
  { level: 18, name: '0018-alert-group-severity', migration: alertGroupSeverity },
  { level: 19, name: '0019-ticket-trouble', migration: ticketTrouble },
];

/** The level this code was written for. */
export const currentLevel = migrations.at(-1)?.level ?? 0;

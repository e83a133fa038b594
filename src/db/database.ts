import type { Kysely, Transaction } from 'kysely';
import type { AccessTables } from '../access/tables.js';
import type { AnswerTables } from '../answers/tables.js';
import type { ApprovalTables } from '../approvals/tables.js';
import type { BackfillTables } from '../backfills/tables.js';
import type { CatalogTables } from '../catalog/tables.js';
import type { DefinitionTables } from '../definitions/tables.js';
import type { IncidentTables } from '../incidents/tables.js';
import type { NoticeTables } from '../notices/tables.js';
import type { ReleaseTables } from '../releases/tables.js';
import type { SubscriptionTables } from '../subscriptions/tables.js';
import type { FoundationTables } from './foundation-tables.js';

/** Every table of Steward's own database, one interface per migration family. */
export interface Database
  extends FoundationTables,
    CatalogTables,
    AnswerTables,
    ApprovalTables,
    AccessTables,
    BackfillTables,
    IncidentTables,
    DefinitionTables,
    NoticeTables,
    SubscriptionTables,
    ReleaseTables {}

export type Db = Kysely<Database>;
/** A running transaction. Domain functions that must be atomic with their caller take one of these. */
export type Trx = Transaction<Database>;

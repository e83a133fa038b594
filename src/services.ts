import type { Logger } from 'pino';
import type { Warehouses } from './access/warehouses.js';
import type { QuestionLog } from './answers/learning/question-log.js';
import type { Approvals } from './approvals/approvals.js';
import type { TicketLookup } from './approvals/ticket.js';
import type { Authority } from './authority/authority.js';
import type { Executors } from './backfills/executors/open.js';
import type { CatalogStore } from './catalog/store.js';
import type { StewardConfig } from './config/steward-schema.js';
import type { Clock } from './db/clock.js';
import type { Db } from './db/database.js';
import type { GrantSuspension } from './incidents/grant-suspension.js';
import type { Model } from './llm/model.js';
import type { Directory } from './people/directory.js';

/** What domain functions are made with. Wired once in src/app.ts; tests make their own. */
export interface Services {
  db: Db;
  clock: Clock;
  log: Logger;
  config: StewardConfig;
  authority: Authority;
  directory: Directory;
  catalog: CatalogStore;
  /** The one approval engine; src/app.ts makes it with every kind of subject. */
  approvals: Approvals;
  /** Who runs backfills: every entry of `executors` in steward.yml, opened once per process (src/backfills/executors/open.ts). */
  executors: Executors;
  /** Where access is given: every entry of `warehouses` in steward.yml, opened when it is first needed (src/access/warehouses.ts). */
  warehouses: Warehouses;
  /** Whether a ticket that a request names is there. */
  tickets: TicketLookup;
  /** Holds back what was granted on a dataset while a data exposure is looked into (src/access/hold.ts). */
  suspension: GrantSuspension;
  /** Keeps what was asked, in batches; answering never waits for it. */
  questions: QuestionLog;
  /** The Redis of REDIS_URL; absent without one, and on the command line, which hands out no work. */
  redis?: { ping: () => Promise<void> };
  /** The language model, or null: every feature works without one. */
  model: Model | null;
  /** Reads a secret that steward.yml names as `{env: NAME}`. */
  secret: (name: string) => string | undefined;
}

import { pino } from 'pino';
import { makeGrantSuspension } from '../../src/access/hold.js';
import { makeWarehouses, type Warehouses } from '../../src/access/warehouses.js';
import { makeQuestionLog } from '../../src/answers/learning/question-log.js';
import type { TicketLookup } from '../../src/approvals/ticket.js';
import { type ActionTable, makeAuthority } from '../../src/authority/authority.js';
import { makeRoleWords } from '../../src/authority/role-words.js';
import { type Executors, openExecutors } from '../../src/backfills/executors/open.js';
import type { SourceSnapshot } from '../../src/catalog/asset.js';
import { buildIndex } from '../../src/catalog/search/build-index.js';
import { makeCatalog } from '../../src/catalog/snapshot.js';
import type { LoadedCatalog } from '../../src/catalog/store.js';
import { type StewardConfig, stewardConfig } from '../../src/config/steward-schema.js';
import { makeManualClock } from '../../src/db/clock.js';
import { makeDirectory } from '../../src/people/make-directory.js';
import { syncPeople } from '../../src/people/sync-people.js';
import type { Services } from '../../src/services.js';
import type { TestDatabase } from './database.js';

export interface TestServices extends Services {
  clock: ReturnType<typeof makeManualClock>;
  /** Uuid of a person of the configuration, by e-mail. */
  personId: (email: string) => Promise<string>;
}

export interface TestServicesParams {
  /** The engine with the subjects under test. Without it, using `services.approvals` throws. */
  approvals?: (services: Services) => Services['approvals'];
  database: TestDatabase;
  /** As in steward.yml, before the schema's defaults. */
  config?: Record<string, unknown>;
  /** Source name to what it holds. */
  catalog?: Record<string, SourceSnapshot>;
  now?: Date;
  actions?: readonly ActionTable[];
  secrets?: Record<string, string>;
  /** Default: opened from the configuration, with no way to any warehouse. */
  executors?: Executors;
  /** Default: made from the configuration and `secrets`. */
  warehouses?: Warehouses;
  /** Default: no ticket system answers. */
  tickets?: TicketLookup;
}

/** A Monday morning in working hours, so that tests do not depend on the day they run. */
export const testMorning = new Date('2026-03-02T10:00:00Z');

/** Real services over a real database: people synced from the configuration, a clock that stands still. */
export async function makeTestServices(params: TestServicesParams): Promise<TestServices> {
  const config: StewardConfig = stewardConfig.parse(params.config ?? {});
  const clock = makeManualClock(params.now ?? testMorning);
  const directory = makeDirectory(config);
  await syncPeople(params.database.db, config, clock.now());
  const loaded = loadedCatalog(params.catalog ?? {});
  const services: TestServices = {
    db: params.database.db,
    clock,
    log: pino({ level: process.env.LOG_LEVEL ?? 'silent' }),
    config,
    authority: makeAuthority(params.actions ?? [], makeRoleWords(config)),
    directory,
    catalog: { current: () => loaded },
    secret: (name) => params.secrets?.[name],
    questions: makeQuestionLog({ db: params.database.db, log: pino({ level: 'silent' }) }),
    model: null,
    tickets: params.tickets ?? (async () => 'unknown'),
    warehouses:
      params.warehouses ??
      makeWarehouses(
        { config, clock, secret: (name) => params.secrets?.[name] },
        { fetch: globalThis.fetch },
      ),
    executors:
      params.executors ??
      openExecutors(config, {
        fetch: globalThis.fetch,
        secret: (name) => params.secrets?.[name],
        baseDir: process.cwd(),
        warehouseUrl: (name) => {
          throw new Error(`no warehouse ${name} in this test`);
        },
        now: () => clock.now(),
      }),
    personId: async (email) => {
      const person = await directory.byEmail(params.database.db, email);
      if (!person) throw new Error(`no ${email} in the test configuration`);
      return person.id;
    },
    get suspension(): Services['suspension'] {
      return makeGrantSuspension(services);
    },
    get approvals(): Services['approvals'] {
      throw new Error('this test made its services without an approval engine');
    },
  };
  if (params.approvals) Object.defineProperty(services, 'approvals', { value: params.approvals(services) });
  return services;
}

function loadedCatalog(catalog: Record<string, SourceSnapshot>): LoadedCatalog {
  const view = makeCatalog(
    Object.entries(catalog).map(([source, snapshot]) => ({ source, type: 'test', snapshot })),
  );
  return { version: view.version, view, index: buildIndex(view.assets()), syncedAt: null };
}

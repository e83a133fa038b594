import { makeApprovals } from '../../src/approvals/make-approvals.js';
import { loadPolicy } from '../../src/approvals/policy/policy-store.js';
import { scheduleActor } from '../../src/audit/record.js';
import { backfillActions } from '../../src/backfills/authority.js';
import { type Executors, openExecutors } from '../../src/backfills/executors/open.js';
import { type BackfillWish, type Requested, requestBackfill } from '../../src/backfills/request.js';
import { makeBackfillSubject } from '../../src/backfills/subject.js';
import type { SourceSnapshot } from '../../src/catalog/asset.js';
import { incidentActions } from '../../src/incidents/authority.js';
import type { Person } from '../../src/people/person.js';
import { makeEmptyDatabase, makeTestDatabase, type TestDatabase } from '../helpers/database.js';
import { makeTestServices, type TestServices } from '../helpers/services.js';
import { baseConfig, noon, ordersCatalog, policyText } from './company.js';
import { fillWarehouse, ordersSql } from './warehouse.js';

export interface World {
  database: TestDatabase;
  services: TestServices;
  warehouseUrl: string;
  person: (name: string) => Promise<Person>;
  ask: (name: string, wish?: Partial<BackfillWish>, key?: string) => Promise<Requested>;
}

export interface WorldParams {
  config?: Record<string, unknown>;
  pipelines?: Record<string, { sql: string; dependsOnPast?: boolean }>;
  executor?: Record<string, unknown>;
  executors?: Executors;
  catalog?: SourceSnapshot;
  policy?: string;
  now?: Date;
}

/** Services over a real database and a real warehouse, with people, a policy and one pipeline. */
export async function makeWorld(params: WorldParams = {}): Promise<World> {
  const database = await makeTestDatabase();
  const warehouse = await makeEmptyDatabase();
  await fillWarehouse(warehouse.adminUrl);
  const config = {
    ...baseConfig,
    executors: [
      {
        name: 'warehouse',
        type: 'postgres',
        warehouse: 'main',
        pipelines: params.pipelines ?? { orders_daily: { sql: ordersSql } },
        ...params.executor,
      },
    ],
    ...params.config,
  };
  const executors =
    params.executors ??
    openExecutors(config as never, {
      fetch: globalThis.fetch,
      secret: () => undefined,
      baseDir: process.cwd(),
      warehouseUrl: () => warehouse.adminUrl,
      now: () => new Date(),
    });
  const services = await makeTestServices({
    database,
    config,
    catalog: { shop: params.catalog ?? ordersCatalog() },
    now: params.now ?? noon,
    actions: [backfillActions, incidentActions],
    executors,
    approvals: (made) => makeApprovals(made, { subjects: { backfill: makeBackfillSubject(made) } }),
  });
  await loadPolicy(services, async () => [{ path: 'policy.yml', text: params.policy ?? policyText }], {
    actor: scheduleActor,
    now: services.clock.now(),
  });
  let count = 0;
  const person = async (name: string): Promise<Person> => {
    const found = await services.directory.byEmail(database.db, `${name}@lab.example`);
    if (found === null) throw new Error(`no ${name} in the test company`);
    return found;
  };
  return {
    database,
    services,
    warehouseUrl: warehouse.adminUrl,
    person,
    async ask(name, wish = {}, key = `form-${++count}`) {
      const asking = await person(name);
      return requestBackfill(services, {
        wish: {
          pipeline: 'orders_daily',
          window: 'last 3 days',
          reprocess: 'all',
          direction: 'forward',
          concurrency: 2,
          reason: 'Late orders came in',
          ...wish,
        },
        person: asking,
        actor: { personId: asking.id, kind: 'person', channel: 'slack' },
        requestKey: key,
        now: services.clock.now(),
      });
    },
  };
}

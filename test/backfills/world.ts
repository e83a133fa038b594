import { makeApprovals } from '../../src/approvals/make-approvals.js';
import { loadPolicy } from '../../src/approvals/policy/policy-store.js';
import { scheduleActor } from '../../src/audit/record.js';
import { backfillActions } from '../../src/backfills/authority.js';
import { type Executors, openExecutors } from '../../src/backfills/executors/open.js';
import { type BackfillWish, type Requested, requestBackfill } from '../../src/backfills/request.js';
import { makeBackfillSubject } from '../../src/backfills/subject.js';
import type { AssetDraft, SourceSnapshot } from '../../src/catalog/asset.js';
import type { Person } from '../../src/people/person.js';
import { makeEmptyDatabase, makeTestDatabase, type TestDatabase } from '../helpers/database.js';
import { makeTestServices, type TestServices } from '../helpers/services.js';
import { fillWarehouse, ordersSql } from './warehouse.js';

export const noon = new Date('2026-11-21T12:00:00Z');

export function asset(
  draft: Partial<AssetDraft> & Pick<AssetDraft, 'sourceId' | 'name' | 'kind'>,
): AssetDraft {
  return {
    description: '',
    synonyms: [],
    dimensions: [],
    filters: [],
    caveats: [],
    owners: [],
    certified: false,
    status: 'active',
    classification: [],
    tags: [],
    columns: [],
    context: [],
    meta: {},
    provenance: {},
    ...draft,
  };
}

/** orders_daily (a mart with a pipeline), the metric and the board dashboard built from it. */
export function ordersCatalog(): SourceSnapshot {
  return {
    assets: [
      asset({
        sourceId: 'model.shop.orders_daily',
        kind: 'model',
        name: 'orders_daily',
        tier: 2,
        domain: 'sales',
        owners: [{ email: 'ona@lab.example' }],
        relation: 'shop.marts.orders_daily',
        executor: { name: 'warehouse', pipeline: 'orders_daily' },
        partition: { grain: 'day', column: 'day', timeZone: 'UTC', retentionDays: 365 },
      }),
      asset({
        sourceId: 'model.shop.orders_old',
        kind: 'model',
        name: 'orders_old',
        status: 'deprecated',
        successor: 'orders_daily',
        executor: { name: 'warehouse', pipeline: 'orders_old' },
        partition: { grain: 'day', column: 'day', timeZone: 'UTC' },
      }),
      asset({
        sourceId: 'metric.shop.revenue',
        kind: 'metric',
        name: 'revenue',
        tier: 1,
        owners: [{ email: 'rita@lab.example' }],
      }),
      asset({
        sourceId: 'exposure.shop.board',
        kind: 'exposure',
        name: 'Board dashboard',
        tier: 1,
        owners: [{ email: 'rita@lab.example' }],
      }),
      asset({
        sourceId: 'model.shop.salaries_daily',
        kind: 'model',
        name: 'salaries_daily',
        tags: ['hidden'],
        executor: { name: 'warehouse', pipeline: 'orders_daily' },
        partition: { grain: 'day', column: 'day', timeZone: 'UTC' },
      }),
    ],
    edges: [
      { from: 'model.shop.orders_daily', to: 'metric.shop.revenue', kind: 'measures' },
      { from: 'metric.shop.revenue', to: 'exposure.shop.board', kind: 'exposes' },
    ],
    signals: [],
    warnings: [],
    info: {},
  };
}

export const policyText = `
version: 1
rules:
  - name: not-the-board
    kind: backfill
    when: { facts: { partitions: { atLeast: 50 } } }
    deny: More than 49 partitions at once is for the quarterly rebuild.
  - name: small-and-safe
    kind: backfill
    when: { facts: { partitions: { atMost: 5 }, windowAgeDays: { atMost: 35 } } }
    autoApprove: Few and recent partitions.
  - name: owner-says
    kind: backfill
    stages: [{ name: Owner, from: [owner] }]
`;

export const baseConfig = {
  people: [
    { email: 'rita@lab.example', name: 'Rita', slack: 'U0RITA', teams: ['growth'] },
    { email: 'ona@lab.example', name: 'Ona', slack: 'U0ONA', teams: ['data'] },
    { email: 'gus@lab.example', name: 'Gus', slack: 'U0GUS', teams: ['growth'] },
    { email: 'ada@lab.example', name: 'Ada', slack: 'U0ADA', teams: [] },
  ],
  teams: [{ id: 'growth' }, { id: 'data' }],
  authority: { admins: ['ada@lab.example'], dataTeam: ['data'] },
  slack: { channels: { backfills: 'C0BACKFILL', approvals: 'C0APPROVE' } },
  catalog: { visibility: [{ match: { tag: 'hidden' }, teams: ['data'], otherwise: 'hidden' }] },
};

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
    actions: [backfillActions],
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

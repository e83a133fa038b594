import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll } from 'vitest';
import { makeEmptyDatabase, makeTestDatabase, type TestDatabase } from '../../test/helpers/database.js';
import { makeTestServices, type TestServices } from '../../test/helpers/services.js';
import { makeApprovals } from '../approvals/make-approvals.js';
import { loadPolicy } from '../approvals/policy/policy-store.js';
import type { Actor } from '../audit/record.js';
import type { AssetDraft } from '../catalog/asset.js';
import { usesOfLogin } from '../catalog/usage-signal.js';
import { embeddedWarehouseSecret } from '../config/warehouse-address.js';
import type { Person } from '../people/person.js';
import { applyRequest } from './apply.js';
import { accessActions } from './authority.js';
import { expireAccess, startAccess, warnBeforeEnd } from './end-access.js';
import { type RequestAccess, requestAccess } from './request-access.js';
import { makeAccessSubject, makeExtensionSubject } from './subject.js';

/** For tests of access: a company, a real PostgreSQL warehouse with people who log in to it, and the product's own work loop. */
export interface AccessFixture {
  services: TestServices;
  database: TestDatabase;
  /** Superuser of the warehouse, to look behind and to break things. */
  warehouse: pg.Client;
  assetId: (name: string) => string;
  person: (name: string) => Promise<Person>;
  actor: (name: string) => Promise<Actor>;
  ask: (
    name: string,
    over?: Partial<RequestAccess> & { dataset?: string },
  ) => Promise<{ requestId: string; number: number; state: string }>;
  approve: (requestId: string, ...names: string[]) => Promise<void>;
  /** Does the work that is due by the clock, timers and warehouse alike. */
  work: () => Promise<void>;
  row: (requestId: string) => Promise<{
    state: string;
    ended_how: string | null;
    ends_at: Date | null;
    trouble: string | null;
    remains: unknown;
    ended_reason: string | null;
  }>;
  /** Whether that person can read, logged in to the warehouse as themselves. */
  canRead: (name: string, sql?: string) => Promise<boolean>;
}

const policy = `
version: 1
rules:
  - name: pii
    kind: access
    when: { classification: pii, extension: false }
    limits: { maxDuration: 30d }
    extend: { withoutApproval: { atMost: 7d, times: 1 } }
    breakGlass: { teams: [analytics], levels: [read], maxMinutes: 60, review: governance }
    stages: [{ name: Owner, from: [owner] }, { name: Governance, from: [{ team: governance }] }]
  - name: longer
    kind: access
    when: { extension: true }
    stages: [{ name: Owner, from: [owner] }]
  - name: open
    kind: access
    autoApprove: Nothing personal in it.
`;

function draft(name: string, over: Partial<AssetDraft> = {}): AssetDraft {
  return {
    sourceId: `model.${name}`,
    kind: 'model',
    name,
    description: '',
    synonyms: [],
    dimensions: [],
    filters: [],
    caveats: [],
    owners: [{ email: 'owen@example.com' }],
    certified: false,
    status: 'active',
    classification: [],
    warehouse: 'main',
    relation: `finance.${name}`,
    tags: [],
    columns: [],
    context: [],
    meta: {},
    provenance: {},
    ...over,
  };
}

const column = (name: string, classification: string[] = []) => ({
  name,
  description: '',
  tags: [],
  classification,
  meta: {},
});

/** `more` adds keys of steward.yml; `robo` has a login in the warehouse that they may use; `sheet` lies in the warehouse `byhand`. */
export async function makeAccessFixture(
  policyText = policy,
  more: (login: (name: string) => string) => Record<string, unknown> = () => ({}),
  secrets: Record<string, string> = {},
): Promise<AccessFixture> {
  const database = await makeTestDatabase();
  const empty = await makeEmptyDatabase('access');
  const suffix = randomBytes(4).toString('hex');
  const names = ['maya', 'owen', 'gina', 'sven', 'leo', 'robo'];
  const login = (name: string) => `${name}_${suffix}`;
  const provisioner = `prov_${suffix}`;
  const warehouse = new pg.Client({ connectionString: empty.adminUrl });
  await warehouse.connect();
  await warehouse.query(`
    create role ${provisioner} login password 'p';
    ${names.map((name) => `create role ${login(name)} login password 'x'; grant connect on database ${empty.name} to ${login(name)};`).join('\n')}
    create schema finance authorization ${provisioner};
    set role ${provisioner};
    create table finance.payouts (amount int, account text);
    create table finance.calendar (day date);
    create view finance.payouts_masked as select amount from finance.payouts;
    reset role;
  `);
  const url = (user: string, password: string): string => {
    const changed = new URL(empty.adminUrl);
    changed.username = user;
    changed.password = password;
    return changed.href;
  };
  afterAll(async () => {
    await services.warehouses.close();
    await warehouse.query(
      `drop schema if exists finance cascade; drop owned by ${provisioner}, ${names.map(login).join(', ')}; drop role ${provisioner}, ${names.map(login).join(', ')}`,
    );
    await warehouse.end();
  });
  const services: TestServices = await makeTestServices({
    database,
    actions: [accessActions],
    config: {
      people: names.map((name) => ({
        email: `${name}@example.com`,
        name: name.charAt(0).toUpperCase() + name.slice(1),
        slack: `U0${name.toUpperCase()}`,
        teams:
          name === 'gina'
            ? ['governance']
            : name === 'sven'
              ? ['security']
              : name === 'maya'
                ? ['analytics']
                : [],
        warehouse: name === 'leo' ? {} : { main: login(name) },
      })),
      teams: [{ id: 'governance' }, { id: 'security' }, { id: 'analytics' }],
      authority: { admins: ['gina@example.com'], governance: ['governance'], security: ['security'] },
      warehouses: [
        { name: 'main', type: 'postgres', embedded: true },
        { name: 'byhand', type: 'manual', team: 'governance' },
      ],
      ...more(login),
    },
    catalog: {
      dbt: {
        assets: [
          draft('payouts', {
            columns: [column('amount'), column('account', ['pii'])],
            meta: { masked_relation: 'finance.payouts_masked' },
          }),
          draft('calendar'),
          draft('gone', {}),
          draft('sheet', { warehouse: 'byhand' }),
        ],
        edges: [],
        // A query log knows when Sven last read payouts, and nothing of anybody else.
        signals: [
          {
            sourceId: 'model.payouts',
            type: 'usage',
            name: usesOfLogin(login('sven').toUpperCase()),
            status: 'pass',
            observedAt: '2026-02-20T00:00:00Z',
            value: 3,
          },
        ],
        warnings: [],
        info: {},
      },
    },
    secrets: { ...secrets, [embeddedWarehouseSecret]: url(provisioner, 'p') },
    approvals: (made) =>
      makeApprovals(made, {
        subjects: { access: makeAccessSubject(made), 'access-extension': makeExtensionSubject(made) },
      }),
  });
  await loadPolicy(services, async () => [{ path: 'access.yml', text: policyText }], {
    actor: { personId: null, kind: 'system', channel: 'cli' },
    now: services.clock.now(),
  });
  const assetId = (name: string): string => {
    const found = services.catalog.current().view.bySourceId(`model.${name}`);
    if (!found) throw new Error(`no ${name}`);
    return found.id;
  };
  const person = async (name: string): Promise<Person> => {
    const found = await services.directory.byEmail(services.db, `${name}@example.com`);
    if (!found) throw new Error(`no ${name}`);
    return found;
  };
  const actor = async (name: string): Promise<Actor> => ({
    personId: (await person(name)).id,
    kind: 'person',
    channel: 'slack',
  });

  async function runDue(): Promise<boolean> {
    const now = services.clock.now();
    const row = await services.db
      .selectFrom('outbox')
      .selectAll()
      .where('kind', 'like', 'a%')
      .where('state', '=', 'pending')
      .where('run_at', '<=', now)
      .orderBy('run_at')
      .orderBy('id')
      .executeTakeFirst();
    if (!row) return false;
    const payload = row.payload as { requestId: string; stage: number; endsAt: string };
    const { requestId } = payload;
    let again: Date | null = null;
    await services.db
      .updateTable('outbox')
      .set({ state: 'done', finished_at: now })
      .where('id', '=', row.id)
      .execute();
    if (row.kind === 'access.apply')
      again = await applyRequest(services, { requestId, now, signal: new AbortController().signal });
    else if (row.kind === 'access.start') again = await startAccess(services, { requestId, now });
    else if (row.kind === 'access.expire') again = await expireAccess(services, { requestId, now });
    else if (row.kind === 'access.warn')
      await warnBeforeEnd(services, { requestId, endsAt: new Date(payload.endsAt), now });
    else if (row.kind === 'approval.expire') await services.approvals.expire({ requestId, now });
    if (again)
      await services.db
        .updateTable('outbox')
        .set({ state: 'pending', run_at: again, finished_at: null })
        .where('id', '=', row.id)
        .execute();
    return true;
  }

  return {
    services,
    database,
    warehouse,
    assetId,
    person,
    actor,
    ask: async (name, over = {}) => {
      const { dataset = 'payouts', ...rest } = over;
      const results = await requestAccess(services, {
        person: await person(name),
        actor: await actor(name),
        assetIds: [assetId(dataset)],
        level: 'read',
        columns: [],
        reason: 'to answer a question',
        durationMs: 7 * 86_400_000,
        viewId: null,
        now: services.clock.now(),
        ...rest,
      });
      const first = results[0];
      if (!first?.ok) throw first?.error ?? new Error('nothing was asked');
      return { requestId: first.requestId, number: first.number, state: first.state };
    },
    approve: async (requestId, ...approvers) => {
      const approval = await services.db
        .selectFrom('approval_request')
        .select('id')
        .where('subject_id', '=', requestId)
        .executeTakeFirstOrThrow();
      for (const name of approvers) {
        await services.approvals.decide({
          requestId: approval.id,
          personId: (await person(name)).id,
          actor: await actor(name),
          verdict: 'approve',
          reason: null,
          now: services.clock.now(),
        });
      }
    },
    work: async () => {
      for (let step = 0; step < 100 && (await runDue()); step += 1);
    },
    row: (requestId) =>
      services.db
        .selectFrom('access_request')
        .select(['state', 'ended_how', 'ends_at', 'trouble', 'remains', 'ended_reason'])
        .where('id', '=', requestId)
        .executeTakeFirstOrThrow(),
    canRead: async (name, sql = 'select amount from finance.payouts') => {
      const client = new pg.Client({ connectionString: url(login(name), 'x') });
      await client.connect();
      try {
        await client.query(sql);
        return true;
      } catch {
        return false;
      } finally {
        await client.end();
      }
    },
  };
}

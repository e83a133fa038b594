import { makeApprovals } from '../../src/approvals/make-approvals.js';
import { loadPolicy } from '../../src/approvals/policy/policy-store.js';
import { scheduleActor } from '../../src/audit/record.js';
import type { AssetDraft, EdgeDraft, SourceSnapshot } from '../../src/catalog/asset.js';
import { newAsset } from '../../src/catalog/new-asset.js';
import { actionTables, makeSubjects } from '../../src/runtime/engines.js';
import { makeTestDatabase } from '../helpers/database.js';
import { makeTestServices, type TestServices } from '../helpers/services.js';

/** Words that stand nowhere but in what is restricted: wherever one of them shows, something leaked. */
export const canaries = {
  hidden: [
    'wagebill',
    'Wage bill',
    'salary mass',
    'zebra cost',
    'wage_board',
    'Wage board',
    'fct_wages',
    'kestrel',
  ],
  /** Of what must be requested: all but name, purpose (the first sentence) and owner. */
  requestable: ['osprey', 'heron_column', 'sum(heron)', 'egret caveat', 'margin alias', 'bi.example/ibis'],
} as const;

const by = (email: string) => ({ owners: [{ email }], tier: 1, domain: 'money' });

const open: AssetDraft[] = [
  newAsset(
    { sourceId: 'source.shop.payments', kind: 'source', name: 'payments' },
    { ...by('olga@example.com'), relation: 'shop.raw.payments', description: 'Payments as they come in.' },
  ),
  newAsset(
    { sourceId: 'model.shop.fct_orders', kind: 'model', name: 'fct_orders' },
    {
      ...by('olga@example.com'),
      relation: 'shop.marts.fct_orders',
      warehouse: 'warehouse',
      description: 'One row per order.',
      executor: { name: 'runner', pipeline: 'fct_orders' },
      partition: { grain: 'day', column: 'day', timeZone: 'UTC' },
    },
  ),
  newAsset(
    { sourceId: 'metric.shop.revenue', kind: 'metric', name: 'revenue' },
    {
      ...by('olga@example.com'),
      label: 'Revenue',
      description: 'Money of orders paid.',
      tags: ['board-metric'],
    },
  ),
  newAsset(
    { sourceId: 'metric.shop.unit_cost', kind: 'metric', name: 'unit_cost' },
    { label: 'Unit cost', description: 'Cost of one order.', domain: 'money' },
  ),
  newAsset(
    { sourceId: 'exposure.shop.sales_board', kind: 'exposure', name: 'sales_board' },
    { ...by('olga@example.com'), label: 'Sales board', url: 'https://bi.example/sales' },
  ),
];

const hidden: AssetDraft[] = [
  newAsset(
    { sourceId: 'model.shop.fct_wages', kind: 'model', name: 'fct_wages' },
    {
      ...by('hugo@example.com'),
      tags: ['hr'],
      relation: 'shop.marts.fct_wages',
      warehouse: 'warehouse',
      description: 'Wages, kestrel.',
      executor: { name: 'runner', pipeline: 'fct_wages' },
      partition: { grain: 'day', column: 'day', timeZone: 'UTC' },
      columns: [{ name: 'kestrel_id', description: '', tags: [], classification: ['pii'], meta: {} }],
    },
  ),
  newAsset(
    { sourceId: 'metric.shop.wagebill', kind: 'metric', name: 'wagebill' },
    {
      ...by('hugo@example.com'),
      tags: ['hr'],
      label: 'Wage bill',
      description: 'Zebra cost of all who work here, kestrel.',
      synonyms: ['salary mass', 'zebra cost'],
      url: 'https://bi.example/wagebill',
    },
  ),
  newAsset(
    { sourceId: 'exposure.shop.wage_board', kind: 'exposure', name: 'wage_board' },
    { ...by('hugo@example.com'), tags: ['hr'], label: 'Wage board', url: 'https://bi.example/wages' },
  ),
];

const requestable: AssetDraft[] = [
  newAsset(
    { sourceId: 'metric.shop.margin', kind: 'metric', name: 'margin' },
    {
      ...by('olga@example.com'),
      tags: ['closed'],
      label: 'Margin',
      description: 'What is left of an order. In detail: osprey.',
      synonyms: ['margin alias'],
      caveats: ['egret caveat'],
      url: 'https://bi.example/ibis',
      formula: { type: 'simple', expression: 'sum(heron)', inputs: [] },
      columns: [{ name: 'heron_column', description: '', tags: [], classification: [], meta: {} }],
    },
  ),
];

const edge = (from: string, to: string, kind: EdgeDraft['kind'] = 'upstream'): EdgeDraft => ({
  from,
  to,
  kind,
});
const openEdges = [
  edge('source.shop.payments', 'model.shop.fct_orders'),
  edge('model.shop.fct_orders', 'metric.shop.revenue', 'measures'),
  edge('metric.shop.revenue', 'exposure.shop.sales_board', 'exposes'),
  edge('model.shop.fct_orders', 'metric.shop.margin', 'measures'),
];
const hiddenEdges = [
  edge('source.shop.payments', 'model.shop.fct_wages'),
  edge('model.shop.fct_wages', 'metric.shop.wagebill', 'measures'),
  edge('metric.shop.wagebill', 'exposure.shop.wage_board', 'exposes'),
  edge('metric.shop.revenue', 'exposure.shop.wage_board', 'exposes'),
  edge('model.shop.fct_wages', 'metric.shop.revenue', 'measures'),
];

/** What the company's one source says. */
export function snapshotOf(withHidden: boolean): SourceSnapshot {
  return {
    assets: [...open, ...requestable, ...(withHidden ? hidden : [])],
    edges: [...openEdges, ...(withHidden ? hiddenEdges : [])],
    signals: [],
    warnings: [],
    info: {},
  };
}

const config = {
  people: [
    { email: 'olga@example.com', name: 'Olga', slack: 'U0OLGA', teams: ['data'] },
    { email: 'hugo@example.com', name: 'Hugo', slack: 'U0HUGO', teams: ['hr'] },
    { email: 'hana@example.com', name: 'Hana', slack: 'U0HANA', teams: ['hr'] },
    { email: 'sam@example.com', name: 'Sam', slack: 'U0SAM', teams: ['sales'] },
    { email: 'nina@example.com', name: 'Nina', slack: 'U0NINA', teams: [] },
    { email: 'adam@example.com', name: 'Adam', slack: 'U0ADAM', teams: [] },
  ],
  teams: [{ id: 'data', domains: ['money'] }, { id: 'hr' }, { id: 'sales' }],
  authority: { admins: ['adam@example.com'], dataTeam: ['data'] },
  slack: {
    audiences: [{ channel: 'C0MIXED', teams: ['hr', 'sales'] }],
    links: { own: 'https://steward.example', domains: ['bi.example'] },
  },
  catalog: {
    visibility: [
      { match: { tag: 'hr' }, teams: ['hr'], otherwise: 'hidden' },
      { match: { tag: 'closed' }, teams: ['data', 'hr'], otherwise: 'requestable' },
    ],
  },
};

/** Whoever owns it approves, in a form that everybody gets alike. */
const policy = ['definition', 'access', 'backfill']
  .map(
    (kind) =>
      `{ name: ${kind}, kind: ${kind}, stages: [{ name: Owner, from: [owner], fallback: [{ team: data }] }] }`,
  )
  .join(', ');

/** One company twice: with what is hidden, and as if it had never been there. `more` of the configuration is the same in both. */
export async function makeWorld(
  withHidden: boolean,
  more: Record<string, unknown> = {},
): Promise<TestServices> {
  const services = await makeTestServices({
    database: await makeTestDatabase(),
    config: { ...config, ...more },
    secrets: { RUNNER_SECRET: 'of-the-runner' },
    catalog: { shop: snapshotOf(withHidden) },
    actions: actionTables,
    approvals: (made) => makeApprovals(made, { subjects: makeSubjects(made) }),
  });
  await loadPolicy(
    services,
    async () => [{ path: 'policy.yml', text: `{ version: 1, rules: [${policy}] }` }],
    {
      actor: scheduleActor,
      now: services.clock.now(),
    },
  );
  return services;
}

import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { holdPort } from '../../playground/company/ports.js';
import { playManifest } from '../../playground/manifest.js';
import { type Playground, startPlayground } from '../../playground/server.js';
import { gatherRegistrations, type Steward, startSteward } from '../../src/app.js';
import { syncCatalog } from '../../src/catalog/sync.js';
import { readEnvironment } from '../../src/config/env.js';
import { parseConfig } from '../../src/config/load-config.js';
import { connectSlack } from '../../src/runtime/connect-slack.js';
import { buildManifest } from '../../src/slack/manifest.js';
import { makeLogger } from '../../src/telemetry/logger.js';
import { makeTestDatabase, type TestDatabase } from './database.js';

export interface TestSteward {
  steward: Steward;
  playground: Playground;
  database: TestDatabase;
  /** Acts as a person through the control API; answers its reply. */
  act: (action: Record<string, unknown>) => Promise<{
    ok: boolean;
    ackMs: number;
    error?: string;
    reply?: { text: string; blocks: Record<string, unknown>[] };
    view?: Record<string, unknown>;
  }>;
  messages: (where: { channel?: string; person?: string }) => Promise<
    {
      text: string;
      ts: string;
      thread_ts?: string;
      user: string;
      ephemeral_to?: string;
      blocks: unknown[];
      unfurls?: Record<string, { blocks?: unknown[] }>;
    }[]
  >;
  signingSecret: string;
  /** Of Steward's own door. */
  url: string;
  stop: () => Promise<void>;
}

const people: NonNullable<TestStewardParams['people']> = [
  { email: 'ana@acme.example', name: 'Ana', slack: 'U0ANA', teams: ['data'] },
  { email: 'ben@acme.example', name: 'Ben', slack: 'U0BEN', teams: ['sales'] },
];

/** `orders` and what counts them: a catalog small enough to read in a test. */
const defaultProject = `
version: 2
models:
  - name: fct_orders
    description: One row per order.
    columns: [{ name: order_id, description: Key. }]
metrics:
  - name: orders
    label: Orders
    description: Number of orders placed and not cancelled.
    type: simple
    type_params: { measure: order_count }
    config: { meta: { synonyms: [order count], owner: ana@acme.example, tier: 1, grain: day, caveats: [none known] } }
`;

export interface TestStewardParams {
  /** Further keys of steward.yml, as YAML. */
  config?: string;
  project?: string;
  mode?: 'http' | 'socket';
  database?: TestDatabase;
  people?: {
    email: string;
    name: string;
    slack: string;
    teams: string[];
    guest?: boolean;
    warehouse?: Record<string, string>;
  }[];
  /** Further environment: secrets that the configuration names. */
  env?: Record<string, string>;
  /** Further keys of `catalog`, as flow YAML: `visibility: [ … ]`. */
  catalog?: string;
  /** Further keys of the catalog's source, as flow YAML: `repository: { … }`. */
  source?: string;
  /** Sources beside that one, each as flow YAML: `{ type: odcs, name: contracts, path: … }`. */
  moreSources?: string[];
  /** Teams beside `data` and `sales`, or these with more to them, as YAML list items in flow style. */
  teams?: string[];
  /** Channels beside `general`. */
  channels?: { name: string; private?: boolean; members: string[] }[];
  /** Slack user groups, by handle. */
  usergroups?: { handle: string; members: string[] }[];
  /** Extra people who exist in Slack only. */
  strangers?: { name: string; guest?: boolean; bot?: boolean; foreignTeamId?: string }[];
}

/** Steward as it is served, before a stand-in for Slack that is stricter than Slack, on a real database and queue. */
export async function startTestSteward(params: TestStewardParams = {}): Promise<TestSteward> {
  // Few connections: to open one costs more than most of what a test asks over it.
  const database = params.database ?? (await makeTestDatabase({ max: 5 }));
  const dir = await mkdtemp(path.join(os.tmpdir(), 'steward-app-'));
  await writeFile(path.join(dir, 'dbt_project.yml'), 'name: acme\nversion: "1.0"\nmodel-paths: [models]\n');
  const models = path.join(dir, 'models');
  await mkdir(models, { recursive: true });
  await writeFile(path.join(models, 'schema.yml'), params.project ?? defaultProject);
  const named = params.people ?? people;
  const config = parseConfig(
    [
      'demo: true',
      `people: ${JSON.stringify(named.map(({ guest, ...person }) => ({ ...person, guest: guest ?? false })))}`,
      `teams: [${(params.teams ?? ['{ id: data }', '{ id: sales }']).join(', ')}${(params.usergroups ?? []).map(({ handle }) => `, { id: ${handle}, slackUsergroup: ${handle} }`).join('')}]`,
      `catalog: { sources: [{ type: dbt-project, name: acme, path: ${JSON.stringify(dir)}${params.source ? `, ${params.source}` : ''} }${(params.moreSources ?? []).map((one) => `, ${one}`).join('')}]${params.catalog ? `, ${params.catalog}` : ''} }`,
      params.config ?? '',
    ].join('\n'),
  );
  const loaded = { config, file: path.join(dir, 'steward.yml'), baseDir: dir };
  const log = makeLogger(process.env.LOG_LEVEL ?? 'silent');
  const now = new Date();
  await syncCatalog(
    database.db,
    config.catalog.sources,
    {
      now,
      signal: AbortSignal.timeout(30_000),
      secret: () => undefined,
      fetch: globalThis.fetch,
      baseDir: dir,
    },
    { now },
  );
  const signingSecret = randomBytes(12).toString('hex');
  const held = await holdPort(20_000 + Math.floor(Math.random() * 20_000));
  const { port } = held;
  const socket = params.mode === 'socket';
  const playground = await startPlayground({
    team: { name: 'Acme', domain: 'acme' },
    manifest: playManifest.parse(
      buildManifest(
        gatherRegistrations(),
        config,
        socket ? { socketMode: true } : { url: 'https://acme.example/slack/events' },
      ),
    ),
    people: [
      ...named.map((person) => ({
        id: person.slack,
        name: person.name.toLowerCase(),
        email: person.email,
        guest: person.guest ?? false,
      })),
      ...(params.strangers ?? []),
    ],
    teams: params.usergroups ?? [],
    channels: [
      {
        name: 'general',
        members: [
          ...named.map((person) => person.name.toLowerCase()),
          ...(params.strangers ?? []).map((one) => one.name),
          'steward',
        ],
      },
      ...(params.channels ?? []).map((channel) => ({ ...channel, members: [...channel.members, 'steward'] })),
    ],
    delivery: socket
      ? { mode: 'socket' }
      : { mode: 'http', url: `http://127.0.0.1:${port}/slack/events`, signingSecret },
  });
  const env = readEnvironment({
    PORT: String(port),
    SLACK_BOT_TOKEN: playground.botToken,
    SLACK_API_URL: playground.apiUrl,
    STEWARD_AUDIT_KEY: 'a key for tests only',
    ...(socket ? { SLACK_APP_TOKEN: playground.appToken } : { SLACK_SIGNING_SECRET: signingSecret }),
    ...(process.env.REDIS_URL ? { REDIS_URL: process.env.REDIS_URL } : {}),
    ...params.env,
  });
  const slack = await connectSlack(env, loaded.config);
  const steward = await startSteward({
    env,
    loaded,
    log,
    database: { pool: database, url: database.url, embedded: null, close: async () => undefined },
    slack,
    web: true,
    worker: true,
    queuePrefix: database.name,
    beforeListening: held.release,
  });
  const call = async (route: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(new URL(`/_play/${route}`, playground.url), {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${playground.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return answer.json();
  };
  let stopped = false;
  const stop = async (): Promise<void> => {
    if (stopped) return;
    stopped = true;
    await steward.stop();
    await playground.stop();
    await rm(dir, { recursive: true, force: true });
  };
  afterAll(stop);
  return {
    steward,
    playground,
    database,
    act: (action) => call('act', action) as ReturnType<TestSteward['act']>,
    messages: async (where) =>
      (
        (await call(`messages?${new URLSearchParams(where as Record<string, string>).toString()}`)) as {
          messages: Awaited<ReturnType<TestSteward['messages']>>;
        }
      ).messages,
    signingSecret,
    url: `http://127.0.0.1:${port}`,
    stop,
  };
}

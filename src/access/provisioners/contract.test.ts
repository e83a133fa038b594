import { createHmac, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createEmulator } from 'emulate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Asked,
  type FakeServer,
  startFakeServer,
  type Told,
} from '../../../test/backfills/fake-server.js';
import { type Prism, startPrism } from '../../../test/backfills/prism.js';
import { describeWithShared, sharedPath } from '../../../test/helpers/shared.js';
import { bigqueryProvisioner } from './bigquery/index.js';
import { databricksProvisioner } from './databricks/index.js';
import { oktaProvisioner } from './okta/index.js';
import type {
  ChangeContext,
  ProbeContext,
  Provisioner,
  ProvisionerContext,
  ProvisionerKind,
  Right,
} from './provisioner.js';
import { redshiftProvisioner } from './redshift/index.js';
import { snowflakeProvisioner } from './snowflake/index.js';
import { webhookProvisioner } from './webhook/index.js';

/**
 * Each foreign system before a stand-in with state of its own. Prism stands between and holds every request and every answer
 * against the published specification; where a vendor publishes another format, its own model is read here.
 */
const now = new Date('2026-03-02T10:00:00Z');
const signal = new AbortController().signal;
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

const context = (secrets: Record<string, string>): ProvisionerContext => ({
  name: 'w',
  secret: (name) => secrets[name],
  fetch: globalThis.fetch,
  now: () => now,
});
const change = (over: Partial<ChangeContext> = {}): ChangeContext => ({
  key: 'k1',
  now,
  until: new Date(now.getTime() + 86_400_000),
  keep: [],
  companions: [],
  signal,
  ...over,
});
const probing = (after: ProbeContext['after']): ProbeContext => ({ after, keep: [], signal });
const right = (over: Partial<Right> = {}): Right => ({
  login: 'maya@example.com',
  relation: 'main.finance.payouts',
  level: 'read',
  columns: [],
  ...over,
});

function make<Config>(
  kind: ProvisionerKind<Config>,
  config: unknown,
  secrets: Record<string, string>,
  fetch = globalThis.fetch,
): Provisioner {
  return kind.make(kind.config.parse(config), { ...context(secrets), fetch });
}

/** Grants, probes, repeats, revokes, probes: what every provisioner must be able to do. */
async function wholeLife(provisioner: Provisioner, wanted: Right = right()): Promise<void> {
  const granted = await provisioner.grant(wanted, change());
  expect(granted.statements.length).toBeGreaterThan(0);
  expect((await provisioner.probe(wanted, probing('grant'))).can).toBe(true);
  await provisioner.grant(wanted, change());
  await provisioner.revoke(wanted, change({ companions: granted.companions ?? [] }));
  await provisioner.revoke(wanted, change());
  expect((await provisioner.probe(wanted, probing('revoke'))).can).toBe(false);
}

/** Documented troubles: patience, refusal, a lost answer, nonsense. */
async function troubles(
  upstream: FakeServer,
  provisioner: Provisioner,
  normal: (asked: Asked) => Told,
): Promise<void> {
  upstream.answer(() => ({ status: 429, body: {}, headers: { 'retry-after': '7' } }));
  await expect(provisioner.grant(right(), change())).rejects.toMatchObject({
    code: 'warehouse_busy',
    retryAfterMs: 7_000,
  });
  upstream.answer(() => ({ status: 403, body: { message: 'no' } }));
  await expect(provisioner.grant(right(), change())).rejects.toMatchObject({
    code: 'warehouse_refused',
    missing: 'right',
  });
  upstream.answer(() => ({ status: 500, body: {} }));
  await expect(provisioner.grant(right(), change())).rejects.toMatchObject({ code: 'warehouse_unavailable' });
  upstream.answer(() => ({ status: 200, lost: true }));
  await expect(provisioner.grant(right(), change())).rejects.toMatchObject({ code: 'warehouse_unavailable' });
  upstream.answer(normal);
}

let upstream: FakeServer;
beforeAll(async () => {
  upstream = await startFakeServer();
});
afterAll(() => upstream.close());

async function through(spec: string[]): Promise<Prism> {
  const prism = await startPrism(spec, { upstream: upstream.url });
  afterAll(() => prism.stop());
  return prism;
}

describeWithShared(
  'specs/okta',
  'Okta, management API 2026.06.3 [A-okta] [provisioner okta: contract]',
  () => {
    const members = new Set<string>();
    const user = {
      id: '00u1',
      status: 'ACTIVE',
      profile: { login: 'maya@example.com', email: 'maya@example.com', firstName: 'Maya', lastName: 'L' },
    };
    const normal = (asked: Asked): Told => {
      if (asked.method === 'GET' && asked.path.startsWith('/api/v1/users/'))
        return { status: 200, body: user };
      if (asked.method === 'GET') return { status: 200, body: members.has('00u1') ? [user] : [] };
      if (asked.method === 'PUT') members.add('00u1');
      if (asked.method === 'DELETE') members.delete('00u1');
      return { status: 204 };
    };
    const config = (url: string, group = '00g1') => ({
      name: 'okta',
      type: 'okta',
      url,
      token: { env: 'T' },
      groups: [{ relation: '*.payouts', group }],
    });

    it('lives its whole life by the specification, and takes documented troubles for what they are', async () => {
      const prism = await through(['okta', 'management.groups-users-logs.trimmed.json']);
      upstream.answer(normal);
      await wholeLife(make(oktaProvisioner, config(prism.url), { T: 'x' }));
      expect(prism.violations()).toEqual([]);
      await troubles(upstream, make(oktaProvisioner, config(upstream.url), { T: 'x' }), normal);
    });

    it('lives its whole life against a stand-in that others wrote', async () => {
      const emulator = await createEmulator({
        service: 'okta',
        port: 0,
        seed: {
          okta: {
            users: [
              { login: 'maya@example.com', email: 'maya@example.com', first_name: 'Maya', last_name: 'L' },
            ],
            groups: [{ okta_id: '00gpayouts', name: 'payouts-readers', type: 'OKTA_GROUP' }],
          },
        },
      });
      try {
        await wholeLife(make(oktaProvisioner, config(emulator.url, '00gpayouts'), { T: 'test_token_admin' }));
      } finally {
        await emulator.close();
      }
    });
  },
);

describeWithShared(
  'specs/unity-catalog',
  'Databricks, by the open-source Unity Catalog, which stands in for the hosted API [A-databricks] [provisioner databricks: contract]',
  () => {
    const held = new Map<string, Set<string>>();
    const normal = (asked: Asked): Told => {
      const securable = asked.path.replace(/^.*\/permissions\//, '');
      const privileges = held.get(securable) ?? new Set<string>();
      held.set(securable, privileges);
      if (asked.method === 'PATCH') {
        for (const item of (asked.body as { changes: { add: string[]; remove: string[] }[] }).changes) {
          for (const privilege of item.add) privileges.add(privilege);
          for (const privilege of item.remove) privileges.delete(privilege);
        }
      }
      return {
        status: 200,
        body: {
          privilege_assignments:
            privileges.size > 0 ? [{ principal: 'maya@example.com', privileges: [...privileges] }] : [],
        },
      };
    };

    it('lives its whole life by the specification, with the prerequisites it brought taken back', async () => {
      const prism = await through(['unity-catalog', 'all.yaml']);
      upstream.answer(normal);
      await wholeLife(
        make(
          databricksProvisioner,
          { name: 'd', type: 'databricks', url: prism.url, basePath: '', token: { env: 'T' } },
          { T: 'x' },
        ),
      );
      expect(prism.violations()).toEqual([]);
      expect([...held.values()].every((privileges) => privileges.size === 0)).toBe(true);
      await troubles(
        upstream,
        make(
          databricksProvisioner,
          { name: 'd', type: 'databricks', url: upstream.url, basePath: '', token: { env: 'T' } },
          { T: 'x' },
        ),
        normal,
      );
    });
  },
);

describeWithShared(
  'specs/snowflake',
  'Snowflake, SQL API 10.10 [A-snowflake] [provisioner snowflake: contract]',
  () => {
    const roles = new Set<string>();
    const statements: string[] = [];
    const requestIds: string[] = [];
    const set = (names: string[], data: (string | null)[][]): Told => ({
      status: 200,
      body: {
        code: '090001',
        sqlState: '00000',
        message: 'Statement executed successfully.',
        statementHandle: '536fad38-b564-4dc5-9892-a4543504df6c',
        statementStatusUrl:
          'https://acme.snowflakecomputing.com/api/v2/statements/536fad38-b564-4dc5-9892-a4543504df6c',
        createdOn: 1_700_000_000_000,
        resultSetMetaData: {
          format: 'jsonv2',
          numRows: data.length,
          rowType: names.map((name) => ({
            name,
            type: 'text',
            nullable: true,
            length: 100,
            scale: 0,
            precision: 0,
          })),
        },
        data,
      },
    });
    const normal = (asked: Asked): Told => {
      const { statement } = asked.body as { statement: string };
      requestIds.push(asked.query.get('requestId') ?? '');
      statements.push(statement);
      const role = /ROLE "([^"]+)"/.exec(statement)?.[1] ?? '';
      if (/^GRANT ROLE/.test(statement)) roles.add(role);
      if (/^REVOKE ROLE/.test(statement)) roles.delete(role);
      if (/^SHOW GRANTS TO USER/.test(statement))
        return set(
          ['created_on', 'role', 'granted_to'],
          [...roles].map((one) => ['x', one, 'USER']),
        );
      return set(['status'], [['Statement executed successfully.']]);
    };
    const config = (url: string) => ({
      name: 's',
      type: 'snowflake',
      url,
      account: 'acme.eu-west-1',
      user: 'steward',
      privateKey: { env: 'K' },
      role: 'SECURITYADMIN',
    });

    it('lives its whole life by the specification; a repeated change carries the same request id', async () => {
      const prism = await through(['snowflake', 'sqlapi.yaml']);
      upstream.answer(normal);
      await wholeLife(
        make(snowflakeProvisioner, config(prism.url), { K: privateKey }),
        right({ login: 'MAYA', relation: 'MAIN.FINANCE."odd ""name"""' }),
      );
      expect(prism.violations()).toEqual([]);
      expect(statements).toContainEqual(
        expect.stringMatching(
          /^GRANT SELECT ON "MAIN"\."FINANCE"\."odd ""name""" TO ROLE "STEWARD_ODD__NAME__READ_[0-9A-F]{16}"$/,
        ),
      );
      const grants = requestIds.filter((_, index) => statements[index]?.startsWith('GRANT ROLE'));
      expect(grants[0]).toBe(grants[1]);
      const bearer = String(upstream.asked.at(-1)?.headers.authorization);
      const claims = JSON.parse(Buffer.from(bearer.split('.')[1] ?? '', 'base64url').toString());
      expect(claims).toMatchObject({
        sub: 'ACME.STEWARD',
        iss: expect.stringMatching(/^ACME\.STEWARD\.SHA256:/),
      });
      await troubles(upstream, make(snowflakeProvisioner, config(upstream.url), { K: privateKey }), normal);
    });

    it('says which of login, object or right is missing', async () => {
      upstream.answer(() => ({
        status: 422,
        body: { code: '002003', sqlState: '02000', message: "User 'MAYA' does not exist or not authorized." },
      }));
      const provisioner = make(snowflakeProvisioner, config(upstream.url), { K: privateKey });
      await expect(provisioner.grant(right(), change())).rejects.toMatchObject({ missing: 'login' });
    });
  },
);

describeWithShared(
  'specs/bigquery',
  'BigQuery, discovery document v2 [A-bigquery] [provisioner bigquery: contract]',
  () => {
    const model = () =>
      JSON.parse(readFileSync(sharedPath('specs', 'bigquery', 'bigquery.v2.discovery.json'), 'utf8')) as {
        schemas: Record<string, { properties: Record<string, unknown> }>;
      };

    it('lives its whole life by the discovery document, ends by itself, and gives way to another writer', async () => {
      const { schemas } = model();
      let policy: { etag: string; bindings: unknown[]; version?: number } = {
        etag: 'e0',
        bindings: [{ role: 'roles/owner', members: ['user:owen@example.com'] }],
      };
      let writes = 0;
      let conflictOnce = true;
      upstream.answer((asked) => {
        expect(asked.path).toMatch(
          /^\/bigquery\/v2\/projects\/main\/datasets\/finance\/tables\/payouts:(get|set)IamPolicy$/,
        );
        const body = asked.body as Record<string, Record<string, unknown>>;
        const name = asked.path.endsWith(':setIamPolicy') ? 'SetIamPolicyRequest' : 'GetIamPolicyRequest';
        expect(Object.keys(schemas[name]?.properties ?? {})).toEqual(
          expect.arrayContaining(Object.keys(body)),
        );
        if (name === 'GetIamPolicyRequest') return { status: 200, body: policy };
        const sent = body.policy as unknown as typeof policy;
        expect(Object.keys(schemas.Policy?.properties ?? {})).toEqual(
          expect.arrayContaining(Object.keys(sent)),
        );
        for (const item of sent.bindings) {
          expect(Object.keys(schemas.Binding?.properties ?? {})).toEqual(
            expect.arrayContaining(Object.keys(item as object)),
          );
        }
        if (conflictOnce) {
          conflictOnce = false;
          policy = { ...policy, etag: 'other' };
          return { status: 409, body: { error: { message: 'etag does not match' } } };
        }
        if (sent.etag !== policy.etag) return { status: 412, body: {} };
        writes += 1;
        policy = { ...sent, etag: `e${writes}` };
        return { status: 200, body: policy };
      });
      // The token end is Google's sign-in, no part of the discovery document.
      const withToken: typeof globalThis.fetch = async (url, init) => {
        if (!String(url).endsWith('/token')) return fetch(url, init);
        const form = new URLSearchParams(String(init?.body));
        expect(form.get('assertion')?.split('.')).toHaveLength(3);
        return Response.json({ access_token: 't', expires_in: 3600 });
      };
      const account = JSON.stringify({
        client_email: 's@p.iam.gserviceaccount.com',
        private_key: privateKey,
      });
      const provisioner = make(
        bigqueryProvisioner,
        {
          name: 'b',
          type: 'bigquery',
          url: upstream.url,
          tokenUrl: `${upstream.url}/token`,
          serviceAccount: { env: 'A' },
        },
        { A: account },
        withToken,
      );
      await provisioner.grant(right(), change());
      expect(policy.bindings).toContainEqual({
        role: 'roles/bigquery.dataViewer',
        members: ['user:maya@example.com'],
        condition: { title: 'steward', expression: 'request.time < timestamp("2026-03-03T10:00:00.000Z")' },
      });
      await wholeLife(provisioner);
      expect(policy.bindings).toEqual([{ role: 'roles/owner', members: ['user:owen@example.com'] }]);
    });
  },
);

describeWithShared(
  'specs/aws',
  'Redshift, service model of the Data API of 2019-12-20 [A-redshift] [provisioner redshift: contract]',
  () => {
    it('lives its whole life by the service model, with a client token per change', async () => {
      const model = JSON.parse(
        readFileSync(sharedPath('specs', 'aws', 'redshift-data-2019-12-20.service-2.json'), 'utf8'),
      ) as {
        operations: Record<string, { input: { shape: string } }>;
        shapes: Record<string, { members: Record<string, unknown>; required?: string[] }>;
      };
      let granted = false;
      const sql = new Map<string, string>();
      upstream.answer((asked) => {
        const operation = String(asked.headers['x-amz-target']).replace('RedshiftData.', '');
        const shape = model.shapes[model.operations[operation]?.input.shape ?? ''];
        const body = asked.body as Record<string, string>;
        expect(Object.keys(shape?.members ?? {})).toEqual(expect.arrayContaining(Object.keys(body)));
        expect(Object.keys(body)).toEqual(expect.arrayContaining(shape?.required ?? []));
        expect(asked.headers.authorization).toMatch(
          /^AWS4-HMAC-SHA256 Credential=AKID\/20260302\/eu-west-1\/redshift-data\/aws4_request/,
        );
        if (operation === 'ExecuteStatement') {
          expect(body.ClientToken?.length).toBe(64);
          const id = String(sql.size + 1);
          sql.set(id, body.Sql ?? '');
          if (/^GRANT SELECT/.test(body.Sql ?? '')) granted = true;
          if (/^REVOKE SELECT/.test(body.Sql ?? '')) granted = false;
          return { status: 200, body: { Id: id } };
        }
        if (operation === 'DescribeStatement')
          return { status: 200, body: { Id: body.Id, Status: 'FINISHED', HasResultSet: true } };
        return { status: 200, body: { Records: [[{ booleanValue: granted }]] } };
      });
      const provisioner = make(
        redshiftProvisioner,
        {
          name: 'r',
          type: 'redshift',
          region: 'eu-west-1',
          database: 'main',
          workgroup: 'wg',
          url: upstream.url,
          accessKeyId: { env: 'I' },
          secretAccessKey: { env: 'S' },
        },
        { I: 'AKID', S: 'secret' },
      );
      await wholeLife(provisioner);
      expect([...sql.values()]).toContain('GRANT SELECT ON TABLE "finance"."payouts" TO "maya@example.com"');
    });
  },
);

describe('a webhook [A-webhook]', () => {
  it('is signed over time and body, carries one key per change, and tells what it cannot know', async () => {
    upstream.answer(() => ({ status: 200, body: {} }));
    const provisioner = make(
      webhookProvisioner,
      { name: 'h', type: 'webhook', url: `${upstream.url}/hook`, signingSecret: { env: 'S' } },
      { S: 'shh' },
    );
    await provisioner.grant(right(), change());
    const asked = upstream.asked.at(-1);
    const timestamp = String(asked?.headers['x-steward-timestamp']);
    expect(asked?.headers['x-steward-signature']).toBe(
      `v1=${createHmac('sha256', 'shh').update(`v1:${timestamp}:${asked?.text}`).digest('hex')}`,
    );
    expect(asked?.headers['idempotency-key']).toBe('k1');
    expect(asked?.body).toMatchObject({
      event: 'access.grant',
      right: { login: 'maya@example.com', level: 'read' },
      until: '2026-03-03T10:00:00.000Z',
    });
    expect((await provisioner.probe(right(), probing('grant'))).can).toBeNull();
    await troubles(upstream, provisioner, () => ({ status: 200 }));
  });

  it('can be asked what somebody can do, where the receiver answers that', async () => {
    upstream.answer(() => ({ status: 200, body: { can: true, words: 'maya may read' } }));
    const provisioner = make(
      webhookProvisioner,
      { name: 'h', type: 'webhook', url: upstream.url, signingSecret: { env: 'S' }, probe: true },
      { S: 'shh' },
    );
    expect(await provisioner.probe(right(), probing('grant'))).toMatchObject({
      can: true,
      words: 'maya may read',
    });
  });
});

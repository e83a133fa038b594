import { createPrivateKey, sign } from 'node:crypto';
import { z } from 'zod';
import { secretRef } from '../../../config/schema-values.js';
import { callHttp, parseAnswer } from '../http.js';
import {
  type Provisioner,
  type ProvisionerContext,
  type ProvisionerKind,
  type Right,
  WarehouseRefusedError,
  WarehouseUnavailableError,
} from '../provisioner.js';
import { splitRelation } from '../relation-name.js';

const bigqueryWarehouse = z.looseObject({
  name: z.string(),
  /** Service account key, as the JSON that Google gives out. */
  serviceAccount: secretRef,
  url: z.url({ protocol: /^https?$/ }).default('https://bigquery.googleapis.com'),
  tokenUrl: z.url({ protocol: /^https?$/ }).default('https://oauth2.googleapis.com/token'),
});
type BigqueryWarehouse = z.infer<typeof bigqueryWarehouse>;

const serviceAccount = z.object({ client_email: z.string(), private_key: z.string() });
const tokenReply = z.object({ access_token: z.string(), expires_in: z.number() });
const binding = z.looseObject({
  role: z.string(),
  members: z.array(z.string()).default([]),
  condition: z.looseObject({ title: z.string().optional(), expression: z.string().optional() }).optional(),
});
type Binding = z.infer<typeof binding>;
/** IAM policy of a table (discovery document bigquery v2). `etag` guards read-modify-write: the policy is written whole. */
const policy = z.looseObject({
  etag: z.string().optional(),
  version: z.number().optional(),
  bindings: z.array(binding).default([]),
});
type TablePolicy = z.infer<typeof policy>;

const roleOf = {
  read: 'roles/bigquery.dataViewer',
  masked: 'roles/bigquery.dataViewer',
  write: 'roles/bigquery.dataEditor',
} as const;
/** Marks our own entries; others are never touched. */
const conditionTitle = 'steward';

/** BigQuery tables: one IAM binding per person with a condition that ends it, so that access ends even when Steward is away. */
export const bigqueryProvisioner: ProvisionerKind<BigqueryWarehouse> = {
  type: 'bigquery',
  config: bigqueryWarehouse,
  identity: 'email',
  make: makeBigquery,
};

function makeBigquery(config: BigqueryWarehouse, context: ProvisionerContext): Provisioner {
  const host = new URL(config.url).host;
  let token: { value: string; until: number } | null = null;

  async function accessToken(signal: AbortSignal): Promise<string> {
    const now = context.now().getTime();
    if (token && token.until > now) return token.value;
    const secret = context.secret(config.serviceAccount.env);
    if (!secret)
      throw new WarehouseRefusedError(
        `BigQuery has no service account: set ${config.serviceAccount.env}.`,
        'right',
      );
    const account = serviceAccount.safeParse(JSON.parse(secret));
    if (!account.success)
      throw new WarehouseRefusedError(`${config.serviceAccount.env} is no service account key.`, 'right');
    const seconds = Math.floor(now / 1000);
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = {
      iss: account.data.client_email,
      scope: 'https://www.googleapis.com/auth/bigquery',
      aud: config.tokenUrl,
      iat: seconds,
      exp: seconds + 3_600,
    };
    const head = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
    const assertion = `${head}.${sign('sha256', Buffer.from(head), createPrivateKey(account.data.private_key)).toString('base64url')}`;
    const answer = await callHttp(context.fetch, {
      method: 'POST',
      url: config.tokenUrl,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion,
      }).toString(),
      signal,
    });
    const reply = parseAnswer(tokenReply, answer, new URL(config.tokenUrl).host);
    token = { value: reply.access_token, until: now + (reply.expires_in - 60) * 1_000 };
    return reply.access_token;
  }

  async function post(path: string, body: unknown, signal: AbortSignal) {
    return callHttp(context.fetch, {
      method: 'POST',
      url: `${config.url}/bigquery/v2/${path}`,
      headers: { authorization: `Bearer ${await accessToken(signal)}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
      missing: 'relation',
      also: [409, 412],
    });
  }

  const read = async (table: string, signal: AbortSignal): Promise<TablePolicy> =>
    parseAnswer(
      policy,
      await post(`${table}:getIamPolicy`, { options: { requestedPolicyVersion: 3 } }, signal),
      host,
    );

  /** Reads, changes and writes whole; when somebody else wrote in between (etag), once more from the start. */
  async function rewrite(
    table: string,
    change: (bindings: Binding[]) => Binding[],
    signal: AbortSignal,
  ): Promise<void> {
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const current = await read(table, signal);
      const next = { ...current, version: 3, bindings: change(current.bindings) };
      const answer = await post(`${table}:setIamPolicy`, { policy: next }, signal);
      if (answer.status < 300) return;
    }
    throw new WarehouseUnavailableError(`${host}: the table's policy kept changing while it was written.`);
  }

  const isOurs = (item: Binding, role: string, member: string) =>
    item.role === role && item.condition?.title === conditionTitle && item.members.includes(member);

  return {
    levels: ['read', 'masked', 'write'],
    columns: false,
    grant: async (right, { until, signal }) => {
      const table = resource(right);
      const member = `user:${right.login}`;
      const role = roleOf[right.level];
      const entry: Binding = {
        role,
        members: [member],
        condition: {
          title: conditionTitle,
          expression: `request.time < timestamp("${(until ?? new Date(8_640_000_000_000)).toISOString()}")`,
        },
      };
      await rewrite(
        table,
        (bindings) => [...bindings.filter((item) => !isOurs(item, role, member)), entry],
        signal,
      );
      return {
        statements: [
          `setIamPolicy ${table} add ${role} for ${member} until ${until?.toISOString() ?? 'further notice'}`,
        ],
      };
    },
    revoke: async (right, { signal }) => {
      const table = resource(right);
      const member = `user:${right.login}`;
      const role = roleOf[right.level];
      await rewrite(table, (bindings) => bindings.filter((item) => !isOurs(item, role, member)), signal);
      return { statements: [`setIamPolicy ${table} remove ${role} for ${member}`] };
    },
    probe: async (right, { signal }) => {
      const table = resource(right);
      const member = `user:${right.login}`;
      const found = (await read(table, signal)).bindings.filter(
        (item) => item.role === roleOf[right.level] && item.members.includes(member),
      );
      return {
        can: found.length > 0,
        sources: found.map((item) => ({
          kind: 'direct' as const,
          by: item.condition?.title ?? 'somebody',
          ours: item.condition?.title === conditionTitle,
        })),
        words: `${right.login} ${found.length > 0 ? 'has' : 'has no'} ${roleOf[right.level]} on ${table} (what datasets and projects give is not listed there)`,
      };
    },
    who: async (relation, { signal }) =>
      (await read(resource({ relation }), signal)).bindings.flatMap((item) =>
        item.members.map((member) => ({
          login: member.replace(/^[a-z]+:/i, ''),
          privileges: [item.role],
          source: {
            kind: 'direct' as const,
            by: item.condition?.title ?? 'somebody',
            ours: item.condition?.title === conditionTitle,
          },
        })),
      ),
  };
}

function resource(right: Pick<Right, 'relation'>): string {
  const [project, dataset, table, ...rest] = splitRelation(right.relation);
  if (!project || !dataset || !table || rest.length > 0) {
    throw new WarehouseRefusedError(
      `"${right.relation}" does not name project, dataset and table.`,
      'relation',
    );
  }
  return `projects/${encodeURIComponent(project)}/datasets/${encodeURIComponent(dataset)}/tables/${encodeURIComponent(table)}`;
}

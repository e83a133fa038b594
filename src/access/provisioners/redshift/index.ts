import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
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
import { signAws } from './sigv4.js';

const redshiftWarehouse = z.looseObject({
  name: z.string(),
  region: z.string(),
  database: z.string(),
  clusterIdentifier: z.string().optional(),
  workgroup: z.string().optional(),
  dbUser: z.string().optional(),
  secretArn: z.string().optional(),
  accessKeyId: secretRef,
  secretAccessKey: secretRef,
  /** Default: the region's own endpoint. */
  url: z.url({ protocol: /^https?$/ }).optional(),
});
type RedshiftWarehouse = z.infer<typeof redshiftWarehouse>;

const executed = z.object({ Id: z.string() });
const described = z.object({
  Id: z.string(),
  Status: z.string(),
  Error: z.string().nullish(),
  HasResultSet: z.boolean().nullish(),
});
const result = z.object({
  Records: z.array(
    z.array(z.looseObject({ stringValue: z.string().optional(), booleanValue: z.boolean().optional() })),
  ),
});

const privilegesOf = { read: 'SELECT', masked: 'SELECT', write: 'SELECT, INSERT, UPDATE, DELETE' } as const;
const pollsAtMost = 12;

/** Redshift through its Data API. `ClientToken` is made of the change's key, so that a repeated call is the same statement. */
export const redshiftProvisioner: ProvisionerKind<RedshiftWarehouse> = {
  type: 'redshift',
  config: redshiftWarehouse,
  identity: 'login',
  make: makeRedshift,
};

function makeRedshift(config: RedshiftWarehouse, context: ProvisionerContext): Provisioner {
  const url = config.url ?? `https://redshift-data.${config.region}.amazonaws.com`;
  const host = new URL(url).host;

  async function api<Output>(
    operation: string,
    payload: unknown,
    schema: z.ZodType<Output>,
    signal: AbortSignal,
  ): Promise<Output> {
    const accessKeyId = context.secret(config.accessKeyId.env);
    const secretAccessKey = context.secret(config.secretAccessKey.env);
    if (!accessKeyId || !secretAccessKey)
      throw new WarehouseRefusedError(
        `Redshift has no credentials: set ${config.accessKeyId.env} and ${config.secretAccessKey.env}.`,
        'right',
      );
    const body = JSON.stringify(payload);
    const headers = signAws({
      host,
      region: config.region,
      service: 'redshift-data',
      target: `RedshiftData.${operation}`,
      body,
      credentials: { accessKeyId, secretAccessKey },
      now: context.now(),
    });
    return parseAnswer(
      schema,
      await callHttp(context.fetch, { method: 'POST', url: `${url}/`, headers, body, signal }),
      host,
    );
  }

  async function run(sql: string, key: string, signal: AbortSignal): Promise<string> {
    const { Id } = await api(
      'ExecuteStatement',
      {
        Sql: sql,
        Database: config.database,
        ClientToken: createHash('sha256').update(`${key}:${sql}`).digest('hex'),
        ...(config.clusterIdentifier ? { ClusterIdentifier: config.clusterIdentifier } : {}),
        ...(config.workgroup ? { WorkgroupName: config.workgroup } : {}),
        ...(config.dbUser ? { DbUser: config.dbUser } : {}),
        ...(config.secretArn ? { SecretArn: config.secretArn } : {}),
      },
      executed,
      signal,
    );
    for (let poll = 0; poll < pollsAtMost; poll += 1) {
      const statement = await api('DescribeStatement', { Id }, described, signal);
      if (statement.Status === 'FINISHED') return Id;
      if (statement.Status === 'FAILED' || statement.Status === 'ABORTED')
        throw failureOf(statement.Error ?? statement.Status);
      await sleep(400, undefined, { signal });
    }
    throw new WarehouseUnavailableError(`${host} is still running the statement; it is asked again later.`);
  }

  async function change(statements: string[], key: string, signal: AbortSignal) {
    for (const statement of statements) await run(statement, key, signal);
    return { statements };
  }

  return {
    levels: ['read', 'masked', 'write'],
    columns: false,
    grant: async (right, { key, signal }) => {
      const { schema, object } = parts(right);
      const user = quote(right.login);
      return change(
        [
          `GRANT USAGE ON SCHEMA ${schema} TO ${user}`,
          `GRANT ${privilegesOf[right.level]} ON TABLE ${object} TO ${user}`,
        ],
        key,
        signal,
      );
    },
    revoke: async (right, { key, keep, signal }) => {
      const { object } = parts(right);
      const keepsRead = keep.some((item) => item.level !== 'write') && right.level === 'write';
      const privileges = keepsRead ? 'INSERT, UPDATE, DELETE' : privilegesOf[right.level];
      const keepsWrite = keep.some((item) => item.level === 'write');
      return keepsWrite
        ? { statements: [] }
        : change([`REVOKE ${privileges} ON TABLE ${object} FROM ${quote(right.login)}`], key, signal);
    },
    probe: async (right, { signal, after, keep }) => {
      const { plain } = parts(right);
      const asked = right.level === 'write' ? 'insert' : 'select';
      const sql = `SELECT has_table_privilege(${literal(right.login)}, ${literal(plain)}, ${literal(asked)})`;
      const id = await run(sql, `probe:${context.now().getTime()}`, signal);
      const rows = await api('GetStatementResult', { Id: id }, result, signal);
      const held = rows.Records[0]?.[0]?.booleanValue === true;
      const explained =
        after === 'revoke' && keep.some((item) => item.level === 'write' || item.level === right.level);
      const can = held && !explained;
      return { can, sources: [], words: `${right.login} ${can ? 'can' : 'cannot'} ${asked} on ${plain}` };
    },
    who: async () => null,
  };
}

function parts(right: Pick<Right, 'relation'>): { schema: string; object: string; plain: string } {
  const [table, schema] = [...splitRelation(right.relation)].reverse();
  if (!table || !schema)
    throw new WarehouseRefusedError(`"${right.relation}" does not name schema and table.`, 'relation');
  return {
    schema: quote(schema),
    object: `${quote(schema)}.${quote(table)}`,
    plain: `${quote(schema)}.${quote(table)}`,
  };
}

/** Quoted identifier, at most 127 bytes in Redshift. */
function quote(name: string): string {
  if (Buffer.byteLength(name) > 127 || name === '' || name.includes('\0'))
    throw new WarehouseRefusedError(`"${name}" is no name in Redshift.`);
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text literal; Redshift reads backslashes in literals as escapes. */
function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

function failureOf(words: string): Error {
  const short = `Redshift refused: ${words.split('\n')[0]?.slice(0, 200)}.`;
  if (/does not exist/i.test(words))
    return new WarehouseRefusedError(short, /user|role/i.test(words) ? 'login' : 'relation');
  if (/permission denied|must be owner/i.test(words)) return new WarehouseRefusedError(short, 'right');
  return new WarehouseUnavailableError(short);
}

import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { callHttp, type HttpAnswer, parseAnswer } from '../http.js';
import {
  type Provisioner,
  type ProvisionerContext,
  type ProvisionerKind,
  type Right,
  WarehouseRefusedError,
  WarehouseUnavailableError,
} from '../provisioner.js';
import { splitRelation } from '../relation-name.js';
import { makeKeyPairJwt } from './jwt.js';
import {
  queryFailure,
  queryStatus,
  resultSet,
  type SnowflakeWarehouse,
  snowflakeWarehouse,
} from './schema.js';

/**
 * Snowflake through its SQL API. Snowflake grants on objects go to roles, so there is one role per relation and level, and a
 * person's access is that role. Every statement carries a `requestId` made of the change's key: a call whose answer was lost is sent
 * again with the same id and not run twice.
 */
export const snowflakeProvisioner: ProvisionerKind<SnowflakeWarehouse> = {
  type: 'snowflake',
  config: snowflakeWarehouse,
  identity: 'login',
  make: makeSnowflake,
};

const privilegesOf = { read: 'SELECT', masked: 'SELECT', write: 'SELECT, INSERT, UPDATE, DELETE' } as const;
const pollsAtMost = 6;

function makeSnowflake(config: SnowflakeWarehouse, context: ProvisionerContext): Provisioner {
  const host = new URL(config.url).host;

  function headers(): Record<string, string> {
    const privateKeyPem = context.secret(config.privateKey.env);
    if (!privateKeyPem)
      throw new WarehouseRefusedError(`Snowflake has no private key: set ${config.privateKey.env}.`, 'right');
    const jwt = makeKeyPairJwt({
      account: config.account,
      user: config.user,
      privateKeyPem,
      now: context.now(),
    });
    return {
      authorization: `Bearer ${jwt}`,
      'x-snowflake-authorization-token-type': 'KEYPAIR_JWT',
      'content-type': 'application/json',
      'user-agent': 'steward/1.0',
    };
  }

  async function run(
    statement: string,
    key: string,
    signal: AbortSignal,
  ): Promise<Record<string, string | null>[]> {
    const body = {
      statement,
      timeout: 8,
      role: config.role,
      ...(config.warehouse ? { warehouse: config.warehouse } : {}),
    };
    let answer = await callHttp(context.fetch, {
      method: 'POST',
      url: `${config.url}/api/v2/statements?requestId=${requestIdOf(`${key}:${statement}`)}`,
      headers: headers(),
      body: JSON.stringify(body),
      signal,
      also: [202, 422],
    });
    for (let poll = 0; answer.status === 202 && poll < pollsAtMost; poll += 1) {
      const { statementHandle } = parseAnswer(queryStatus, answer, host);
      await sleep(500, undefined, { signal });
      answer = await callHttp(context.fetch, {
        method: 'GET',
        url: `${config.url}/api/v2/statements/${encodeURIComponent(statementHandle)}`,
        headers: headers(),
        signal,
        also: [202, 422],
      });
    }
    if (answer.status === 202)
      throw new WarehouseUnavailableError(`${host} is still running the statement; it is asked again later.`);
    if (answer.status === 422) throw failureOf(answer, host);
    const set = parseAnswer(resultSet, answer, host);
    const names = set.resultSetMetaData?.rowType.map((column) => column.name.toLowerCase()) ?? [];
    return set.data.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])));
  }

  function roleOf(right: Pick<Right, 'relation' | 'level'>): string {
    const digest = createHash('sha256')
      .update(`${right.relation.toUpperCase()}\0${right.level}`)
      .digest('hex')
      .slice(0, 16);
    const readable = (splitRelation(right.relation).at(-1) ?? '')
      .toUpperCase()
      .replace(/[^A-Z0-9_]/g, '_')
      .slice(0, 60);
    return `${config.rolePrefix}${readable}_${right.level.toUpperCase()}_${digest.toUpperCase()}`;
  }

  async function all(statements: readonly string[], key: string, signal: AbortSignal): Promise<void> {
    for (const statement of statements) await run(statement, key, signal);
  }

  return {
    levels: ['read', 'masked', 'write'],
    columns: false,
    grant: async (right, { key, signal }) => {
      const [database, schema, table] = threeParts(right.relation);
      const role = quote(roleOf(right));
      const object = `${quote(database)}.${quote(schema)}.${quote(table)}`;
      const statements = [
        `CREATE ROLE IF NOT EXISTS ${role} COMMENT = 'Made by Steward'`,
        `GRANT USAGE ON DATABASE ${quote(database)} TO ROLE ${role}`,
        `GRANT USAGE ON SCHEMA ${quote(database)}.${quote(schema)} TO ROLE ${role}`,
        `GRANT ${privilegesOf[right.level]} ON ${object} TO ROLE ${role}`,
        `GRANT ROLE ${role} TO USER ${quote(right.login)}`,
      ];
      await all(statements, key, signal);
      return { statements };
    },
    revoke: async (right, { key, signal }) => {
      const statements = [`REVOKE ROLE ${quote(roleOf(right))} FROM USER ${quote(right.login)}`];
      await all(statements, key, signal);
      return { statements };
    },
    probe: async (right, { signal }) => {
      const role = roleOf(right);
      const key = `probe:${context.now().getTime()}`;
      const rows = await run(`SHOW GRANTS TO USER ${quote(right.login)}`, key, signal);
      const can = rows.some((row) => row.role === role);
      return {
        can,
        sources: can ? [{ kind: 'role', by: role, ours: true }] : [],
        words: `${right.login} ${can ? 'holds' : 'does not hold'} the role ${role}`,
      };
    },
    who: async (relation, { signal }) => {
      const holders = [];
      for (const level of ['read', 'masked', 'write'] as const) {
        const role = roleOf({ relation, level });
        const key = `who:${context.now().getTime()}`;
        const rows = await run(`SHOW GRANTS OF ROLE ${quote(role)}`, key, signal).catch((error: unknown) => {
          // A role that was never made has no holders.
          if (error instanceof WarehouseRefusedError && error.missing !== 'right') return [];
          throw error;
        });
        for (const row of rows) {
          if (row.granted_to !== 'USER' || !row.grantee_name) continue;
          holders.push({
            login: row.grantee_name,
            privileges: [level],
            source: { kind: 'role' as const, by: role, ours: true },
          });
        }
      }
      return holders;
    },
  };
}

function threeParts(relation: string): [string, string, string] {
  const [database, schema, table, ...rest] = splitRelation(relation);
  if (!database || !schema || !table || rest.length > 0) {
    throw new WarehouseRefusedError(`"${relation}" does not name database, schema and table.`, 'relation');
  }
  return [database, schema, table];
}

/** Quoted identifier: as it is written, quotes doubled, at most 255 characters. */
function quote(name: string): string {
  if (name.length > 255 || name === '' || name.includes('\0'))
    throw new WarehouseRefusedError(`"${name}" is no name in Snowflake.`);
  return `"${name.replaceAll('"', '""')}"`;
}

/** The same change has the same request id, whatever process sends it (uuid layout). */
function requestIdOf(key: string): string {
  const hex = createHash('sha256').update(key).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Object does not exist (002003) covers user, role and table alike; insufficient privileges is 003001. */
function failureOf(answer: HttpAnswer, host: string): WarehouseRefusedError {
  const failure = parseAnswer(queryFailure, answer, host);
  const words = (failure.message ?? 'the statement failed').split('\n')[0] ?? '';
  const missing =
    failure.code === '003001'
      ? 'right'
      : /user/i.test(words) && failure.code === '002003'
        ? 'login'
        : failure.code === '002003'
          ? 'relation'
          : null;
  return new WarehouseRefusedError(`Snowflake refused: ${words.slice(0, 200)}.`, missing);
}

import pg from 'pg';
import { connectionSecret } from '../../../config/warehouse-address.js';
import { surviveLostClients } from '../../../db/pool.js';
import { makeTurns } from '../../../db/turns.js';
import {
  type Change,
  type Provisioner,
  type ProvisionerContext,
  type ProvisionerKind,
  WarehouseRefusedError,
} from '../provisioner.js';
import { asWarehouseError } from './errors.js';
import { probeTarget, readHolders } from './probe.js';
import { type PostgresWarehouse, postgresWarehouse } from './schema.js';
import {
  findRelation,
  findTarget,
  grantStatement,
  lockObject,
  lockTimeoutMs,
  revokeStatement,
  schemaStatement,
} from './statements.js';

const schemaUsage = 'usage on schema ';
const maxConnections = 3;
/** Beyond what the server itself allows a statement: so long without a word, the connection is lost. */
const silenceMs = 5_000;

/**
 * PostgreSQL 15 to 18. Grants go to the login itself, table- or column-wise, with USAGE on the schema where it is missing. Every
 * change is one transaction under an advisory lock per object, and can be repeated.
 */
export const postgresProvisioner: ProvisionerKind<PostgresWarehouse> = {
  type: 'postgres',
  config: postgresWarehouse,
  identity: 'login',
  make: makePostgresProvisioner,
};

function makePostgresProvisioner(config: PostgresWarehouse, context: ProvisionerContext): Provisioner {
  let pool: pg.Pool | null = null;
  const turns = makeTurns(maxConnections);

  function connect(): Promise<pg.PoolClient> {
    if (!pool) {
      const secretName = connectionSecret(config);
      const connectionString = secretName === undefined ? undefined : context.secret(secretName);
      if (!connectionString) {
        throw new WarehouseRefusedError(
          `The warehouse "${config.name}" has no address: set ${secretName ?? '`url` in steward.yml'}. Nothing was changed.`,
        );
      }
      pool = new pg.Pool({
        connectionString,
        max: maxConnections,
        application_name: 'steward-provisioner',
        connectionTimeoutMillis: 5_000,
        idleTimeoutMillis: 10_000,
        keepAlive: true,
        statement_timeout: config.statementTimeoutSeconds * 1_000,
        query_timeout: config.statementTimeoutSeconds * 1_000 + silenceMs,
        lock_timeout: lockTimeoutMs,
      });
      surviveLostClients(pool);
    }
    return pool.connect();
  }

  async function transact<Result>(
    begin: 'begin' | 'begin read only',
    work: (client: pg.PoolClient) => Promise<Result>,
  ): Promise<Result> {
    const client = await connect();
    try {
      await client.query(begin);
      const result = await work(client);
      await client.query('commit');
      client.release();
      return result;
    } catch (error) {
      // A session that was left without an answer is ended, which rolls it back: whatever is asked of it next would wait behind the first.
      const usable =
        (error instanceof pg.DatabaseError || error instanceof WarehouseRefusedError) &&
        (await client.query('rollback').then(
          () => true,
          () => false,
        ));
      client.release(!usable);
      throw error;
    }
  }

  async function run<Result>(
    begin: 'begin' | 'begin read only',
    signal: AbortSignal,
    work: (client: pg.PoolClient) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await turns.inTurn(() => transact(begin, work), signal);
    } catch (error) {
      throw asWarehouseError(error, begin === 'begin' ? 'changed' : 'asked');
    }
  }

  return {
    levels: ['read', 'masked', 'write'],
    columns: true,
    grant: (right, { signal }) =>
      run('begin', signal, async (client) => {
        const target = await findTarget(client, right, config.database);
        await lockObject(client, `schema:${target.schema}`, `${target.schema}.${target.table}`);
        const statements: string[] = [];
        const companions: string[] = [];
        const usage = await client.query<{ ok: boolean }>(
          "select has_schema_privilege($1::oid, $2::text, 'usage') as ok",
          [target.loginOid, target.schema],
        );
        if (usage.rows[0]?.ok !== true) {
          statements.push(await schemaStatement(client, 'grant', target.schema, target.login));
          companions.push(`${schemaUsage}${target.schema}`);
        }
        statements.push(await grantStatement(client, right, target));
        for (const statement of statements) await client.query(statement);
        return { statements, companions } satisfies Change;
      }),
    revoke: (right, { keep, companions, signal }) =>
      run('begin', signal, async (client) => {
        const target = await findTarget(client, right, config.database);
        await lockObject(client, `schema:${target.schema}`, `${target.schema}.${target.table}`);
        const statements: string[] = [];
        const revoke = await revokeStatement(client, right, target, keep);
        if (revoke !== null) {
          statements.push(revoke);
          // A table-wide revoke takes column privileges with it: what is still meant to be held is granted again.
          for (const item of keep) statements.push(await grantStatement(client, item, target));
        }
        if (companions.includes(`${schemaUsage}${target.schema}`)) {
          statements.push(await schemaStatement(client, 'revoke', target.schema, target.login));
        }
        for (const statement of statements) await client.query(statement);
        return { statements } satisfies Change;
      }),
    probe: (right, probing) =>
      run('begin read only', probing.signal, async (client) => {
        const target = await findTarget(client, right, config.database);
        return probeTarget(client, right, target, probing);
      }),
    who: (relation, { signal }) =>
      run('begin read only', signal, async (client) => {
        const found = await findRelation(client, relation, config.database);
        return readHolders(client, found.oid);
      }),
    close: async () => {
      await pool?.end();
      pool = null;
    },
  };
}

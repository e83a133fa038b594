import pg from 'pg';
import { connectionSecret } from '../../../config/warehouse-address.js';
import { surviveLostClients } from '../../../db/pool.js';
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
  revokeStatement,
  schemaStatement,
} from './statements.js';

const schemaUsage = 'usage on schema ';

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
        max: 3,
        application_name: 'steward-provisioner',
        connectionTimeoutMillis: 5_000,
        idleTimeoutMillis: 10_000,
        statement_timeout: config.statementTimeoutSeconds * 1_000,
        lock_timeout: 5_000,
      });
      surviveLostClients(pool);
    }
    return pool.connect();
  }

  async function run<Result>(
    work: (client: pg.PoolClient) => Promise<Result>,
    write: boolean,
  ): Promise<Result> {
    let client: pg.PoolClient | undefined;
    try {
      client = await connect();
      await client.query(write ? 'begin' : 'begin read only');
      const result = await work(client);
      await client.query('commit');
      client.release();
      return result;
    } catch (error) {
      if (client) {
        const broken = await client.query('rollback').then(
          () => false,
          () => true,
        );
        client.release(broken);
      }
      throw asWarehouseError(error);
    }
  }

  return {
    levels: ['read', 'masked', 'write'],
    columns: true,
    grant: (right) =>
      run(async (client) => {
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
      }, true),
    revoke: (right, { keep, companions }) =>
      run(async (client) => {
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
      }, true),
    probe: (right, probing) =>
      run(async (client) => {
        const target = await findTarget(client, right, config.database);
        return probeTarget(client, right, target, probing);
      }, false),
    who: (relation) =>
      run(async (client) => {
        const found = await findRelation(client, relation, config.database);
        return readHolders(client, found.oid);
      }, false),
    close: async () => {
      await pool?.end();
      pool = null;
    },
  };
}

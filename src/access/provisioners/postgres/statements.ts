import type { ClientBase } from 'pg';
import type { AccessLevel } from '../../tables.js';
import { type Right, WarehouseRefusedError } from '../provisioner.js';
import { requireIdentifier, splitRelation } from '../relation-name.js';

/** Privileges of each level, as GRANT writes them. */
export const privilegesOf: Readonly<Record<AccessLevel, readonly string[]>> = {
  read: ['select'],
  masked: ['select'],
  write: ['select', 'insert', 'update', 'delete'],
};

export interface Target {
  oid: string;
  schema: string;
  table: string;
  login: string;
  /** Name of the login's role id, to probe by id and not by name. */
  loginOid: string;
}

/** Finds relation and login by exact name. Throws `WarehouseRefusedError` with what is missing. */
export async function findTarget(
  client: ClientBase,
  right: Pick<Right, 'relation' | 'login'>,
  database?: string,
): Promise<Target> {
  const relation = await findRelation(client, right.relation, database);
  const login = requireIdentifier(right.login);
  const role = await client.query<{ oid: string }>('select oid::text from pg_roles where rolname = $1', [
    login,
  ]);
  const loginOid = role.rows[0]?.oid;
  if (!loginOid) {
    throw new WarehouseRefusedError(
      `There is no login "${login}" in the warehouse. Nothing was changed.`,
      'login',
    );
  }
  return { ...relation, login, loginOid };
}

export async function findRelation(
  client: ClientBase,
  relation: string,
  database?: string,
): Promise<{ oid: string; schema: string; table: string }> {
  const parts = splitRelation(relation).map(requireIdentifier);
  if (parts.length < 2 || parts.length > 3) {
    throw new WarehouseRefusedError(`"${relation}" does not name a schema and a table. Nothing was changed.`);
  }
  const [table = '', schema = '', inDatabase] = [...parts].reverse();
  if (database !== undefined && inDatabase !== undefined && inDatabase !== database) {
    throw new WarehouseRefusedError(
      `"${relation}" lies in the database ${inDatabase}, and this warehouse is ${database}. Nothing was changed.`,
      'relation',
    );
  }
  const found = await client.query<{ oid: string }>(
    `select relation.oid::text from pg_class as relation join pg_namespace as namespace on namespace.oid = relation.relnamespace
     where namespace.nspname = $1 and relation.relname = $2 and relation.relkind in ('r', 'v', 'm', 'p', 'f')`,
    [schema, table],
  );
  const oid = found.rows[0]?.oid;
  if (!oid) {
    throw new WarehouseRefusedError(
      `${schema}.${table} is not in the warehouse any more. Nothing was changed.`,
      'relation',
    );
  }
  return { oid, schema, table };
}

/**
 * GRANT and REVOKE take no parameters, so the server itself builds the statement: `format` with `%I` quotes every name.
 * `privileges` and the verbs are ours, never anybody's input.
 */
async function tableStatement(
  client: ClientBase,
  verb: 'grant' | 'revoke',
  privileges: readonly string[],
  target: Target,
  columns: readonly string[],
): Promise<string> {
  const direction = verb === 'grant' ? 'to' : 'from';
  const built = await client.query<{ statement: string }>(
    `select format('${verb} %s on table %I.%I ${direction} %I',
       (select string_agg(privilege || coalesce((select ' (' || string_agg(format('%I', name), ', ') || ')' from unnest($2::text[]) as name having count(*) > 0), ''), ', ')
        from unnest($1::text[]) as privilege),
       $3::text, $4::text, $5::text) as statement`,
    [privileges, columns.map(requireIdentifier), target.schema, target.table, target.login],
  );
  return built.rows[0]?.statement ?? '';
}

export function grantStatement(client: ClientBase, right: Right, target: Target): Promise<string> {
  return tableStatement(client, 'grant', privilegesOf[right.level], target, right.columns);
}

/**
 * What must be revoked so that the kept rights survive: a table-wide revoke takes column privileges with it, so those are
 * granted again afterwards by the caller; a privilege that a kept table-wide right needs is not revoked at all.
 */
export async function revokeStatement(
  client: ClientBase,
  right: Right,
  target: Target,
  keep: readonly Right[],
): Promise<string | null> {
  const kept = new Set(
    keep.filter((item) => item.columns.length === 0).flatMap((item) => privilegesOf[item.level]),
  );
  if (right.columns.length > 0) {
    const keptColumns = new Set(
      keep.filter((item) => item.level === right.level).flatMap((item) => [...item.columns]),
    );
    const columns = right.columns.filter((column) => !keptColumns.has(column));
    return columns.length === 0
      ? null
      : tableStatement(client, 'revoke', privilegesOf[right.level], target, columns);
  }
  const privileges = privilegesOf[right.level].filter((privilege) => !kept.has(privilege));
  return privileges.length === 0 ? null : tableStatement(client, 'revoke', privileges, target, []);
}

export async function schemaStatement(
  client: ClientBase,
  verb: 'grant' | 'revoke',
  schema: string,
  login: string,
): Promise<string> {
  const direction = verb === 'grant' ? 'to' : 'from';
  const built = await client.query<{ statement: string }>(
    `select format('${verb} usage on schema %I ${direction} %I', $1::text, $2::text) as statement`,
    [requireIdentifier(schema), requireIdentifier(login)],
  );
  return built.rows[0]?.statement ?? '';
}

/** How long a change waits for somebody else's lock in the warehouse. */
export const lockTimeoutMs = 5_000;

/**
 * Parallel GRANTs on one object fail with "tuple concurrently updated": one at a time per object. Waiting for another change of Steward's own
 * is no lock of somebody else's: only the time of a statement bounds it.
 */
export async function lockObject(client: ClientBase, ...names: string[]): Promise<void> {
  await client.query('set local lock_timeout = 0');
  for (const name of [...names].sort()) {
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`steward:${name}`]);
  }
  await client.query(`set local lock_timeout = ${lockTimeoutMs}`);
}

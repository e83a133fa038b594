import pg from 'pg';

export interface QueryLimits {
  /** Role of the warehouse that the query runs as. */
  role: string;
  maxRows: number;
  timeoutMs: number;
}

export interface QueryRows {
  columns: string[];
  /** Every value as the server writes it; null stays null. */
  rows: (string | null)[][];
  /** Whether there would have been more rows. */
  more: boolean;
}

/** The warehouse would not, or the person may not. `sentence` can be shown to the asker. */
export class ValueRefusedError extends Error {
  readonly code = 'value_refused';
  readonly sentence: string;
  constructor(sentence: string) {
    super(sentence);
    this.sentence = sentence;
  }
}

/** Ways to run a second statement from inside a SELECT, to change the role, or to wait. */
const escapes =
  /\b(?:set_config|(?:query|table|cursor|schema|database)_to_\w+|dblink\w*|pg_sleep\w*|pg_read\w*|pg_ls\w*|pg_stat_file|lo_\w+|currval|nextval|setval|pg_advisory\w*|pg_notify)\s*\(/i;
const asText = { getTypeParser: () => (value: unknown) => value };

/**
 * Runs one SELECT in a read-only transaction as the configured role, and only if the asker's own login may read every table that the
 * server's plan for it reads. The server keeps the rules: a cursor takes nothing but one SELECT that writes nothing, and the
 * extended protocol takes one statement. Always rolls back.
 *
 * @throws ValueRefusedError with a sentence for the asker.
 */
export async function runGovernedQuery(
  client: pg.ClientBase,
  sql: string,
  login: string,
  limits: QueryLimits,
): Promise<QueryRows> {
  if (escapes.test(sql))
    throw new ValueRefusedError(
      'Its query calls functions that a governed query may not call, so it was not run.',
    );
  const text = sql.trim().replace(/;\s*$/, '');
  await client.query('begin read only');
  try {
    await client.query(`set local statement_timeout = ${Math.round(limits.timeoutMs)}`);
    await client.query(`set local role ${pg.escapeIdentifier(limits.role)}`);
    await refuseUnreadable(client, text, login);
    await client.query(one(`declare governed no scroll cursor for ${text}`));
    const fetched = await client.query<(string | null)[]>({
      text: `fetch forward ${limits.maxRows + 1} from governed`,
      rowMode: 'array',
      types: asText,
    } as pg.QueryArrayConfig);
    return {
      columns: fetched.fields.map((field) => field.name),
      rows: fetched.rows.slice(0, limits.maxRows),
      more: fetched.rows.length > limits.maxRows,
    };
  } catch (error) {
    throw inWords(error, limits);
  } finally {
    await client.query('rollback').catch(() => undefined);
  }
}

/** One statement and no more: the simple protocol would take several. */
function one(text: string): pg.QueryConfig & { queryMode: 'extended' } {
  return { text, queryMode: 'extended' };
}

async function refuseUnreadable(client: pg.ClientBase, sql: string, login: string): Promise<void> {
  const plan = await client.query<{ 'QUERY PLAN': unknown }>(one(`explain (verbose, format json) ${sql}`));
  const tables = tablesOf(plan.rows[0]?.['QUERY PLAN']);
  const refused = await client.query<{ name: string }>(
    `select format('%s.%s', wanted.schema, wanted.name) as name
     from unnest($2::text[], $3::text[]) as wanted (schema, name)
     left join pg_namespace as namespace on namespace.nspname = wanted.schema
     left join pg_class as relation on relation.relnamespace = namespace.oid and relation.relname = wanted.name
     where relation.oid is null
        or not has_schema_privilege($1, namespace.oid, 'usage')
        or not has_table_privilege($1, relation.oid, 'select')`,
    [login, tables.map(({ schema }) => schema), tables.map(({ name }) => name)],
  );
  if (refused.rows.length > 0)
    throw new ValueRefusedError(
      `Its number is for those who may read ${refused.rows.map(({ name }) => name).join(', ')}, and you may not: request access to see it.`,
    );
}

/** Tables that a plan reads. */
export function tablesOf(plan: unknown): { schema: string; name: string }[] {
  const found = new Map<string, { schema: string; name: string }>();
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const one of node) walk(one);
    else if (typeof node === 'object' && node !== null) {
      const { 'Relation Name': name, Schema: schema } = node as Record<string, unknown>;
      if (typeof name === 'string' && typeof schema === 'string')
        found.set(`${schema}.${name}`, { schema, name });
      for (const value of Object.values(node)) if (typeof value === 'object') walk(value);
    }
  };
  walk(plan);
  return [...found.values()];
}

function inWords(error: unknown, limits: QueryLimits): Error {
  if (error instanceof ValueRefusedError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === '57014')
    return new ValueRefusedError(`Its query took longer than ${limits.timeoutMs / 1000} s and was stopped.`);
  if (code === '42501')
    return new ValueRefusedError(
      'The role that metric values are read with may not read its tables, so it was not run.',
    );
  if (code === '42704')
    return new ValueRefusedError(
      'You have no login in the warehouse, so it could not be seen whether you may read it.',
    );
  return new ValueRefusedError(
    `The warehouse refused its query (${error instanceof Error ? error.message.slice(0, 200) : 'no reason given'}).`,
  );
}

import pg from 'pg';
import type { PartitionSlice } from '../../partition.js';
import type { SqlPipeline } from './pipelines.js';
import { boundsUsed } from './split-sql.js';

/** What is in one partition now. */
export interface PartitionSize {
  rows: number;
  /** Bytes of its rows as stored, without indexes. */
  bytes: number;
}

/**
 * Measures what the script's own `delete` would remove: the same relation and the same condition, so that counts and rebuild
 * mean the same partition. Null for a script that names no such condition. In the caller's transaction.
 */
export async function measure(
  client: pg.ClientBase,
  pipeline: SqlPipeline,
  slices: readonly PartitionSlice[],
): Promise<Map<string, PartitionSize> | null> {
  const statement = measureStatement(pipeline);
  if (statement === null) return null;
  const found = new Map<string, PartitionSize>();
  for (const slice of slices) {
    const { rows } = await client.query<{ n: string; bytes: string }>(statement, boundsOf(statement, slice));
    found.set(slice.key, { rows: Number(rows[0]?.n ?? 0), bytes: Number(rows[0]?.bytes ?? 0) });
  }
  return found;
}

/** What the planner says to the script, without running any of it. */
export interface DryRun {
  /** For people: what was looked at, or why the script would fail. */
  words: string;
  fails: boolean;
}

const plannable = /^(?:insert|update|delete|merge|select|with|values)\b/i;

/**
 * PostgreSQL's own dry run: `explain` plans each statement for one partition, which checks names, types and the rights of the
 * role, and runs nothing. Statements after one that cannot be planned (a temporary table being made) are left out, since they
 * may rest on it. In the caller's transaction, which an error aborts.
 */
export async function dryRun(
  client: pg.ClientBase,
  pipeline: SqlPipeline,
  slice: PartitionSlice,
): Promise<DryRun> {
  let planned = 0;
  let rows = 0;
  for (const statement of pipeline.statements) {
    if (!plannable.test(withoutComments(statement))) break;
    try {
      const bounds = boundsOf(statement, slice);
      const { rows: answer } = await client.query<{ 'QUERY PLAN': { Plan?: QueryPlan }[] }>(
        `explain (format json) ${statement}`,
        bounds,
      );
      planned += 1;
      const plan = answer[0]?.['QUERY PLAN'][0]?.Plan;
      if (plan?.Operation === 'Insert') rows += plan.Plans?.[0]?.['Plan Rows'] ?? 0;
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error;
      return { words: `the script would fail: ${error.message} [${error.code}]`, fails: true };
    }
  }
  const all = pipeline.statements.length;
  const looked = planned === all ? `all ${all} statements` : `${planned} of ${all} statements`;
  const expects = rows === 0 ? '' : `, about ${rows} row${rows === 1 ? '' : 's'} for ${slice.key}`;
  return {
    words: `the planner accepts ${all === 1 ? 'the statement' : looked}${expects}; nothing was run`,
    fails: false,
  };
}

interface QueryPlan {
  Operation?: string;
  'Plan Rows'?: number;
  Plans?: QueryPlan[];
}

function measureStatement(pipeline: SqlPipeline): string | null {
  for (const statement of pipeline.statements) {
    const match =
      /^delete\s+from\s+(?:only\s+)?([\w."]+)(\s+(?:as\s+)?(?!where\b|using\b)\w+)?\s+where\s+([\s\S]+)$/i.exec(
        withoutComments(statement),
      );
    if (match?.[1] === undefined || match[3] === undefined) continue;
    if (!boundsUsed(match[3]).start) continue;
    return `select count(*) as n, coalesce(sum(pg_column_size(held.*)), 0) as bytes from (select * from ${match[1]}${match[2] ?? ''} where ${match[3]}) held`;
  }
  return null;
}

function withoutComments(statement: string): string {
  return statement.replace(/--[^\n]*(?:\n|$)/g, ' ').trim();
}

/** PostgreSQL refuses parameters that a statement does not use. */
export function boundsOf(statement: string, slice: PartitionSlice): Date[] {
  const used = boundsUsed(statement);
  if (used.end) return [slice.start, slice.end];
  return used.start ? [slice.start] : [];
}

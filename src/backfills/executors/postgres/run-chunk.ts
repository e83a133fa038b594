import pg from 'pg';
import type { PartitionSlice } from '../../partition.js';
import type { ChunkStart } from '../executor.js';
import { boundsOf } from './look.js';
import { announce, endOlderSessions, type Marker, markDone, markFailed, sessionName } from './marker.js';
import type { SqlPipeline } from './pipelines.js';

export interface RunParams {
  connectionString: string;
  schema: string;
  role: string | undefined;
  statementTimeoutMs: number;
}

/** Overtaken by a newer attempt, or done by an earlier one: whatever was written is rolled back. */
class OvertakenError extends Error {}

/**
 * Rebuilds the chunk's partitions in one warehouse transaction: script per partition, then the marker. Either all of it is
 * there with the marker or nothing is. Resolves once the attempt is announced, with a promise of its end.
 */
export async function runChunk(
  params: RunParams,
  pipeline: SqlPipeline,
  start: ChunkStart,
): Promise<{ ended: Promise<void> }> {
  const client = new pg.Client({
    connectionString: params.connectionString,
    application_name: sessionName(start.chunkId, start.attempt),
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  });
  client.on('error', () => undefined);
  await client.connect();
  let announced = false;
  try {
    announced = await announce(client, params.schema, start.chunkId, start.attempt);
    if (announced) await endOlderSessions(client, start.chunkId, start.attempt);
  } finally {
    if (!announced) await client.end().catch(() => undefined);
  }
  return { ended: announced ? work(client, params, pipeline, start) : Promise.resolve() };
}

async function work(
  client: pg.Client,
  params: RunParams,
  pipeline: SqlPipeline,
  start: ChunkStart,
): Promise<void> {
  try {
    await client.query('begin');
    await client.query(`set local statement_timeout = ${Math.trunc(params.statementTimeoutMs)}`);
    // Where our process dies in the middle of a statement, the server ends it instead of finishing for nobody.
    await client.query("set local client_connection_check_interval = '2s'");
    const rows: Marker['rows'] = [];
    for (const slice of start.slices) {
      // One rebuild of a partition at a time, whoever asks: a second insert would not see the first one's rows.
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `steward:${start.pipeline}:${slice.key}`,
      ]);
    }
    if (params.role !== undefined) await client.query(`set local role ${pg.escapeIdentifier(params.role)}`);
    for (const slice of start.slices) rows.push(await rebuild(client, pipeline, slice));
    await client.query('reset role');
    if (!(await markDone(client, params.schema, start.chunkId, start.attempt, rows)))
      throw new OvertakenError();
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    if (!(error instanceof OvertakenError)) {
      await markFailed(client, params.schema, start.chunkId, start.attempt, sentence(error)).catch(
        () => undefined,
      );
    }
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function rebuild(
  client: pg.Client,
  pipeline: SqlPipeline,
  slice: PartitionSlice,
): Promise<Marker['rows'][number]> {
  let before = 0;
  let after = 0;
  for (const statement of pipeline.statements) {
    const result = await client.query(statement, boundsOf(statement, slice));
    if (!touches(statement, pipeline.relation)) continue;
    if (result.command === 'DELETE') before += result.rowCount ?? 0;
    if (result.command === 'INSERT') after += result.rowCount ?? 0;
  }
  return { key: slice.key, before, after };
}

/** Only what goes into the pipeline's own relation counts as its rows; scripts may keep logs of their own. */
function touches(statement: string, relation: string | null): boolean {
  const target = /^(?:\s|--[^\n]*\n)*(?:insert\s+into|delete\s+from)\s+(?:only\s+)?([\w."]+)/i.exec(
    statement,
  )?.[1];
  return relation === null || target === relation;
}

function sentence(error: unknown): string {
  if (error instanceof pg.DatabaseError) {
    if (error.code === '57014')
      return 'The statement was stopped: it ran longer than allowed, or was cancelled.';
    return `${error.message}${error.detail === undefined ? '' : ` (${error.detail})`} [${error.code}]`.slice(
      0,
      500,
    );
  }
  return error instanceof Error ? error.message.slice(0, 500) : 'The run failed.';
}

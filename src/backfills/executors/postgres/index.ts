import pg from 'pg';
import type { PartitionSlice } from '../../partition.js';
import {
  type ChunkStart,
  defineExecutor,
  type Executor,
  type ExecutorContext,
  ExecutorUnavailableError,
  type PartitionStanding,
  type RunStanding,
} from '../executor.js';
import { ensureMarkers, readMarker, sessionLives, sessionName } from './marker.js';
import { readPipeline, type SqlPipeline } from './pipelines.js';
import { runChunk } from './run-chunk.js';
import { type PostgresExecutorConfig, postgresExecutor } from './schema.js';
import { boundsUsed } from './split-sql.js';

/** How long a start waits for the end, so that a short rebuild is over in one step. */
const waitForEndMs = 3_000;

/** Rebuilds partitions with the pipeline's own SQL in the warehouse: real, no orchestrator needed. */
export const postgres = defineExecutor({ type: 'postgres', config: postgresExecutor, make });

function make(config: PostgresExecutorConfig, context: ExecutorContext): Executor {
  let pool: pg.Pool | undefined;
  let prepared: Promise<void> | undefined;

  async function withClient<Result>(body: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    pool ??= openPool(context.warehouseUrl(config.warehouse), config.name);
    let client: pg.PoolClient;
    try {
      client = await pool.connect();
    } catch (error) {
      throw new ExecutorUnavailableError(
        `The warehouse ${config.warehouse} cannot be reached (${error instanceof Error ? error.message : 'no reason given'}). Nothing was started.`,
      );
    }
    // A server that ends this session must not end the process.
    const ignore = () => undefined;
    client.on('error', ignore);
    try {
      prepared ??= ensureMarkers(client, config.markerSchema);
      await prepared.catch((error: unknown) => {
        prepared = undefined;
        throw error;
      });
      return await body(client);
    } finally {
      client.off('error', ignore);
      client.release();
    }
  }

  async function countRows(
    name: string,
    slices: readonly PartitionSlice[],
  ): Promise<ReadonlyMap<string, number>> {
    const pipeline = readPipeline(config, context.baseDir, name);
    const count = countStatement(pipeline);
    if (count === null) return new Map();
    return withClient(async (client) => {
      const counts = new Map<string, number>();
      await client.query('begin read only');
      try {
        await client.query("set local statement_timeout = '20s'");
        if (config.role !== undefined)
          await client.query(`set local role ${pg.escapeIdentifier(config.role)}`);
        for (const slice of slices) {
          const { rows } = await client.query<{ n: string }>(
            count.sql,
            count.usesEnd ? [slice.start, slice.end] : [slice.start],
          );
          counts.set(slice.key, Number(rows[0]?.n ?? 0));
        }
      } finally {
        await client.query('rollback');
      }
      return counts;
    });
  }

  async function standing(start: Pick<ChunkStart, 'chunkId' | 'attempt'>): Promise<RunStanding | null> {
    return withClient(async (client) => {
      // Looked at in this order: a session that ends in between has written its marker by then.
      const lives = await sessionLives(client, start.chunkId, start.attempt);
      const marker = await readMarker(client, config.markerSchema, start.chunkId);
      if (marker?.state === 'done') {
        return { state: 'succeeded', rows: marker.rows };
      }
      if (lives) return { state: 'running' };
      if (marker === null || marker.attempt < start.attempt) return null;
      if (marker.attempt > start.attempt) return { state: 'gone', why: 'A newer attempt has taken over.' };
      if (marker.state === 'failed') return { state: 'failed', error: marker.error ?? 'The run failed.' };
      return {
        state: 'gone',
        why: 'The session that rebuilt it has ended and its transaction was rolled back.',
      };
    });
  }

  return {
    name: config.name,
    type: 'postgres',
    maxRunning: config.maxRunning,
    chunkSize: config.chunkSize,
    maxPerPipeline: config.maxPerPipeline,
    startsOnce: true,
    cancelReach: 'running statements are stopped and rolled back',
    appearsWithinMs: 0,
    stallAfterMs: config.stallAfter,
    ...(config.costPerHour === undefined ? {} : { costPerHour: config.costPerHour }),

    async preview(ask) {
      const pipeline = readPipeline(config, context.baseDir, ask.pipeline);
      const counts = await countRows(ask.pipeline, ask.slices);
      const found = new Map<string, PartitionStanding>();
      for (const [key, rows] of counts) found.set(key, { state: rows > 0 ? 'present' : 'missing', rows });
      return {
        facts: { fingerprint: pipeline.fingerprint, dependsOnPast: pipeline.dependsOnPast, warnings: [] },
        standing: found,
      };
    },

    async find(start) {
      const found = await standing(start);
      if (found === null || found.state === 'gone') return null;
      return { externalId: sessionName(start.chunkId, start.attempt) };
    },

    async start(start) {
      const pipeline = readPipeline(config, context.baseDir, start.pipeline);
      await withClient(async () => undefined);
      const params = {
        connectionString: context.warehouseUrl(config.warehouse),
        schema: config.markerSchema,
        role: config.role,
        statementTimeoutMs: config.statementTimeout,
      };
      try {
        const { ended } = await runChunk(params, pipeline, start);
        await Promise.race([ended, pause(waitForEndMs)]);
      } catch (error) {
        throw new ExecutorUnavailableError(
          `The warehouse ${config.warehouse} ended the connection (${error instanceof Error ? error.message : 'no reason given'}). Nothing was rebuilt.`,
        );
      }
      return { externalId: sessionName(start.chunkId, start.attempt) };
    },

    standing: async (_handle, start) =>
      (await standing(start)) ?? { state: 'gone', why: 'The warehouse knows nothing of this attempt.' },

    async cancel(_handle, start) {
      return withClient(async (client) => {
        await client.query(
          'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()',
          [sessionName(start.chunkId, start.attempt)],
        );
        for (let look = 0; look < 20; look += 1) {
          if (!(await sessionLives(client, start.chunkId, start.attempt))) {
            return {
              stopped: true,
              words: 'The running statement was stopped; its transaction was rolled back.',
            };
          }
          await pause(100);
        }
        return { stopped: false, words: 'The warehouse was asked to stop the statement; it still runs.' };
      });
    },

    countRows,
    close: async () => {
      await pool?.end();
    },
  };
}

function openPool(connectionString: string, name: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: 3,
    application_name: `steward-executor:${name}`.slice(0, 63),
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 10_000,
  });
  pool.on('error', () => undefined);
  return pool;
}

/**
 * Counts what the script's own `delete` would remove: the same relation and the same condition, so that counts and rebuild
 * mean the same partition.
 */
function countStatement(pipeline: SqlPipeline): { sql: string; usesEnd: boolean } | null {
  for (const statement of pipeline.statements) {
    const plain = statement.replace(/--[^\n]*(?:\n|$)/g, ' ').trim();
    const match =
      /^delete\s+from\s+(?:only\s+)?([\w."]+)(\s+(?:as\s+)?(?!where\b|using\b)\w+)?\s+where\s+([\s\S]+)$/i.exec(
        plain,
      );
    if (match?.[1] === undefined || match[3] === undefined) continue;
    const used = boundsUsed(match[3]);
    if (!used.start) continue;
    return {
      sql: `select count(*) as n from ${match[1]}${match[2] ?? ''} where ${match[3]}`,
      usesEnd: used.end,
    };
  }
  return null;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

import pg from 'pg';
import { surviveLostClients } from '../../../db/pool.js';
import { makeTurns } from '../../../db/turns.js';
import {
  type ChunkStart,
  defineExecutor,
  type Executor,
  type ExecutorContext,
  ExecutorUnavailableError,
  type PartitionStanding,
  type RunStanding,
} from '../executor.js';
import { dryRun, measure, type PartitionSize } from './look.js';
import { ensureMarkers, readMarker, sessionLives, sessionName } from './marker.js';
import { readPipeline } from './pipelines.js';
import { runChunk } from './run-chunk.js';
import { type PostgresExecutorConfig, postgresExecutor } from './schema.js';

/** How long a start waits for the end, so that a short rebuild is over in one step. */
const waitForEndMs = 3_000;
const maxConnections = 3;
const lookTimeoutSeconds = 20;
/** Nothing that is asked over the pool takes so long: the connection is lost. */
const silenceMs = (lookTimeoutSeconds + 5) * 1_000;

/** Rebuilds partitions with the pipeline's own SQL in the warehouse: real, no orchestrator needed. */
export const postgres = defineExecutor({ type: 'postgres', config: postgresExecutor, make });

function make(config: PostgresExecutorConfig, context: ExecutorContext): Executor {
  let pool: pg.Pool | undefined;
  let prepared: Promise<void> | undefined;

  const turns = makeTurns(maxConnections);

  async function connect(): Promise<pg.PoolClient> {
    pool ??= openPool(context.warehouseUrl(config.warehouse), config.name);
    try {
      return await pool.connect();
    } catch (error) {
      throw new ExecutorUnavailableError(
        `The warehouse ${config.warehouse} cannot be reached (${error instanceof Error ? error.message : 'no reason given'}). Nothing was started.`,
      );
    }
  }

  function withClient<Result>(body: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    return turns.inTurn(async () => {
      const client = await connect();
      // A session that was left without an answer is ended: whatever is asked of it next would wait behind the first.
      let usable = true;
      try {
        prepared ??= ensureMarkers(client, config.markerSchema);
        await prepared.catch((error: unknown) => {
          prepared = undefined;
          throw error;
        });
        return await body(client);
      } catch (error) {
        usable = error instanceof pg.DatabaseError;
        throw error;
      } finally {
        client.release(!usable);
      }
    });
  }

  /** Reads only, as the role the scripts run as, and gives up rather than holding the warehouse up. */
  async function looking<Result>(body: (client: pg.ClientBase) => Promise<Result>): Promise<Result> {
    return withClient(async (client) => {
      await client.query('begin read only');
      try {
        await client.query(`set local statement_timeout = '${lookTimeoutSeconds}s'`);
        if (config.role !== undefined)
          await client.query(`set local role ${pg.escapeIdentifier(config.role)}`);
        const result = await body(client);
        await client.query('rollback');
        return result;
      } catch (error) {
        if (error instanceof pg.DatabaseError) await client.query('rollback');
        throw error;
      }
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
      const newest = ask.slices.at(-1);
      const sizes = await looking((client) => measure(client, pipeline, ask.slices)).catch(
        (error: unknown) => {
          // What is wrong with the script the dry run says below; a count that takes too long is simply not known.
          if (error instanceof pg.DatabaseError) return null;
          throw error;
        },
      );
      // In a transaction of its own: a script that fails here aborts it.
      const tried = newest === undefined ? null : await looking((client) => dryRun(client, pipeline, newest));
      const found = new Map<string, PartitionStanding>();
      for (const [key, { rows, bytes }] of sizes ?? [])
        found.set(key, { state: rows > 0 ? 'present' : 'missing', rows, bytes });
      return {
        facts: {
          fingerprint: pipeline.fingerprint,
          dependsOnPast: pipeline.dependsOnPast,
          warnings: tried?.fails === true ? [`Dry run: ${tried.words}.`] : [],
        },
        standing: found,
        ...(tried === null || tried.fails ? {} : { dryRun: tried.words }),
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

    async countRows(name, slices) {
      const pipeline = readPipeline(config, context.baseDir, name);
      const sizes =
        (await looking((client) => measure(client, pipeline, slices))) ?? new Map<string, PartitionSize>();
      return new Map([...sizes].map(([key, { rows }]) => [key, rows]));
    },
    close: async () => {
      await pool?.end();
    },
  };
}

function openPool(connectionString: string, name: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: maxConnections,
    application_name: `steward-executor:${name}`.slice(0, 63),
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 10_000,
    keepAlive: true,
    query_timeout: silenceMs,
  });
  surviveLostClients(pool);
  return pool;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

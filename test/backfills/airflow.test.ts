import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { airflow } from '../../src/backfills/executors/airflow/index.js';
import {
  ExecutorRefusedError,
  ExecutorUnavailableError,
  OutcomeUnknownError,
} from '../../src/backfills/executors/executor.js';
import { describeWithShared } from '../helpers/shared.js';
import { airflowState, at } from './airflow-state.js';
import { aContext, aStart } from './chunk-start.js';
import { type FakeServer, startFakeServer } from './fake-server.js';
import { type Prism, startPrism } from './prism.js';

function open(url: string, extra: Record<string, unknown> = {}) {
  return airflow.open(
    {
      name: 'af',
      type: 'airflow',
      url,
      auth: { type: 'password', username: 'steward', password: { env: 'AF' } },
      ...extra,
    },
    aContext({ AF: 'secret' }),
  );
}

describeWithShared(
  'specs/airflow',
  'Airflow 3, each request and answer checked against its published specification [executor airflow: contract]',
  () => {
    let fake: FakeServer;
    let prism: Prism;
    let world: ReturnType<typeof airflowState>;
    /** Tokens are another specification's: they go past the proxy. */
    const through: typeof fetch = (input, init) => {
      const url = new URL(String(input));
      return fetch(url.pathname.startsWith('/auth/') ? `${fake.url}${url.pathname}` : url, init);
    };
    const make = (extra: Record<string, unknown> = {}) =>
      airflow.open(
        {
          name: 'af',
          type: 'airflow',
          url: prism.url,
          auth: { type: 'password', username: 'steward', password: { env: 'AF' } },
          ...extra,
        },
        { ...aContext({ AF: 'secret' }), fetch: through },
      );

    beforeAll(async () => {
      fake = await startFakeServer();
      prism = await startPrism(['airflow', 'v2-rest-api.normalised.yaml'], { upstream: fake.url });
    });
    beforeEach(() => {
      world = airflowState();
      fake.answer(world.answer);
    });
    afterAll(async () => {
      expect(prism.violations()).toEqual([]);
      prism.stop();
      await fake.close();
    });

    it('makes one run per partition under our own id, and finds it again', async () => {
      const executor = make();
      const start = aStart();
      expect(await executor.find(start)).toBeNull();
      const handle = await executor.start(start);
      expect(handle.externalId).toBe(start.key);
      expect(await executor.find(start)).toEqual(handle);
      expect(await executor.standing(handle, start)).toEqual({ state: 'queued' });
    });

    it('adopts a run whose answer was lost and never makes a second', async () => {
      const executor = make();
      const start = aStart();
      world.state.lose = 'dagRuns';
      await expect(executor.start(start)).rejects.toBeInstanceOf(Error);
      world.state.lose = '';
      expect((await executor.find(start))?.externalId).toBe(start.key);
      expect(world.state.runs).toHaveLength(1);
    });

    it('clears the scheduled run that has the date already, once, even when the answer to the clear was lost', async () => {
      const executor = make();
      const start = aStart();
      world.state.runs.push({
        dag_run_id: 'scheduled__2026-10-01',
        logical_date: at,
        state: 'success',
        end_date: '2026-10-02T01:00:00Z',
        note: null,
        run_type: 'scheduled',
      });
      expect(await executor.find(start)).toBeNull();
      world.state.lose = 'clear';
      await expect(executor.start(start)).rejects.toBeInstanceOf(OutcomeUnknownError);
      world.state.lose = '';
      expect((await executor.find(start))?.externalId).toBe('scheduled__2026-10-01');
      expect(fake.asked.filter(({ path }) => path.endsWith('/clear')).length).toBeGreaterThan(0);
      expect(world.state.runs).toHaveLength(1);
    });

    it('does not take a run for cleared whose note was written but which was not cleared', async () => {
      const executor = make();
      const start = aStart();
      world.state.runs.push({
        dag_run_id: 'scheduled__2026-10-01',
        logical_date: at,
        state: 'success',
        end_date: '2026-10-02T01:00:00Z',
        note: `${start.key} after 2026-10-02T01:00:00Z (BF-7)`,
        run_type: 'scheduled',
      });
      expect(await executor.find(start)).toBeNull();
    });

    it('waits for a scheduled run that is in flight instead of rewriting it', async () => {
      const executor = make();
      world.state.runs.push({
        dag_run_id: 'scheduled__2026-10-01',
        logical_date: at,
        state: 'running',
        end_date: null,
        note: null,
        run_type: 'scheduled',
      });
      await expect(executor.start(aStart())).rejects.toBeInstanceOf(ExecutorUnavailableError);
    });

    it('replaces an expired token once', async () => {
      const executor = make();
      await executor.find(aStart());
      world.state.token = 'second';
      await executor.find(aStart());
      expect(world.state.tokensGiven).toBe(2);
    });

    it('is cancelled only when no task runs any more', async () => {
      const executor = make();
      const start = aStart();
      const handle = await executor.start(start);
      world.state.runningTasks = 2;
      expect(await executor.cancel(handle, start)).toMatchObject({ stopped: false });
      expect(await executor.standing(handle, start)).toEqual({ state: 'cancelling' });
      world.state.runningTasks = 0;
      expect(await executor.standing(handle, start)).toMatchObject({ state: 'failed' });
    });

    it('hands a chunk to Airflow’s own backfill, and waits on 409 already running', async () => {
      const executor = make({ mode: 'backfills' });
      expect(executor).toMatchObject({ maxPerPipeline: 1, startsOnce: false });
      const first = aStart({ days: 5 });
      const handle = await executor.start(first);
      expect(handle.externalId).toBe('1');
      await expect(executor.start(aStart({ days: 5 }))).rejects.toThrow(/only one at a time/);
      expect(await executor.standing(handle, first)).toEqual({ state: 'queued' });
    });

    it('adopts its own backfill after a lost answer, by the key in its conf', async () => {
      const executor = make({ mode: 'backfills' });
      const start = aStart({ days: 2 });
      world.state.lose = 'backfills';
      await expect(executor.start(start)).rejects.toBeInstanceOf(Error);
      world.state.lose = '';
      expect((await executor.find(start))?.externalId).toBe('1');
      expect((await executor.start(start)).externalId).toBe('1');
      expect(world.state.backfills).toHaveLength(1);
    });

    it('says that cancel leaves running runs, and sees the end only when they have ended', async () => {
      const executor = make({ mode: 'backfills' });
      const start = aStart({ days: 2 });
      const handle = await executor.start(start);
      world.state.runs.push({
        dag_run_id: 'backfill__1',
        logical_date: at,
        state: 'running',
        end_date: null,
        note: null,
        run_type: 'backfill',
      });
      const outcome = await executor.cancel(handle, start);
      expect(outcome).toMatchObject({ stopped: false });
      expect(outcome.words).toContain('backfill__1');
      expect(await executor.standing(handle, start)).toEqual({ state: 'cancelling' });
    });
  },
);

describeWithShared(
  'specs/airflow',
  'Airflow 2, requests against a mock generated from its specification [executor airflow: contract]',
  () => {
    it('lists, makes and clears runs as the specification says', async () => {
      const prism = await startPrism(['airflow', 'v1-rest-api.client-2.10.yaml']);
      try {
        // The specification's server is /api/v1 on its own base; the mock serves its paths at the root.
        const rooted: typeof fetch = (input, init) => fetch(String(input).replace('/api/v1', ''), init);
        const executor = airflow.open(
          {
            name: 'af2',
            type: 'airflow',
            url: prism.url,
            version: 2,
            auth: { type: 'basic', username: 'u', password: { env: 'AF' } },
          },
          { ...aContext({ AF: 'p' }), fetch: rooted },
        );
        const start = aStart();
        await executor.find(start);
        await executor.start(start);
        expect(prism.violations()).toEqual([]);
      } finally {
        prism.stop();
      }
    });
  },
);

describe('Airflow that misbehaves', () => {
  let fake: FakeServer;
  beforeAll(async () => {
    fake = await startFakeServer();
  });
  afterAll(() => fake.close());

  it('that is down: nothing was started', async () => {
    const gone = await startFakeServer();
    await gone.close();
    await expect(open(gone.url).start(aStart())).rejects.toBeInstanceOf(ExecutorUnavailableError);
  });

  it('that answers 429: waits as long as it asks', async () => {
    fake.answer(({ path }) =>
      path === '/auth/token'
        ? { status: 201, body: { access_token: 't' } }
        : { status: 429, headers: { 'retry-after': '77' } },
    );
    await expect(open(fake.url).find(aStart())).rejects.toMatchObject({
      code: 'executor_unavailable',
      retryAfterMs: 77_000,
    });
  });

  it('that answers 502 to a start: the outcome is unknown, and to a look: try later', async () => {
    fake.answer(({ path, method }) =>
      path === '/auth/token'
        ? { status: 201, body: { access_token: 't' } }
        : method === 'POST'
          ? { status: 502 }
          : { status: 200, body: { dag_runs: [] } },
    );
    await expect(open(fake.url).start(aStart())).rejects.toBeInstanceOf(OutcomeUnknownError);
    fake.answer(() => ({ status: 502 }));
    await expect(open(fake.url).find(aStart())).rejects.toBeInstanceOf(ExecutorUnavailableError);
  });

  it('that refuses the credentials twice: says so and whom to ask', async () => {
    fake.answer(({ path }) =>
      path === '/auth/token' ? { status: 201, body: { access_token: 't' } } : { status: 401 },
    );
    await expect(open(fake.url).find(aStart())).rejects.toThrow(/credentials.*administrator/);
  });

  it('that has no such DAG: the catalog is wrong', async () => {
    fake.answer(({ path }) =>
      path === '/auth/token'
        ? { status: 201, body: { access_token: 't' } }
        : { status: 404, body: { detail: 'DAG not found' } },
    );
    const ask = {
      pipeline: 'gone',
      slices: aStart().slices,
      reprocess: 'all' as const,
      direction: 'forward' as const,
      concurrency: 1,
    };
    await expect(open(fake.url).preview(ask)).rejects.toBeInstanceOf(ExecutorRefusedError);
  });
});

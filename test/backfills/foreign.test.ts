import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buildSchema, type GraphQLSchema, graphql, parse, validate } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { documents } from '../../src/backfills/executors/dagster/documents.js';
import { dagster, dagsterPartition } from '../../src/backfills/executors/dagster/index.js';
import { dbtCloud, microbatch } from '../../src/backfills/executors/dbt-cloud/index.js';
import { ExecutorRefusedError, OutcomeUnknownError } from '../../src/backfills/executors/executor.js';
import { prefect } from '../../src/backfills/executors/prefect/index.js';
import { webhook } from '../../src/backfills/executors/webhook/index.js';
import { describeWithShared, sharedPath } from '../helpers/shared.js';
import { aContext, aStart } from './chunk-start.js';
import { dagsterState } from './dagster-state.js';
import { dbtCloudState } from './dbt-cloud-state.js';
import { type FakeServer, startFakeServer } from './fake-server.js';
import { deploymentId, prefectState } from './prefect-state.js';
import { type Prism, startPrism } from './prism.js';

describeWithShared(
  'specs/prefect',
  'Prefect, each request and answer checked against its published specification [executor prefect: contract]',
  () => {
    let fake: FakeServer;
    let prism: Prism;
    let pf: ReturnType<typeof prefectState>;

    beforeAll(async () => {
      fake = await startFakeServer();
      prism = await startPrism(['prefect', 'server-openapi.json'], { upstream: fake.url });
    });
    beforeEach(() => {
      pf = prefectState({ deployment: 'etl/orders', paused: true });
      fake.answer(pf.answer);
    });
    afterAll(async () => {
      expect(prism.violations()).toEqual([]);
      prism.stop();
      await fake.close();
    });
    const open = () =>
      prefect.open(
        { name: 'pf', type: 'prefect', url: prism.url, token: { env: 'PF' } },
        aContext({ PF: 't' }),
      );

    it('starts one run per key, however often it is asked', async () => {
      const start = aStart({ pipeline: 'etl/orders' });
      expect(await open().find(start)).toBeNull();
      const first = await open().start(start);
      const second = await open().start(start);
      expect(second).toEqual(first);
      expect(await open().find(start)).toEqual(first);
      expect(pf.state.runs).toHaveLength(1);
    });

    it('makes no second run after a lost answer', async () => {
      const start = aStart({ pipeline: deploymentId });
      pf.state.lose = true;
      await expect(open().start(start)).rejects.toBeInstanceOf(OutcomeUnknownError);
      pf.state.lose = false;
      await open().start(start);
      expect(pf.state.runs).toHaveLength(1);
    });

    it('does not call it stopped while Prefect is still cancelling', async () => {
      const start = aStart({ pipeline: deploymentId });
      const handle = await open().start(start);
      expect(await open().cancel(handle, start)).toMatchObject({ stopped: false });
      expect(await open().standing(handle, start)).toEqual({ state: 'cancelling' });
    });

    it('reads every state', async () => {
      const start = aStart({ pipeline: deploymentId });
      const handle = await open().start(start);
      const seen: string[] = [];
      for (const type of [
        'SCHEDULED',
        'PENDING',
        'RUNNING',
        'PAUSED',
        'COMPLETED',
        'FAILED',
        'CRASHED',
        'CANCELLED',
        'CANCELLING',
      ]) {
        for (const run of pf.state.runs) run.state.type = type;
        seen.push(`${type} ${(await open().standing(handle, start)).state}`);
      }
      expect(seen).toEqual([
        'SCHEDULED queued',
        'PENDING queued',
        'RUNNING running',
        'PAUSED queued',
        'COMPLETED succeeded',
        'FAILED failed',
        'CRASHED failed',
        'CANCELLED cancelled',
        'CANCELLING cancelling',
      ]);
    });

    it('warns of a paused deployment before anybody approves', async () => {
      const found = await open().preview({
        pipeline: 'etl/orders',
        slices: aStart().slices,
        reprocess: 'all',
        direction: 'forward',
        concurrency: 1,
      });
      expect(found.facts.warnings[0]).toContain('paused');
    });
  },
);

describeWithShared(
  'specs/dbt-cloud',
  'dbt Cloud, each request and answer checked against its published specification [executor dbt-cloud: contract]',
  () => {
    let fake: FakeServer;
    let prism: Prism;
    let dbt: ReturnType<typeof dbtCloudState>;
    beforeAll(async () => {
      fake = await startFakeServer();
      prism = await startPrism(['dbt-cloud', 'openapi-v2.yaml'], { upstream: fake.url });
    });
    beforeEach(() => {
      dbt = dbtCloudState();
      fake.answer(dbt.answer);
    });
    afterAll(async () => {
      expect(prism.violations()).toEqual([]);
      prism.stop();
      await fake.close();
    });
    const open = () =>
      dbtCloud.open(
        { name: 'dbt', type: 'dbt-cloud', url: prism.url, accountId: 5, token: { env: 'DBT' }, jobId: 42 },
        aContext({ DBT: 't' }),
      );

    it('runs the model over the window as microbatch flags in UTC, with our key in the cause', async () => {
      const start = aStart({ days: 3 });
      await open().start(start);
      const sent = fake.asked.findLast(({ method }) => method === 'POST')?.body as {
        cause: string;
        steps_override: string[];
      };
      expect(sent.steps_override).toEqual([
        'dbt run --select orders_daily --event-time-start "2026-10-01T00:00:00" --event-time-end "2026-10-04T00:00:00"',
      ]);
      expect(sent.cause).toContain(start.key);
    });

    it('finds a run that appears late, and is never told to start twice by itself', async () => {
      const start = aStart();
      dbt.state.lose = true;
      await expect(open().start(start)).rejects.toBeInstanceOf(OutcomeUnknownError);
      expect(await open().find(start)).toBeNull();
      dbt.state.clock = 2;
      expect((await open().find(start))?.externalId).toBe('100');
      expect(open().startsOnce).toBe(false);
    });

    it('reads every status, and waits for a cancelled run to end', async () => {
      const start = aStart();
      const handle = await open().start(start);
      expect(await open().cancel(handle, start)).toMatchObject({ stopped: false });
      const seen: string[] = [];
      for (const status of [1, 2, 3, 10, 20, 30]) {
        for (const run of dbt.state.runs) run.status = status;
        seen.push((await open().standing(handle, start)).state);
      }
      expect(seen).toEqual(['queued', 'queued', 'running', 'succeeded', 'failed', 'cancelled']);
    });

    it.each(['orders; rm -rf /', '--full-refresh', 'a b', '"x"', '$(id)'])(
      'lets no model name become a command: %s',
      (name) => {
        expect(() => microbatch(name, aStart().slices)).toThrow(ExecutorRefusedError);
      },
    );
  },
);

describeWithShared(
  'specs/dagster',
  'Dagster, documents and answers checked against its published schema [executor dagster: contract]',
  () => {
    let schema: GraphQLSchema;
    let fake: FakeServer;
    let state: ReturnType<typeof dagsterState>;
    let lose: boolean;
    beforeAll(async () => {
      schema = buildSchema(readFileSync(sharedPath('specs', 'dagster', 'schema.graphql'), 'utf8'));
      fake = await startFakeServer();
    });
    afterAll(() => fake.close());
    beforeEach(() => {
      state = dagsterState();
      lose = false;
    });

    /** Executes the request against the published schema, so that what the executor reads is what Dagster may say. */
    async function serve(url: string): Promise<typeof fetch> {
      return async (_input, init) => {
        const { query, variables } = JSON.parse(String(init?.body));
        const answer = await graphql({
          schema,
          source: query,
          variableValues: variables,
          rootValue: state.root,
        });
        expect(answer.errors ?? []).toEqual([]);
        if (lose && query.includes('StewardLaunch'))
          throw new TypeError('fetch failed', { cause: new Error('socket hang up') });
        return new Response(JSON.stringify(answer), {
          status: 200,
          headers: { 'content-type': 'application/json', 'x-from': url },
        });
      };
    }
    const open = async () =>
      dagster.open(
        { name: 'dg', type: 'dagster', url: `${fake.url}/graphql` },
        { ...aContext(), fetch: await serve(fake.url) },
      );

    it.each(Object.entries(documents))('the document %s is valid', (_, document) => {
      expect(validate(schema, parse(document))).toEqual([]);
    });

    it('launches the exact partitions with our key as a tag, and finds them by it after a lost answer', async () => {
      const executor = await open();
      const start = aStart({ days: 2, pipeline: 'marts/orders' });
      lose = true;
      await expect(executor.start(start)).rejects.toBeInstanceOf(OutcomeUnknownError);
      expect((await executor.find(start))?.externalId).toBe('b1');
      expect(await executor.find(aStart())).toBeNull();
    });

    it('is not cancelled while runs of it go on, whatever its status says', async () => {
      const executor = await open();
      const start = aStart({ pipeline: 'marts/orders' });
      const handle = await executor.start(start);
      for (const one of state.backfills) one.unfinished = 1;
      expect(await executor.cancel(handle, start)).toMatchObject({ stopped: false });
      expect(await executor.standing(handle, start)).toEqual({ state: 'cancelling' });
      for (const one of state.backfills) one.unfinished = 0;
      expect(await executor.standing(handle, start)).toEqual({ state: 'cancelled' });
    });

    it('says Dagster’s own words when it refuses', async () => {
      const executor = await open();
      const start = {
        ...aStart({ pipeline: 'marts/orders' }),
        slices: [{ key: '1999-01-01', start: new Date('1999-01-01'), end: new Date('1999-01-02') }],
      };
      await expect(executor.start(start)).rejects.toThrow(/no such partition/);
    });

    it('previews what Dagster would do and what stands there', async () => {
      const executor = await open();
      const found = await executor.preview({
        pipeline: 'marts/orders',
        slices: aStart({ days: 2 }).slices,
        reprocess: 'all',
        direction: 'forward',
        concurrency: 1,
      });
      expect(found.dryRun).toBe('Dagster would materialise marts/orders: 2026-10-01 to 2026-10-02.');
      expect([...found.standing.values()].map(({ state }) => state)).toEqual(['failed', 'missing']);
    });

    it('names partitions as Dagster does', () => {
      const at = new Date();
      expect(
        ['2026-10-01', '2026-10', '2026-10-25T02:00+02:00'].map((key) =>
          dagsterPartition({ key, start: at, end: at }),
        ),
      ).toEqual(['2026-10-01', '2026-10-01', '2026-10-25-02:00']);
    });
  },
);

describe('a system of one’s own, by webhook', () => {
  let fake: FakeServer;
  beforeAll(async () => {
    fake = await startFakeServer();
  });
  afterAll(() => fake.close());

  it('is spoken to by signed requests with one idempotency key per start [executor webhook: real]', async () => {
    fake.answer(({ body }) => ({
      status: 200,
      body: {
        id: 'r1',
        state: (body as { action: string }).action === 'status' ? 'succeeded' : 'queued',
        rows: [{ key: '2026-10-01', after: 7 }],
      },
    }));
    const executor = webhook.open(
      { name: 'own', type: 'webhook', url: `${fake.url}/hook`, secret: { env: 'HOOK' } },
      aContext({ HOOK: 'shh' }),
    );
    const start = aStart();
    const handle = await executor.start(start);
    const sent = fake.asked.at(-1);
    const [, seconds = '', signature = ''] =
      /^t=(\d+),v1=([0-9a-f]+)$/.exec(String(sent?.headers['x-steward-signature'])) ?? [];
    expect(createHmac('sha256', 'shh').update(`${seconds}.${sent?.text}`).digest('hex')).toBe(signature);
    expect(sent?.headers['idempotency-key']).toBe(start.key);
    expect(await executor.standing(handle, start)).toEqual({
      state: 'succeeded',
      rows: [{ key: '2026-10-01', after: 7 }],
    });
  });
});

import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { buildSchema, graphqlSync } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startUnknownAgain } from '../../src/backfills/control/retry.js';
import { openExecutors } from '../../src/backfills/executors/open.js';
import { stewardConfig } from '../../src/config/steward-schema.js';
import { requeueDue } from '../../src/jobs/requeue.js';
import { describeWithShared, sharedPath } from '../helpers/shared.js';
import { airflowState } from './airflow-state.js';
import { baseConfig, noon } from './company.js';
import { dagsterState } from './dagster-state.js';
import { dbtCloudState } from './dbt-cloud-state.js';
import { drain } from './drain.js';
import { type Asked, type FakeServer, startFakeServer, type Told } from './fake-server.js';
import { prefectState } from './prefect-state.js';
import { bundleWorker, type KillPoint, startWorker, type WorkerSettings } from './processes.js';
import { withWarehouse } from './warehouse.js';
import { makeWorld, type World } from './world.js';

const full = process.env.CI === 'true' || process.env.STEWARD_FULL === '1';
/** Kill points tried with each executor beside those at its first start, spread over all that the worker says to it. */
const spread = full ? 3 : 1;
const days = ['2026-11-19', '2026-11-20'];
const speed = 20;

/** A system that goes on whoever dies here. */
interface System {
  answer: (asked: Asked) => Told;
  /** Days it was made to build, once for every time. */
  built: () => string[];
}

interface Place {
  entry: Record<string, unknown>;
  make: () => System;
}

const dbtCloud: Place = {
  entry: { type: 'dbt-cloud', accountId: 5, token: { env: 'S' }, jobId: 42, chunkSize: 1 },
  make() {
    const dbt = dbtCloudState({ late: true, advancing: true });
    return { answer: dbt.answer, built: dbt.days };
  },
};

const dagster: Place = {
  entry: { type: 'dagster', chunkSize: 1 },
  make() {
    const schema = buildSchema(readFileSync(sharedPath('specs', 'dagster', 'schema.graphql'), 'utf8'));
    const { backfills, root } = dagsterState({ advancing: true });
    return {
      answer({ body }) {
        const { query, variables } = Object(body);
        const told = graphqlSync({ schema, source: query, variableValues: variables, rootValue: root });
        return { status: told.errors === undefined ? 200 : 400, body: told };
      },
      built: () => backfills.flatMap(({ partitions }) => partitions),
    };
  },
};

/** Its scheduled runs of these days are there, as they are when somebody asks for a backfill: they are cleared, not made. */
const airflow: Place = {
  entry: { type: 'airflow', auth: { type: 'password', username: 'steward', password: { env: 'S' } } },
  make() {
    const { state, answer, builds } = airflowState({ advancing: true });
    for (const day of days)
      state.runs.push({
        dag_run_id: `scheduled__${day}`,
        logical_date: `${day}T00:00:00.000Z`,
        state: 'success',
        end_date: `${day}T02:00:00Z`,
        note: null,
        run_type: 'scheduled',
      });
    return { answer, built: () => [...builds].flatMap(([day, times]) => Array<string>(times).fill(day)) };
  },
};

const prefect: Place = {
  entry: { type: 'prefect', token: { env: 'S' } },
  make() {
    const { answer, days: built } = prefectState({
      deployment: 'orders_daily/orders_daily',
      advancing: true,
    });
    return { answer, built };
  },
};

let file: string;
beforeAll(async () => {
  file = await bundleWorker();
}, 120_000);
afterAll(() => rm(path.dirname(file), { recursive: true, force: true }));

async function stateOf(world: World, id: string): Promise<string> {
  const { db } = world.services;
  return (await db.selectFrom('backfill').select('state').where('id', '=', id).executeTakeFirstOrThrow())
    .state;
}

/** Whether a start came to anything is not known, and whoever asked has been told to look. */
async function saysThatItIsNotKnown(world: World, id: string): Promise<boolean> {
  const { db } = world.services;
  const event = db.selectFrom('backfill_event').select('id').where('backfill_id', '=', id);
  return (await event.where('kind', '=', 'unknown').executeTakeFirst()) !== undefined;
}

/** A backfill of two days, just approved by policy, at a system that has not heard of it. */
async function fresh(world: World, fake: FakeServer, place: Place): Promise<{ id: string; system: System }> {
  await withWarehouse(world.database.adminUrl, (client) =>
    client.query(
      'truncate backfill, backfill_chunk, outbox, asset_notice, approval_request, slack_message cascade',
    ),
  );
  const system = place.make();
  fake.answer(system.answer);
  const { id } = await world.ask('rita', { window: 'last 2 days', concurrency: 1 }, crypto.randomUUID());
  fake.asked.length = 0;
  return { id, system };
}

describeWithShared('specs/dagster', 'a worker killed at every step of what it says to', () => {
  it.each([
    ['dbt Cloud', dbtCloud, ''],
    ['Dagster', dagster, '/graphql'],
    ['Airflow', airflow, ''],
    ['Prefect', prefect, ''],
  ])(
    '%s: the next one rebuilds each partition exactly once, by itself or after a person has seen that nothing runs',
    async (name, place, under) => {
      const fake = await startFakeServer();
      const executors = [
        { name: 'warehouse', url: `${fake.url}${under}`, appearsWithin: '30s', ...place.entry },
      ];
      const config = { ...baseConfig, executors };
      const world = await makeWorld({
        config: { executors },
        executors: openExecutors(stewardConfig.parse(config), {
          fetch: globalThis.fetch,
          secret: () => 'secret',
          baseDir: process.cwd(),
          warehouseUrl: () => '',
          now: () => new Date(),
        }),
      });
      const { services } = world;
      const settings: WorkerSettings = {
        database: world.database.url,
        warehouse: world.warehouseUrl,
        config,
        atOnce: 2,
        startedAt: Date.now(),
        speed,
      };
      const begun = await fresh(world, fake, place);
      let started = 0;
      await drain(services, {
        until: async () => {
          if (started === 0 && begun.system.built().length > 0) started = fake.asked.length;
          return false;
        },
      });
      expect(await stateOf(world, begun.id)).toBe('succeeded');
      const requests = fake.asked.length;
      const kills: KillPoint[] = [
        { at: started, how: 'before', of: 'http' },
        { at: started, how: 'after', of: 'http' },
        ...Array.from({ length: spread }, (_, n) => ({
          at: 1 + Math.floor(((n + 0.5) * requests) / spread),
          how: n % 2 === 0 ? ('after' as const) : ('before' as const),
          of: 'http' as const,
        })),
      ];
      let asked = 0;
      for (const kill of kills) {
        const where = `after a kill ${kill.how} request ${kill.at} of ${requests}`;
        settings.startedAt = Date.now() - (services.clock.now().getTime() - noon.getTime()) / speed;
        const { id, system } = await fresh(world, fake, place);
        const { signal, output } = await startWorker(file, settings, kill).ended;
        expect(signal, `${where}: ${output}`).toBe('SIGKILL');
        services.clock.set(new Date(noon.getTime() + (Date.now() - settings.startedAt) * speed));
        await requeueDue(services.db, services.clock.now());
        await drain(services, { until: () => saysThatItIsNotKnown(world, id) });
        if ((await stateOf(world, id)) === 'running') {
          asked += 1;
          const person = await world.person('rita');
          const actor = { personId: person.id, kind: 'person', channel: 'slack' } as const;
          const now = services.clock.now();
          await startUnknownAgain(services, { backfillId: id, acting: { person }, actor, now });
          await drain(services);
        }
        expect(await stateOf(world, id), where).toBe('succeeded');
        expect(system.built().sort(), where).toEqual(days);
      }
      console.log(
        `${kills.length} kill points tried of ${requests} requests to ${name}, ${kills.length * days.length} partitions checked: each rebuilt exactly once; a person was asked ${asked} times`,
      );
      await fake.close();
    },
    300_000,
  );
});

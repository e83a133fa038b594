import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachAlert } from '../../src/backfills/attach-alert.js';
import { cancelBackfill } from '../../src/backfills/control/cancel.js';
import type { ControlParams } from '../../src/backfills/control/control.js';
import { pauseBackfill } from '../../src/backfills/control/pause.js';
import { resumeBackfill } from '../../src/backfills/control/resume.js';
import { retryBackfill, startUnknownAgain } from '../../src/backfills/control/retry.js';
import { openExecutors } from '../../src/backfills/executors/open.js';
import { showBackfill } from '../../src/slack/cards/backfill.js';
import { baseConfig } from './company.js';
import { drain } from './drain.js';
import { type FakeServer, startFakeServer, type Told } from './fake-server.js';
import { ownSystem } from './own-system.js';
import { makeWorld, type World } from './world.js';

/** A whole run against an executor over HTTP whose behaviour each test decides. */
let fake: FakeServer;
beforeAll(async () => {
  fake = await startFakeServer();
});
afterAll(() => fake.close());

async function worldWith(entry: Record<string, unknown>): Promise<World> {
  const config = { ...baseConfig, executors: [{ name: 'warehouse', ...entry }] };
  const world = await makeWorld({
    config: { executors: config.executors },
    executors: openExecutors(config as never, {
      fetch: globalThis.fetch,
      secret: () => 'secret',
      baseDir: process.cwd(),
      warehouseUrl: () => {
        throw new Error('no warehouse');
      },
      now: () => new Date(),
    }),
  });
  return world;
}

const own = () => ({ type: 'webhook', url: `${fake.url}/run`, secret: { env: 'S' }, stallAfter: '10m' });
const dbt = () => ({
  type: 'dbt-cloud',
  url: fake.url,
  accountId: 5,
  token: { env: 'S' },
  jobId: 42,
  chunkSize: 1,
  appearsWithin: '2m',
});

async function by(world: World, name: string, backfillId: string): Promise<ControlParams> {
  const person = await world.person(name);
  return {
    backfillId,
    acting: { person },
    actor: { personId: person.id, kind: 'person', channel: 'slack' },
    now: world.services.clock.now(),
  };
}

async function stateOf(world: World, id: string): Promise<string> {
  return (
    await world.services.db
      .selectFrom('backfill')
      .select('state')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  ).state;
}

async function chunkStates(world: World, id: string): Promise<string[]> {
  const rows = await world.services.db
    .selectFrom('backfill_chunk')
    .select('state')
    .where('backfill_id', '=', id)
    .orderBy('seq')
    .execute();
  return rows.map(({ state }) => state);
}

async function history(world: World, id: string): Promise<string> {
  const rows = await world.services.db
    .selectFrom('backfill_event')
    .select('text')
    .where('backfill_id', '=', id)
    .orderBy('at')
    .execute();
  return rows.map(({ text }) => text).join('\n');
}

describe('an executor that is down', () => {
  it('before the start: the backfill waits for it and then runs', async () => {
    const system = ownSystem(fake);
    const world = await worldWith(own());
    system.next = 'succeeded';
    const asked = await world.ask('rita', { window: 'yesterday' });
    system.down = true;
    await drain(world.services, { maxSteps: 2 });
    expect(await stateOf(world, asked.id)).toBe('waiting');
    expect(await history(world, asked.id)).toContain('Waiting: warehouse did not answer.');
    system.down = false;
    await drain(world.services);
    expect(await stateOf(world, asked.id)).toBe('succeeded');
    expect(system.starts).toBe(1);
  });

  it('while it runs: the look is repeated, the run is not', async () => {
    const system = ownSystem(fake);
    const world = await worldWith(own());
    system.next = 'running';
    const asked = await world.ask('rita', { window: 'yesterday' });
    await drain(world.services, { until: async () => (await chunkStates(world, asked.id))[0] === 'running' });
    system.down = true;
    await drain(world.services, { maxSteps: 4 });
    expect(await chunkStates(world, asked.id)).toEqual(['running']);
    system.down = false;
    for (const run of system.runs.values()) run.state = 'succeeded';
    await drain(world.services);
    expect(await stateOf(world, asked.id)).toBe('succeeded');
    expect(system.starts).toBe(1);
  });

  it('in the middle of the start: the lost answer is adopted, never doubled [executor webhook: real]', async () => {
    const system = ownSystem(fake);
    const world = await worldWith(own());
    system.next = 'succeeded';
    system.loseStarts = 1;
    const asked = await world.ask('rita', { window: 'last 2 days', concurrency: 1 });
    await drain(world.services);
    expect(await stateOf(world, asked.id)).toBe('succeeded');
    expect(system.starts).toBe(2);
    expect(await history(world, asked.id)).toContain('adopted, not started twice');
  });
});

describe('an executor that takes no id of ours', () => {
  it('is not told twice after a lost answer; a person is asked when the run does not show up, or nobody can look for it', async () => {
    let starts = 0;
    let down = false;
    let visible: { id: number; status: number; trigger: { cause: string; job_definition_id: number } }[] = [];
    let lost = true;
    fake.answer(({ method, path, body }): Told => {
      const envelope = (data: unknown) => ({ status: 200, body: { data } });
      if (down && method === 'GET') return { status: 503, body: {} };
      if (path.endsWith('/jobs/42/')) return envelope({ id: 42 });
      if (method === 'POST' && path.endsWith('/run/')) {
        starts += 1;
        const run = {
          id: starts,
          status: 10,
          trigger: { cause: (body as { cause: string }).cause, job_definition_id: 42 },
        };
        if (!lost) visible = [...visible, run];
        down = lost;
        return { ...envelope(run), lost };
      }
      const one = /\/runs\/(\d+)\/$/.exec(path);
      if (one !== null)
        return envelope(
          visible.find(({ id }) => id === Number(one[1])) ?? { id: Number(one[1]), status: 10 },
        );
      return envelope(visible);
    });
    const world = await worldWith(dbt());
    const asked = await world.ask('rita', { window: 'yesterday' });
    await drain(world.services, {
      until: async () => (await history(world, asked.id)).includes('cannot be asked at the moment'),
    });
    down = false;
    await drain(world.services, {
      until: async () => (await history(world, asked.id)).includes('does not show it'),
    });
    expect(await chunkStates(world, asked.id)).toEqual(['unknown']);
    expect(starts).toBe(1);
    await drain(world.services, { maxSteps: 6 });
    expect(starts).toBe(1);
    const told = await world.services.db
      .selectFrom('slack_message')
      .select('id')
      .where('card_id', '=', asked.id)
      .where('variant', '=', 'unknown')
      .execute();
    expect(told).toHaveLength(1);
    lost = false;
    await startUnknownAgain(world.services, await by(world, 'ona', asked.id));
    await drain(world.services);
    expect(await stateOf(world, asked.id)).toBe('succeeded');
    expect(starts).toBe(2);
  });
});

describe('a chunk that never ends', () => {
  it('is called stalled after its time, told once, still watched, and may still succeed', async () => {
    const system = ownSystem(fake);
    const world = await worldWith(own());
    system.next = 'running';
    const asked = await world.ask('rita', { window: 'yesterday' });
    await drain(world.services, { until: async () => (await chunkStates(world, asked.id))[0] === 'stalled' });
    await drain(world.services, { maxSteps: 10 });
    expect(await chunkStates(world, asked.id)).toEqual(['stalled']);
    const told = await world.services.db
      .selectFrom('slack_message')
      .select('id')
      .where('card_id', '=', asked.id)
      .where('variant', '=', 'stalled')
      .execute();
    expect(told).toHaveLength(1);
    for (const run of system.runs.values()) run.state = 'succeeded';
    await drain(world.services);
    expect(await stateOf(world, asked.id)).toBe('succeeded');
  });
});

describe('a run that cannot be seen any more', () => {
  it('is called stalled after its time too, with what stands in the way, and may still succeed', async () => {
    const system = ownSystem(fake);
    const world = await worldWith(own());
    system.next = 'running';
    const asked = await world.ask('rita', { window: 'yesterday' });
    await drain(world.services, { until: async () => (await chunkStates(world, asked.id))[0] === 'running' });
    for (const run of system.runs.values()) run.state = 'a word of its own';
    await drain(world.services, { until: async () => (await chunkStates(world, asked.id))[0] === 'stalled' });
    expect(await history(world, asked.id)).toMatch(
      /2026-11-20 was started 1\d min ago, and warehouse does not say how it stands: warehouse answered with what cannot be read \(state\)\./,
    );
    for (const run of system.runs.values()) Object.assign(run, { state: 'succeeded', rows: 10 });
    await drain(world.services);
    expect(await stateOf(world, asked.id), 'however its rows are counted').toBe('succeeded');
  });
});

describe('a chunk that does not begin', () => {
  it('but is only queued is said to be queued behind others', async () => {
    const system = ownSystem(fake);
    const world = await worldWith(own());
    const asked = await world.ask('rita', { window: 'yesterday' });
    await drain(world.services, { until: async () => (await chunkStates(world, asked.id))[0] === 'stalled' });
    expect(await history(world, asked.id)).toMatch(
      /2026-11-20 has been queued in warehouse for 1\d min and has not begun: other runs there, scheduled ones for example, go first/,
    );
    for (const run of system.runs.values()) run.state = 'succeeded';
    await drain(world.services);
    expect(await stateOf(world, asked.id)).toBe('succeeded');
  });
});

describe('steering a run', () => {
  it('pause starts nothing new and says what runs on; resume goes on; nobody else may', async () => {
    const system = ownSystem(fake);
    const world = await worldWith(own());
    system.next = 'running';
    const asked = await world.ask('rita', { window: 'last 3 days', concurrency: 1 });
    await drain(world.services, { until: async () => (await chunkStates(world, asked.id))[0] === 'running' });
    await expect(pauseBackfill(world.services, await by(world, 'gus', asked.id))).rejects.toMatchObject({
      code: 'not_allowed',
    });
    expect(await pauseBackfill(world.services, await by(world, 'ona', asked.id))).toContain(
      'Still running to their end: 2026-11-18',
    );
    for (const run of system.runs.values()) run.state = 'succeeded';
    await drain(world.services);
    expect(await chunkStates(world, asked.id)).toEqual(['succeeded', 'pending', 'pending']);
    system.next = 'succeeded';
    expect(await resumeBackfill(world.services, await by(world, 'rita', asked.id))).toContain(
      '2 partitions left',
    );
    await drain(world.services);
    expect(await stateOf(world, asked.id)).toBe('succeeded');
    await expect(pauseBackfill(world.services, await by(world, 'rita', asked.id))).rejects.toMatchObject({
      code: 'illegal_transition',
    });
  });

  it('cancel says what still runs and is only over when that has ended', async () => {
    const system = ownSystem(fake);
    const world = await worldWith(own());
    system.next = 'running';
    const asked = await world.ask('rita', { window: 'last 3 days', concurrency: 1 });
    await drain(world.services, { until: async () => (await chunkStates(world, asked.id))[0] === 'running' });
    expect(await cancelBackfill(world.services, await by(world, 'rita', asked.id))).toContain(
      'Still running: 2026-11-18',
    );
    await drain(world.services, { maxSteps: 6 });
    expect(await stateOf(world, asked.id)).toBe('cancelling');
    for (const run of system.runs.values()) run.state = 'cancelled';
    await drain(world.services);
    expect(await stateOf(world, asked.id)).toBe('cancelled');
    expect(await chunkStates(world, asked.id)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(system.starts).toBe(1);
  });

  it('cancel while waiting for approval withdraws it, by whoever asked only', async () => {
    ownSystem(fake);
    const world = await worldWith(own());
    const asked = await world.ask('rita', { window: 'last 10 days' });
    expect(asked.outcome).toBe('pending');
    await expect(cancelBackfill(world.services, await by(world, 'ada', asked.id))).rejects.toMatchObject({
      code: 'not_allowed',
    });
    await cancelBackfill(world.services, await by(world, 'rita', asked.id));
    expect(await stateOf(world, asked.id)).toBe('withdrawn');
  });

  it('approval by the owner starts it; a denial ends it with the reason', async () => {
    const system = ownSystem(fake);
    system.next = 'succeeded';
    const world = await worldWith(own());
    const asked = await world.ask('rita', { window: '2026-11-01 to 2026-11-10' });
    const other = await world.ask('gus', { window: '2026-10-01 to 2026-10-10' });
    const requestOf = async (id: string) =>
      (
        await world.services.db
          .selectFrom('backfill')
          .select('approval_id')
          .where('id', '=', id)
          .executeTakeFirstOrThrow()
      ).approval_id ?? '';
    const ona = await world.person('ona');
    const decide = async (id: string, verdict: 'approve' | 'deny', reason: string | null) =>
      world.services.approvals.decide({
        requestId: await requestOf(id),
        personId: ona.id,
        actor: { personId: ona.id, kind: 'person', channel: 'slack' },
        verdict,
        reason,
        now: world.services.clock.now(),
      });
    await decide(asked.id, 'approve', null);
    await decide(other.id, 'deny', 'The source is still late.');
    await drain(world.services);
    expect(await stateOf(world, asked.id)).toBe('succeeded');
    expect(await stateOf(world, other.id)).toBe('declined');
    expect(await history(world, other.id)).toContain('The source is still late.');
    await expect(retryBackfill(world.services, await by(world, 'rita', asked.id))).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  it('a run that somebody cancelled over there counts as failed, and is not started again by itself', async () => {
    const system = ownSystem(fake);
    system.next = 'cancelled';
    const world = await worldWith(own());
    const asked = await world.ask('rita', { window: 'yesterday' });
    await drain(world.services);
    expect(await stateOf(world, asked.id)).toBe('failed');
    expect(await history(world, asked.id)).toContain('not by Steward');
    expect(system.starts).toBe(1);
  });
});

describe('what others see of a running backfill', () => {
  it('alerts about the asset attach to it and open nothing; alerts downstream do not', async () => {
    const system = ownSystem(fake);
    system.next = 'running';
    const world = await worldWith(own());
    const asked = await world.ask('rita', { window: 'yesterday' });
    await drain(world.services, { until: async () => (await chunkStates(world, asked.id))[0] === 'running' });
    const { db, catalog, clock } = world.services;
    const { asset_id } = await db
      .selectFrom('backfill')
      .select('asset_id')
      .where('id', '=', asked.id)
      .executeTakeFirstOrThrow();
    const metric = catalog.current().view.byName('revenue', 'metric')[0]?.id ?? '';
    const attach = (assetId: string, at = clock.now()) =>
      db
        .transaction()
        .execute((trx) =>
          attachAlert(trx, { assetId, run: null, summary: 'Volume dropped', at, now: clock.now() }),
        );
    const before = new Date(clock.now().getTime() - 3_600_000);
    expect(await attach(asset_id, before), 'it fired before the backfill began').toBeNull();
    expect(await attach(asset_id)).toMatchObject({ reference: 'BF-1' });
    expect(await attach(metric)).toBeNull();
    expect(await history(world, asked.id)).toContain('Alert while it runs: Volume dropped');
    const during = clock.now();
    for (const run of system.runs.values()) run.state = 'succeeded';
    await drain(world.services);
    clock.set(new Date(clock.now().getTime() + 60_000));
    expect(await attach(asset_id, during), 'it fired while it ran and came late').toMatchObject({
      reference: 'BF-1',
    });
    expect(await attach(asset_id), 'it fired when all was over').toBeNull();
  });

  it('the card says it all as text, keeps to three buttons and names no hidden dataset in a channel', async () => {
    const system = ownSystem(fake);
    system.next = 'running';
    const world = await worldWith(own());
    const asked = await world.ask('rita', { window: 'last 3 days', reason: 'Late <!channel> orders' });
    const { services } = world;
    const load = async () =>
      services.db.selectFrom('backfill').selectAll().where('id', '=', asked.id).executeTakeFirstOrThrow();
    const shown = async (variant: string) =>
      showBackfill(services, await load(), { variant, now: services.clock.now() });
    expect((await shown('requester')).text).not.toContain('<!channel>');
    await drain(services, { until: async () => (await chunkStates(world, asked.id))[0] === 'running' });
    const card = await shown('channel');
    expect(card.text).toContain('BF-1 orders_daily: running');
    expect(card.text).toContain('0 of 3 done');
    const actions = card.blocks.find(({ type }) => type === 'actions');
    expect(
      actions?.type === 'actions'
        ? actions.elements.map((one) => ('action_id' in one ? one.action_id : ''))
        : [],
    ).toEqual(['backfill:pause', 'backfill:cancel', 'backfill:watch']);
    await services.db
      .updateTable('backfill')
      .set({
        asset_id: services.catalog.current().view.byName('salaries_daily')[0]?.id ?? '',
        asset_name: 'salaries_daily',
      })
      .where('id', '=', asked.id)
      .execute();
    expect(JSON.stringify(await shown('channel'))).not.toContain('salaries_daily');
  });
});

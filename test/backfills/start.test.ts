import { describe, expect, it } from 'vitest';
import { askQuestion } from '../../src/answers/ask.js';
import { declareIncident } from '../../src/incidents/declare.js';
import { drain } from './drain.js';
import { slowSql } from './warehouse.js';
import { makeWorld, type World } from './world.js';

async function rowOf(world: World, id: string) {
  return world.services.db.selectFrom('backfill').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

async function declareOn(world: World, name: string): Promise<void> {
  const ona = await world.person('ona');
  await declareIncident(world.services, {
    title: 'Orders arrive twice',
    severity: 'sev2',
    assetIds: [world.services.catalog.current().view.byName(name)[0]?.id ?? ''],
    via: 'test',
    deliveryKey: 'declared',
    actor: { personId: ona.id, kind: 'person', channel: 'slack' },
    now: world.services.clock.now(),
  });
}

describe('quiet hours', () => {
  const quietHours = { from: '22:00', to: '06:00' };

  it('that began since the approval hold the start until they are over, and say so', async () => {
    const world = await makeWorld({ now: new Date('2026-11-20T21:58:00Z'), config: { quietHours } });
    const asked = await world.ask('rita');
    world.services.clock.set(new Date('2026-11-20T22:01:00Z'));
    await drain(world.services, { maxSteps: 3 });
    expect(await rowOf(world, asked.id)).toMatchObject({
      state: 'waiting',
      hold: 'Quiet hours (22:00 to 06:00, UTC) began since it was approved. It starts when they are over.',
    });
    world.services.clock.set(new Date('2026-11-21T06:00:00Z'));
    await drain(world.services);
    expect(await rowOf(world, asked.id)).toMatchObject({ state: 'succeeded' });
  });

  it('in which somebody approved it are no reason to wait', async () => {
    const world = await makeWorld({ now: new Date('2026-11-20T23:00:00Z'), config: { quietHours } });
    const asked = await world.ask('rita');
    expect((await rowOf(world, asked.id)).preview.conflicts.map(({ kind }) => kind)).toEqual(['quiet-hours']);
    await drain(world.services);
    expect(await rowOf(world, asked.id)).toMatchObject({ state: 'succeeded' });
  });
});

describe('an incident that was declared between approval and start', () => {
  it('stops the start and asks the owner, who alone can let it go on', async () => {
    const world = await makeWorld();
    const asked = await world.ask('rita');
    await declareOn(world, 'orders_daily');
    await drain(world.services);
    expect(await rowOf(world, asked.id)).toMatchObject({
      state: 'halted',
      started_at: null,
      hold: expect.stringContaining('INC-1 is open on this asset'),
    });
    const told = await world.services.db
      .selectFrom('slack_message')
      .innerJoin('person', 'person.id', 'slack_message.person_id')
      .select(['person.email', 'variant'])
      .where('card_id', '=', asked.id)
      .where('variant', 'in', ['halted', 'decide'])
      .execute();
    expect(told).toEqual(
      expect.arrayContaining([
        { email: 'rita@lab.example', variant: 'halted' },
        { email: 'ona@lab.example', variant: 'decide' },
      ]),
    );
  });
});

describe('a metric whose mart is being rebuilt', () => {
  it('says so with the time by which it is expected to be over, and no longer once it is done', async () => {
    const world = await makeWorld({ pipelines: { orders_daily: { sql: slowSql(0.05) } } });
    // A first run tells how long the second will take.
    await world.ask('rita', { window: '2026-11-10' });
    await drain(world.services);
    const asked = await world.ask('rita', { window: 'last 3 days', concurrency: 1 });
    await drain(world.services, { until: async () => (await rowOf(world, asked.id)).state === 'running' });
    const answer = async () =>
      (
        await askQuestion(world.services, {
          question: 'what is revenue?',
          viewer: { teams: ['growth'] },
          now: world.services.clock.now(),
        })
      ).answer.text;
    expect(await answer()).toMatch(
      /CAUTION.*BF-2: rebuilding 3 days of orders_daily\. Expected to be over 2026-11-21 12:\d\d UTC/,
    );
    await drain(world.services);
    expect(await answer()).not.toContain('rebuilding 3 days');
  });
});

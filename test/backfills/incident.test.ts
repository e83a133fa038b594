import { expect, it } from 'vitest';
import { backfillRequestView } from '../../handlers/views/backfill-request.js';
import { lookForLaterResults } from '../../src/backfills/verify/verify-later.js';
import type { SignalDraft } from '../../src/catalog/asset.js';
import { makeCatalog } from '../../src/catalog/snapshot.js';
import { declareIncident } from '../../src/incidents/declare.js';
import { ordersCatalog } from './company.js';
import { drain } from './drain.js';
import { callerOf } from './filled-form.js';
import { makeWorld, type World } from './world.js';

async function withIncident(catalog = ordersCatalog()) {
  const world = await makeWorld({ catalog });
  const rita = await world.person('rita');
  const assetId = world.services.catalog.current().view.byName('orders_daily')[0]?.id ?? '';
  const incident = await declareIncident(world.services, {
    title: 'Orders counted twice',
    severity: 'sev2',
    assetIds: [assetId],
    via: 'test',
    deliveryKey: 'declared',
    actor: { personId: rita.id, kind: 'person', channel: 'slack' },
    now: world.services.clock.now(),
  });
  return { world, incidentId: incident.id, rita };
}

async function tasks(world: World) {
  return world.services.db
    .selectFrom('incident_task')
    .select(['title', 'state', 'link'])
    .where('action', '=', 'backfill')
    .orderBy('number')
    .execute();
}

/** The catalog as it is read after `dbt test` has run. */
function measured(world: World, signals: Omit<SignalDraft, 'type'>[]): void {
  const snapshot = ordersCatalog();
  snapshot.signals = signals.map((signal) => ({ ...signal, type: 'test' as const }));
  const view = makeCatalog([{ source: 'shop', type: 'test', snapshot }]);
  const loaded = { ...world.services.catalog.current(), view };
  Object.assign(world.services, { catalog: { current: () => loaded } });
}

it('is a task of the incident, told in its timeline and ticked once it is verified', async () => {
  const { world, incidentId } = await withIncident();
  await world.ask('rita', { window: 'yesterday', incidentId });
  expect(await tasks(world)).toEqual([
    { title: 'BF-1: rebuild 1 day (UTC): 2026-11-20 of orders_daily', state: 'open', link: 'BF-1' },
  ]);
  await drain(world.services);
  expect(await tasks(world)).toMatchObject([{ state: 'done', link: 'BF-1' }]);
  const told = await world.services.db
    .selectFrom('incident_event')
    .select('text')
    .where('kind', '=', 'backfill')
    .where('incident_id', '=', incidentId)
    .execute();
  expect(told.map(({ text }) => text).sort()).toEqual([
    'BF-1 of orders_daily was asked for: 1 day (UTC): 2026-11-20',
    expect.stringContaining('BF-1 of orders_daily: The partition was rebuilt.'),
    expect.stringContaining('BF-1 of orders_daily: started'),
  ]);
});

it('takes the task that somebody had written down instead of adding another', async () => {
  const { world, incidentId } = await withIncident();
  const now = world.services.clock.now();
  await world.services.db
    .insertInto('incident_task')
    .values({
      incident_id: incidentId,
      number: 99,
      kind: 'follow_up',
      action: 'backfill',
      title: 'Rebuild yesterday',
      created_at: now,
      updated_at: now,
    })
    .execute();
  await world.ask('rita', { window: 'yesterday', incidentId });
  await drain(world.services);
  expect(await tasks(world)).toEqual([{ title: 'Rebuild yesterday', state: 'done', link: 'BF-1' }]);
});

it('that is withdrawn takes its own task back', async () => {
  const { world, incidentId, rita } = await withIncident();
  const asked = await world.ask('rita', { window: '2026-11-01 to 2026-11-10', incidentId });
  expect(asked.outcome).toBe('pending');
  const { cancelBackfill } = await import('../../src/backfills/control/cancel.js');
  await cancelBackfill(world.services, {
    backfillId: asked.id,
    acting: { person: rita },
    actor: { personId: rita.id, kind: 'person', channel: 'slack' },
    now: world.services.clock.now(),
  });
  expect(await tasks(world)).toMatchObject([{ state: 'dropped' }]);
});

it('is not called verified while the test that had failed has not run again; its task is ticked when it passes', async () => {
  const failed = {
    sourceId: 'model.shop.orders_daily',
    name: 'unique_day',
    status: 'fail' as const,
    observedAt: '2026-11-21T11:00:00Z',
  };
  const catalog = ordersCatalog();
  catalog.signals = [{ ...failed, type: 'test' }];
  const { world, incidentId } = await withIncident(catalog);
  const asked = await world.ask('rita', { window: 'yesterday', incidentId });
  await drain(world.services);
  const verification = async () =>
    (
      await world.services.db
        .selectFrom('backfill')
        .select('verification')
        .where('id', '=', asked.id)
        .executeTakeFirstOrThrow()
    ).verification;
  expect(await verification()).toMatchObject({ verdict: 'unverified' });
  expect(JSON.stringify(await verification())).toContain('unique_day failed before');
  expect(await tasks(world)).toMatchObject([{ state: 'open' }]);

  const later = new Date(world.services.clock.now().getTime() + 1_800_000).toISOString();
  measured(world, [failed, { ...failed, status: 'pass', observedAt: later }]);
  await drain(world.services, {
    later: true,
    until: async () => (await verification())?.verdict === 'verified',
  });
  expect(await tasks(world)).toMatchObject([{ state: 'done', link: 'BF-1' }]);

  const rows = await world.services.db
    .selectFrom('backfill_event')
    .select('text')
    .where('kind', '=', 'rows')
    .execute();
  expect(rows).toEqual([{ text: 'Rows before → now. 2026-11-20: 0 → 1.' }]);
});

it('is ticked by results that were read after everything stood still for a day, as soon as they are read', async () => {
  const failed = {
    sourceId: 'model.shop.orders_daily',
    name: 'unique_day',
    status: 'fail' as const,
    observedAt: '2026-11-21T11:00:00Z',
  };
  const catalog = ordersCatalog();
  catalog.signals = [{ ...failed, type: 'test' }];
  const { world, incidentId } = await withIncident(catalog);
  const { db, clock } = world.services;
  const read = (at: Date) =>
    db
      .insertInto('catalog_source')
      .values({ name: 'shop', type: 'test', position: 0, attempted_at: at, synced_at: at })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ synced_at: at }))
      .execute();
  await read(clock.now());
  await world.ask('rita', { window: 'yesterday', incidentId });
  await drain(world.services);

  const dayLater = new Date(clock.now().getTime() + 25 * 3_600_000);
  clock.set(dayLater);
  await drain(world.services, { later: true, dueOnly: true });
  expect(await tasks(world)).toMatchObject([{ state: 'open' }]);

  measured(world, [failed, { ...failed, status: 'pass', observedAt: dayLater.toISOString() }]);
  await read(dayLater);
  await lookForLaterResults(db, dayLater);
  await drain(world.services, { later: true, dueOnly: true });
  expect(await tasks(world)).toMatchObject([{ state: 'done', link: 'BF-1' }]);
});

it('is asked for in a form that knows the broken pipeline, the incident and why', async () => {
  const { world, incidentId } = await withIncident();
  const caller = await callerOf(world, 'rita');
  const form = JSON.stringify(await backfillRequestView.build(world.services, caller, { incidentId }));
  expect(form).toContain('"text":"orders_daily"');
  expect(form).toContain('"initial_value":"INC-1"');
  expect(form).toContain('"initial_value":"INC-1: Orders counted twice"');
});

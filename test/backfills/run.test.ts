import { beforeAll, describe, expect, it } from 'vitest';
import { makeCatalog } from '../../src/catalog/snapshot.js';
import { ordersCatalog } from './company.js';
import { drain } from './drain.js';
import { rebuilds, withWarehouse } from './warehouse.js';
import { makeWorld, type World } from './world.js';

describe('a small backfill from asking to verified', () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });

  it('runs at once by policy, rebuilds each day exactly once and verifies the rows', async () => {
    const asked = await world.ask('rita');
    expect(asked).toMatchObject({ outcome: 'approved', reference: 'BF-1' });
    expect(asked.text).toContain('Small and safe by policy');
    await drain(world.services);
    const row = await world.services.db
      .selectFrom('backfill')
      .selectAll()
      .where('id', '=', asked.id)
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({ state: 'succeeded', rule: 'small-and-safe', partitions: 3 });
    expect(row.verification).toMatchObject({ verdict: 'verified' });
    expect([...(await rebuilds(world.warehouseUrl))]).toEqual([
      ['2026-11-18', { times: 1, right: true }],
      ['2026-11-19', { times: 1, right: true }],
      ['2026-11-20', { times: 1, right: true }],
    ]);
    const events = await world.services.db
      .selectFrom('backfill_event')
      .select('text')
      .where('backfill_id', '=', asked.id)
      .orderBy('at')
      .execute();
    expect(events.map(({ text }) => text).join('\n')).toContain(
      'Done and verified. All 3 partitions were rebuilt. Rows in the rebuilt partitions: 0 before, 3 now.',
    );
  });

  it('said on the asset and downstream that it was being rewritten, and took it back', async () => {
    const notices = await world.services.db.selectFrom('asset_notice').selectAll().execute();
    expect(notices.map(({ relation, reference }) => `${relation} ${reference}`).sort()).toEqual([
      'direct BF-1',
      'downstream BF-1',
      'downstream BF-1',
    ]);
    expect(notices.every(({ ends_at }) => ends_at !== null)).toBe(true);
    expect(notices[0]?.summary).toBe('rebuilt 3 days of orders_daily');
  });

  it('keeps who asked and why with the backfill and in the audit, words apart from the chain', async () => {
    const { db } = world.services;
    const rita = await world.person('rita');
    const row = await db
      .selectFrom('backfill')
      .select(['requested_by', 'reason'])
      .where('number', '=', 1)
      .executeTakeFirstOrThrow();
    expect(row).toEqual({ requested_by: rita.id, reason: 'Late orders came in' });
    const audit = await db
      .selectFrom('audit')
      .selectAll()
      .where('action', '=', 'backfill.request')
      .executeTakeFirstOrThrow();
    expect(audit.actor_id).toBe(rita.id);
    expect(JSON.stringify(audit.after)).not.toContain('Late orders');
    const text = await db
      .selectFrom('audit_text')
      .select('text')
      .where('audit_id', '=', audit.id)
      .executeTakeFirstOrThrow();
    expect(JSON.stringify(text.text)).toContain('Late orders came in');
  });

  it('tells owners of tier-1 assets downstream once, in the morning, and not whoever asked', async () => {
    const gus = await world.ask('gus', { window: '2026-11-10' });
    await drain(world.services);
    const waits = await world.services.db
      .selectFrom('notice_waiting')
      .innerJoin('person', 'person.id', 'notice_waiting.person_id')
      .select(['person.name', 'topic', 'variant'])
      .where('card_id', '=', gus.id)
      .execute();
    expect(waits).toEqual([{ name: 'Rita', topic: 'backfills-done-upstream', variant: 'downstream' }]);
  });

  it('estimates the next one from the runs of this one', async () => {
    const next = await world.ask('rita', { window: '2026-11-12' });
    const row = await world.services.db
      .selectFrom('backfill')
      .select('preview')
      .where('id', '=', next.id)
      .executeTakeFirstOrThrow();
    expect(row.preview.estimate.runs).toBe(4);
    await drain(world.services);
  });

  it('rebuilds only what is missing, and says when nothing is', async () => {
    const asked = await world.ask('rita', { window: '2026-11-17 to 2026-11-19', reprocess: 'missing' });
    await drain(world.services);
    const chunks = await world.services.db
      .selectFrom('backfill_chunk')
      .select('partition_keys')
      .where('backfill_id', '=', asked.id)
      .execute();
    expect(chunks).toEqual([{ partition_keys: ['2026-11-17'] }]);
    await expect(
      world.ask('rita', { window: '2026-11-17 to 2026-11-19', reprocess: 'missing' }),
    ).rejects.toMatchObject({ code: 'nothing_to_do' });
  });

  it('answers the same form sent twice with one request', async () => {
    const first = await world.ask('gus', { window: '2026-11-01' }, 'same-form');
    const second = await world.ask('gus', { window: '2026-11-01' }, 'same-form');
    expect(second.id).toBe(first.id);
    await drain(world.services);
  });
});

describe('what is refused before anything is stored', () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });

  it.each([
    ['an unknown pipeline', { pipeline: 'nonsense' }, 'pipeline_unknown'],
    [
      'a pipeline that is hidden from the asker, in the same words',
      { pipeline: 'salaries_daily' },
      'pipeline_unknown',
    ],
    ['a deprecated pipeline, naming its successor', { pipeline: 'orders_old' }, 'pipeline_deprecated'],
    ['a metric, naming the pipeline it rests on', { pipeline: 'revenue' }, 'not_backfillable'],
    ['a window that runs backwards', { window: '2026-11-05 to 2026-11-01' }, 'window_reversed'],
    ['a window beyond retention', { window: '2025-01-01' }, 'window_beyond_retention'],
    ['no reason', { reason: ' ' }, 'invalid_input'],
    ['what policy refuses', { window: '2026-10-01 to 2026-11-19' }, 'refused_by_policy'],
  ])('%s', async (_, wish, code) => {
    await expect(world.ask('rita', wish)).rejects.toMatchObject({ code });
    const rows = await world.services.db.selectFrom('backfill').select('id').execute();
    expect(rows).toEqual([]);
  });

  it('keeps one person to what a day allows', async () => {
    const strict = await makeWorld({ config: { backfills: { partitionsPerPersonPerDay: 4 } } });
    await strict.ask('rita', { window: 'last 3 days' });
    await expect(strict.ask('rita', { window: '2026-11-01 to 2026-11-02' })).rejects.toMatchObject({
      code: 'limit_reached',
    });
    await strict.ask('gus', { window: '2026-11-01 to 2026-11-02' });
  });
});

describe('two people who ask for overlapping windows', () => {
  it('the second joins what covers it, waits for what overlaps it, and no day is rebuilt for both at once', async () => {
    const world = await makeWorld();
    const [first, inside] = [
      await world.ask('rita', { window: '2026-11-10 to 2026-11-14' }),
      await world.ask('gus', { window: '2026-11-11 to 2026-11-12' }),
    ];
    expect(inside.outcome).toBe('joined');
    const overlapping = await world.ask('gus', { window: '2026-11-14 to 2026-11-16' });
    expect(overlapping.text).toContain('It waits for BF-1');
    await drain(world.services, { until: async () => (await stateOf(world, first.id)) === 'running' });
    await drain(world.services, { dueOnly: true, maxSteps: 1 });
    expect(await stateOf(world, overlapping.id)).toBe('waiting');
    await drain(world.services);
    expect(await stateOf(world, first.id)).toBe('succeeded');
    expect(await stateOf(world, overlapping.id)).toBe('succeeded');
    const days = await rebuilds(world.warehouseUrl);
    expect(days.get('2026-11-11')).toEqual({ times: 1, right: true });
    expect(days.get('2026-11-14')).toEqual({ times: 2, right: true });
    const told = await world.services.db
      .selectFrom('slack_message')
      .select('variant')
      .where('card_id', '=', first.id)
      .where('variant', '=', 'result')
      .execute();
    expect(told).toHaveLength(1);
  });

  it('at the very same moment one runs and one joins', async () => {
    const world = await makeWorld();
    const outcomes = await Promise.all([world.ask('rita'), world.ask('gus'), world.ask('ona')]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['approved', 'joined', 'joined']);
    await drain(world.services);
    expect([...(await rebuilds(world.warehouseUrl)).values()].every(({ times }) => times === 1)).toBe(true);
  });
});

describe('results that come hours after the run', () => {
  it('complete the verification, and a test that fails then is told', async () => {
    const world = await makeWorld();
    const asked = await world.ask('rita', { window: 'yesterday' });
    await drain(world.services);
    const { db, clock, catalog } = world.services;
    const verification = async () =>
      (
        await db
          .selectFrom('backfill')
          .select('verification')
          .where('id', '=', asked.id)
          .executeTakeFirstOrThrow()
      ).verification;
    expect((await verification())?.checks.find(({ name }) => name === 'tests')?.result).toBe('unknown');
    const later = new Date(clock.now().getTime() + 3_600_000);
    const snapshot = ordersCatalog();
    const signal = { sourceId: 'model.shop.orders_daily', observedAt: later.toISOString() };
    snapshot.signals = [
      { ...signal, type: 'test', name: 'unique_day', status: 'fail' },
      { ...signal, type: 'freshness', name: 'orders_daily', status: 'pass', loadedAt: later.toISOString() },
    ];
    const view = makeCatalog([{ source: 'shop', type: 'test', snapshot }]);
    const loaded = { ...catalog.current(), view };
    Object.assign(world.services, { catalog: { current: () => loaded } });
    clock.set(later);
    await drain(world.services, { later: true });
    expect(await verification()).toMatchObject({ verdict: 'failed' });
    const events = await db
      .selectFrom('backfill_event')
      .select('text')
      .where('kind', '=', 'verified-later')
      .execute();
    expect(events.map(({ text }) => text)).toEqual([
      expect.stringContaining('1 of 1 tests fail: unique_day'),
    ]);
    expect(await stateOf(world, asked.id)).toBe('succeeded');
  });
});

describe('when reality differs from what was previewed', () => {
  it('stops before it starts, says how, and an owner (not the asker) may let it go on', async () => {
    const world = await makeWorld();
    const asked = await world.ask('rita');
    const { db, executors } = world.services;
    await db
      .updateTable('backfill')
      .set({ preview_hash: 'other', preview: await changed(world, asked.id) })
      .where('id', '=', asked.id)
      .execute();
    await drain(world.services);
    const row = await db
      .selectFrom('backfill')
      .selectAll()
      .where('id', '=', asked.id)
      .executeTakeFirstOrThrow();
    expect(row.state).toBe('halted');
    expect(row.hold).toContain('the pipeline itself was changed');
    expect((await rebuilds(world.warehouseUrl)).size).toBe(0);
    expect(executors.all()).toHaveLength(1);
    const { acceptChange } = await import('../../src/backfills/control/accept-change.js');
    const [rita, ona] = [await world.person('rita'), await world.person('ona')];
    const by = (person: typeof rita) => ({
      backfillId: asked.id,
      acting: { person },
      actor: { personId: person.id, kind: 'person' as const, channel: 'slack' as const },
      now: world.services.clock.now(),
    });
    await expect(acceptChange(world.services, by(rita))).rejects.toMatchObject({ code: 'not_allowed' });
    await acceptChange(world.services, by(ona));
    await drain(world.services);
    expect(await stateOf(world, asked.id)).toBe('succeeded');
  });
});

describe('a freeze', () => {
  it('that began since the approval holds the backfill until it is over', async () => {
    const world = await makeWorld({
      now: new Date('2026-11-20T23:50:00Z'),
      config: { freezes: [{ name: 'month close', daysOfMonth: [21] }] },
    });
    const asked = await world.ask('rita');
    world.services.clock.set(new Date('2026-11-21T00:05:00Z'));
    await drain(world.services, { maxSteps: 3 });
    expect(await stateOf(world, asked.id)).toBe('waiting');
    world.services.clock.set(new Date('2026-11-22T00:05:00Z'));
    await drain(world.services);
    expect(await stateOf(world, asked.id)).toBe('succeeded');
  });

  it('that was on when it was asked for is for policy and approvers to decide, and stands in the preview', async () => {
    const world = await makeWorld({ config: { freezes: [{ name: 'month close', daysOfMonth: [21] }] } });
    const asked = await world.ask('rita');
    const { preview } = await world.services.db
      .selectFrom('backfill')
      .select('preview')
      .where('id', '=', asked.id)
      .executeTakeFirstOrThrow();
    expect(preview.conflicts.map(({ kind }) => kind)).toEqual(['freeze']);
    await drain(world.services);
    expect(await stateOf(world, asked.id)).toBe('succeeded');
  });
});

describe('failures', () => {
  it('stop it by itself after N, and a retry runs only the failed ones', async () => {
    const world = await makeWorld();
    await withWarehouse(world.warehouseUrl, (client) =>
      client.query(
        "alter table marts.orders_daily add constraint no_tenth check (day not in ('2026-11-11', '2026-11-12'))",
      ),
    );
    const asked = await world.ask('rita', {
      window: '2026-11-10 to 2026-11-14',
      stopAfter: 2,
      concurrency: 1,
    });
    await drain(world.services);
    const row = await world.services.db
      .selectFrom('backfill')
      .selectAll()
      .where('id', '=', asked.id)
      .executeTakeFirstOrThrow();
    expect(row.state).toBe('halted');
    expect(row.hold).toContain('after 2 failed chunks');
    expect(row.hold).toContain('no_tenth');
    await withWarehouse(world.warehouseUrl, (client) =>
      client.query('alter table marts.orders_daily drop constraint no_tenth'),
    );
    const { retryBackfill } = await import('../../src/backfills/control/retry.js');
    const rita = await world.person('rita');
    const text = await retryBackfill(world.services, {
      backfillId: asked.id,
      acting: { person: rita },
      actor: { personId: rita.id, kind: 'person', channel: 'slack' },
      now: world.services.clock.now(),
    });
    expect(text).toContain('2026-11-11, 2026-11-12');
    await drain(world.services);
    expect(await stateOf(world, asked.id)).toBe('succeeded');
    const days = await rebuilds(world.warehouseUrl);
    expect([...days.values()].map(({ times }) => times)).toEqual([1, 1, 1, 1, 1]);
  });
});

async function stateOf(world: World, id: string): Promise<string> {
  return (
    await world.services.db
      .selectFrom('backfill')
      .select('state')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  ).state;
}

async function changed(world: World, id: string): Promise<string> {
  const { preview } = await world.services.db
    .selectFrom('backfill')
    .select('preview')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return JSON.stringify({ ...preview, pipelineFingerprint: 'as it was' });
}

import { describe, expect, it } from 'vitest';
import { backfillPreviewAction } from '../../handlers/actions/backfill.js';
import { readWish } from '../../src/backfills/request.js';
import { previewLines } from '../../src/slack/cards/backfill-words.js';
import { drain } from './drain.js';
import { callerOf, filledForm } from './filled-form.js';
import { ordersSql } from './warehouse.js';
import { makeWorld, type World, type WorldParams } from './world.js';

async function linesOf(world: World, window: string): Promise<string[]> {
  const read = await readWish(
    world.services,
    {
      pipeline: 'orders_daily',
      window,
      reprocess: 'all',
      direction: 'forward',
      concurrency: 2,
      reason: 'To see what it would do',
    },
    await world.person('rita'),
    world.services.clock.now(),
  );
  return previewLines(read.made.preview, () => true);
}

async function formOf(params: WorldParams, window: string): Promise<string> {
  const world = await makeWorld(params);
  const result = await backfillPreviewAction.run(world.services, {
    caller: await callerOf(world, 'rita'),
    actionId: 'backfill:preview',
    value: 'preview',
    state: filledForm(world, window),
    view: { id: 'V', hash: '', callbackId: 'backfill-request', privateMetadata: '{}' },
  });
  return JSON.stringify(result.modal?.view.blocks.at(-1));
}

describe('the preview of what PostgreSQL rebuilds', () => {
  it('knows rows and bytes of the partitions, what the planner says, and that no price is set', async () => {
    const world = await makeWorld();
    await world.ask('rita', { window: 'last 3 days' });
    await drain(world.services);
    const lines = await linesOf(world, 'last 3 days');
    expect(lines).toContainEqual(expect.stringMatching(/^\*Volume:\* 3 rows are in them now, \d+ bytes$/));
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^\*Dry run \(postgres\):\* the planner accepts all 3 statements, about \d+ rows? for 2026-11-20; nothing was run$/,
      ),
    );
    expect(lines).toContain('*Not known:* the cost, since no price per hour is set for warehouse');
  });

  it('says before anybody approves that the script would fail, and why', async () => {
    const world = await makeWorld({
      pipelines: { orders_daily: { sql: ordersSql.replace('sum(amount)', 'sum(amuont)') } },
    });
    expect(await linesOf(world, 'yesterday')).toContainEqual(
      expect.stringContaining('Dry run: the script would fail: column "amuont" does not exist [42703].'),
    );
  });

  it('plans no further than the first statement that makes what later ones read', async () => {
    const sql = `create temp table fresh on commit drop as select 1; insert into marts.rebuild_log select (:partition_start::timestamptz)::date from fresh;`;
    const world = await makeWorld({ pipelines: { orders_daily: { sql } } });
    const lines = await linesOf(world, 'yesterday');
    expect(lines).toContainEqual(expect.stringContaining('the planner accepts 0 of 2 statements'));
    expect(lines).toContainEqual(expect.stringContaining('rows and bytes, since warehouse could not count'));
  });
});

/** What the catalog's sources measured of the pipeline, one night after the other, as it is stored. */
async function measured(world: World, signals: { name: string; unit: string; values: number[] }[]) {
  const { db, catalog, clock } = world.services;
  const asset = catalog.current().view.byName('orders_daily')[0];
  if (asset === undefined) throw new Error('no orders_daily');
  const now = clock.now();
  const source = { name: 'shop', type: 'test', position: 0, attempted_at: now };
  await db.insertInto('catalog_source').values(source).execute();
  const { id, kind, name } = asset;
  const known = { content_hash: 'x', first_seen_at: now, changed_at: now };
  await db
    .insertInto('asset')
    .values({
      id,
      kind,
      name,
      source: 'shop',
      source_id: asset.sourceId,
      draft: JSON.stringify(asset),
      ...known,
    })
    .execute();
  for (const signal of signals)
    await db
      .insertInto('signal')
      .values(
        signal.values.map((value, nightsAgo) => ({
          asset_id: id,
          type: signal.unit === 'seconds' ? ('run' as const) : ('volume' as const),
          name: signal.name,
          status: 'pass' as const,
          observed_at: new Date(now.getTime() - nightsAgo * 86_400_000),
          value,
          unit: signal.unit,
        })),
      )
      .execute();
}

describe('the preview of what nobody can count', () => {
  const sql = `create temp table fresh on commit drop as select 1; insert into marts.rebuild_log select (:partition_start::timestamptz)::date from fresh;`;

  it('says what past runs took, wrote and read, and how many they are', async () => {
    const world = await makeWorld({ pipelines: { orders_daily: { sql } } });
    await measured(world, [
      { name: 'dbt build', unit: 'seconds', values: [60, 70, 80] },
      { name: 'rows written', unit: 'rows', values: [100, 200, 300, 400, 900] },
      { name: 'bytes processed', unit: 'bytes', values: [2_000_000] },
    ]);
    const lines = await linesOf(world, 'last 2 days');
    expect(lines).toContainEqual(expect.stringMatching(/^\*Time:\* about 70 s, .*\(based on 3 past runs\)$/));
    expect(lines).toContain(
      '*Volume:* about 600 rows written, nine times in ten at most 1800 (based on 5 past runs), about 4.0 MB read, nine times in ten at most 4.0 MB (based on 1 past run)',
    );
    expect(lines).toContain('*Not known:* the cost, since no price per hour is set for warehouse');
  });

  it('is for policy to go by, as what is counted is', async () => {
    const policy = `
version: 1
rules:
  - { name: few, kind: backfill, when: { facts: { estimatedRows: { atMost: 1000 } } }, autoApprove: Few rows. }
  - { name: many-or-unknown, kind: backfill, stages: [{ name: Owner, from: [owner] }] }
`;
    const world = await makeWorld({ pipelines: { orders_daily: { sql } }, policy });
    expect((await world.ask('rita', { window: '2026-11-01' })).outcome).toBe('pending');
    await measured(world, [{ name: 'rows written', unit: 'rows', values: [400, 500, 600] }]);
    expect((await world.ask('rita', { window: '2026-11-03' })).outcome).toBe('approved');
    expect((await world.ask('rita', { window: '2026-11-05 to 2026-11-06' })).outcome).toBe('pending');
  });
});

describe('what policy will say', () => {
  it.each([
    ['last 3 days', 'rule “small-and-safe” lets it run at once'],
    ['2026-11-01 to 2026-11-10', 'rule “owner-says” decides: it waits for Owner (Ona).'],
    ['2026-09-15 to 2026-11-10', 'rule “not-the-board” refuses it: More than 49 partitions'],
  ])('to %s stands in the form', async (window, words) => {
    expect(await formOf({}, window)).toContain(words);
  });
});

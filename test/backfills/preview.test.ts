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

describe('what policy will say', () => {
  it.each([
    ['last 3 days', 'rule “small-and-safe” lets it run at once'],
    ['2026-11-01 to 2026-11-10', 'rule “owner-says” decides: it waits for Owner (Ona).'],
    ['2026-09-15 to 2026-11-10', 'rule “not-the-board” refuses it: More than 49 partitions'],
  ])('to %s stands in the form', async (window, words) => {
    expect(await formOf({}, window)).toContain(words);
  });
});

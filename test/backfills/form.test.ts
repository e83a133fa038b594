import { beforeAll, describe, expect, it } from 'vitest';
import { backfill as command } from '../../commands/backfill.js';
import {
  backfillActions,
  backfillPreviewAction,
  backfillRequestAction,
} from '../../handlers/actions/backfill.js';
import { backfillPipelineOptions } from '../../handlers/options/backfill-pipeline.js';
import { backfillRequestView } from '../../handlers/views/backfill-request.js';
import type { ViewState } from '../../src/slack/surface.js';
import { callerOf } from './filled-form.js';
import { makeWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

function filled(over: Record<string, string> = {}): ViewState {
  const pipeline = world.services.catalog.current().view.byName('orders_daily')[0]?.id ?? '';
  const text = (value: string, id = 'value') => ({ [id]: { type: 'plain_text_input', value } });
  const option = (id: string, value: string) => ({
    [id]: { type: 'static_select', selected_option: { value } },
  });
  return {
    pipeline: {
      'backfill-pipeline': { type: 'external_select', selected_option: { value: over.pipeline ?? pipeline } },
    },
    window: text(over.window ?? 'last 3 days', 'backfill:window'),
    reprocess: option('backfill:reprocess', 'all'),
    direction: option('backfill:direction', 'forward'),
    concurrency: text(over.concurrency ?? '2'),
    'stop-after': text(over.stopAfter ?? '3'),
    reason: text(over.reason ?? 'Late orders'),
    incident: text(over.incident ?? ''),
    ...(over.ticket === undefined ? {} : { ticket: text(over.ticket) }),
  };
}

async function submission(over: Record<string, string> = {}, viewId = 'V1') {
  return {
    caller: await callerOf(world, 'rita'),
    callbackId: 'backfill-request',
    viewId,
    privateMetadata: '{}',
    state: filled(over),
  };
}

describe('the form for a backfill', () => {
  it.each([
    [{ window: '2026-11-05 to 2026-11-01' }, 'window', 'runs backwards'],
    [{ window: 'soon' }, 'window', 'no window I can read'],
    [{ concurrency: 'many' }, 'concurrency', 'whole number'],
    [{ stopAfter: '0' }, 'stop-after', 'whole number'],
    [{ pipeline: '00000000-0000-4000-8000-000000000000' }, 'pipeline', 'know no pipeline'],
    [{ incident: 'INC-77' }, 'incident', 'INC-77'],
  ])('says under the field what is wrong: %j', async (over, field, words) => {
    const errors = await backfillRequestView.validate(
      world.services,
      await submission(over as Record<string, string>),
    );
    expect(Object.keys(errors ?? {})).toEqual([field]);
    expect(errors?.[field]).toContain(words);
  });

  it('says all that is wrong at once', async () => {
    const wrong = { window: 'soon', concurrency: 'many', stopAfter: '0', reason: '  ', incident: 'INC-77' };
    const errors = await backfillRequestView.validate(world.services, await submission(wrong));
    expect(errors).toMatchObject({
      window: expect.stringContaining('no window I can read'),
      concurrency: 'Write a whole number from 1 to 100.',
      'stop-after': 'Write a whole number from 1 to 1000.',
      reason: 'Say why it is needed.',
      incident: expect.stringContaining('INC-77'),
    });
  });

  it('shows what it would do before anything is sent, and writes nothing', async () => {
    const press = {
      caller: await callerOf(world, 'rita'),
      actionId: 'backfill:preview',
      value: 'preview',
      state: filled(),
      view: { id: 'V', hash: '', callbackId: 'backfill-request', privateMetadata: '{}' },
    };
    const result = await backfillPreviewAction.run(world.services, press);
    const shown = JSON.stringify(result.modal?.view.blocks.at(-1));
    expect(shown).toContain('3 days (UTC): 2026-11-18 to 2026-11-20');
    expect(shown).toContain('Board dashboard');
    expect(await world.services.db.selectFrom('backfill').select('id').execute()).toEqual([]);
  });

  it('opens from a message, and on top of the details of an answer', async () => {
    const value = world.services.catalog.current().view.byName('orders_daily')[0]?.id ?? '';
    const press = { caller: await callerOf(world, 'rita'), actionId: 'backfill:request', value, state: {} };
    const details = { id: 'V', hash: '', callbackId: 'answer-details', privateMetadata: '' };
    const opened = async (view: typeof details | null) =>
      (await backfillRequestAction.run(world.services, { ...press, view })).modal;
    expect((await opened(null))?.how).toBe('open');
    expect((await opened(details))?.how).toBe('push');
    expect(JSON.stringify((await opened(details))?.view)).toContain('"text":"orders_daily"');
  });

  it('is filled from words and never acts on them', async () => {
    const verb = command.verbs.find(({ name }) => name === 'request');
    const reply = await verb?.run(world.services, await callerOf(world, 'rita'), 'orders_daily last 3 days');
    expect(reply?.modal?.params).toMatchObject({ window: 'last 3 days' });
    const phrase = command.phrases?.[0]?.pattern.exec('Please rerun orders_daily for yesterday');
    expect(
      (await verb?.run(world.services, await callerOf(world, 'rita'), phrase?.groups?.rest ?? ''))?.modal
        ?.params,
    ).toMatchObject({ window: 'yesterday' });
    expect(await world.services.db.selectFrom('backfill').select('id').execute()).toEqual([]);
  });

  it('offers no pipeline that is deprecated or hidden from the reader', async () => {
    const names = async (name: string) =>
      (await backfillPipelineOptions.run(world.services, await callerOf(world, name), '')).map(
        ({ text }) => text,
      );
    expect(await names('rita')).toEqual(['orders_daily']);
    expect(await names('ona')).toEqual(['orders_daily', 'salaries_daily']);
  });

  it('sent twice makes one request, and its number leads to its card for those who may see it', async () => {
    const first = await backfillRequestView.submit(world.services, await submission());
    const second = await backfillRequestView.submit(world.services, await submission());
    expect(first.reply?.text).toContain('BF-1');
    expect(second.reply?.text).toContain('was requested with this form already');
    const show = command.verbs.find(({ name }) => name === 'show');
    expect((await show?.run(world.services, await callerOf(world, 'gus'), 'BF-1'))?.text).toContain(
      'BF-1 orders_daily',
    );
    await expect(show?.run(world.services, await callerOf(world, 'gus'), '99')).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('a forged button does nothing', async () => {
    const press = {
      caller: await callerOf(world, 'gus'),
      actionId: 'backfill:cancel',
      value: 'BF-1',
      state: {},
      view: null,
    };
    await expect(backfillActions.run(world.services, press)).rejects.toMatchObject({ code: 'not_found' });
    const { id } = await world.services.db.selectFrom('backfill').select('id').executeTakeFirstOrThrow();
    await expect(backfillActions.run(world.services, { ...press, value: id })).rejects.toMatchObject({
      code: 'not_allowed',
    });
    await expect(
      backfillActions.run(world.services, { ...press, actionId: 'backfill:constructor', value: id }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

import type { InputBlock, ModalView } from '@slack/types';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { backfillPreviewAction } from '../../handlers/actions/backfill.js';
import { backfillRequestView } from '../../handlers/views/backfill-request.js';
import { showBackfill } from '../../src/slack/cards/backfill.js';
import type { ViewState } from '../../src/slack/surface.js';
import { callerOf, filledForm, typed } from './filled-form.js';
import { makeWorld, type World } from './world.js';

const policy = `
version: 1
rules:
  - name: many
    kind: backfill
    when: { facts: { partitions: { atLeast: 5 } } }
    ticket: { pattern: '^DATA-[0-9]+$', example: DATA-123, tracker: jira }
    stages: [{ name: Owner, from: [owner] }]
  - name: few
    kind: backfill
    autoApprove: Few partitions.
`;
let world: World;
let asked: string[];
beforeAll(async () => {
  world = await makeWorld({ policy });
  world.services.tickets = async (tracker, ticket) => {
    asked.push(`${tracker} ${ticket}`);
    return ticket === 'DATA-999' ? 'not-there' : 'there';
  };
});
beforeEach(() => {
  asked = [];
});

function filled(window: string, ticket?: string): ViewState {
  return filledForm(world, window, { ticket: typed(ticket ?? '') });
}

const submission = async (window: string, ticket?: string) => ({
  caller: await callerOf(world, 'rita'),
  callbackId: 'backfill-request',
  viewId: 'V1',
  privateMetadata: '{}',
  state: filled(window, ticket),
});

function ticketInput(view: ModalView | undefined): InputBlock | undefined {
  return view?.blocks.find(
    (block): block is InputBlock => block.type === 'input' && block.block_id === 'ticket',
  );
}

async function previewed(window: string): Promise<ModalView | undefined> {
  const { modal } = await backfillPreviewAction.run(world.services, {
    caller: await callerOf(world, 'rita'),
    actionId: 'backfill:preview',
    value: 'preview',
    state: filled(window),
    view: { id: 'V', hash: '', callbackId: 'backfill-request', privateMetadata: '{}' },
  });
  return modal?.view;
}

describe('a ticket that policy wants for a backfill [B-ticket]', () => {
  it('may be given when the form opens, and must be once the rule that decides is known to want it', async () => {
    const opened = await backfillRequestView.build(world.services, await callerOf(world, 'rita'), {});
    expect(ticketInput(opened)).toMatchObject({ optional: true });
    expect(ticketInput(await previewed('last 9 days'))?.optional ?? false).toBe(false);
    expect(ticketInput(await previewed('last 2 days'))).toMatchObject({ optional: true });
  });

  it('has no field where no rule for backfills wants one', async () => {
    const { services } = await makeWorld();
    expect(
      ticketInput(await backfillRequestView.build(services, await callerOf(world, 'rita'), {})),
    ).toBeUndefined();
  });

  it.each([
    [undefined, 'A ticket is needed, like DATA-123.', []],
    ['soon', 'That is no ticket number. It looks like DATA-123.', []],
    ['DATA-999', 'jira has no ticket DATA-999.', ['jira DATA-999']],
  ])('is refused at its field before anything is asked for: %s', async (ticket, words, lookUps) => {
    expect(
      await backfillRequestView.validate(world.services, await submission('last 9 days', ticket)),
    ).toEqual({
      ticket: words,
    });
    expect(asked).toEqual(lookUps);
    const { db } = world.services;
    await expect(
      world.ask('rita', { window: 'last 9 days', ...(ticket === undefined ? {} : { ticket }) }),
    ).rejects.toMatchObject({ fields: { ticket: words } });
    expect(await db.selectFrom('backfill').select('id').execute()).toEqual([]);
  });

  it('is not asked of a backfill that needs none', async () => {
    expect(await backfillRequestView.validate(world.services, await submission('last 2 days'))).toBeNull();
    expect((await world.ask('rita', { window: 'last 2 days' })).outcome).toBe('approved');
    expect(asked).toEqual([]);
  });

  it('is kept with the request and shown to whoever approves, with what the ticket system said', async () => {
    const made = await backfillRequestView.submit(world.services, await submission('last 9 days', 'DATA-7'));
    expect(made.reply?.text).toContain('It waits for approval');
    const row = await world.services.db
      .selectFrom('backfill')
      .selectAll()
      .where('partitions', '=', 9)
      .executeTakeFirstOrThrow();
    const view = await world.services.approvals.view(world.services.db, {
      kind: 'backfill',
      subjectId: row.id,
      now: world.services.clock.now(),
    });
    expect(view).toMatchObject({ ticket: 'DATA-7', ticketSeen: 'there' });
    const shown = await showBackfill(world.services, row, {
      variant: 'channel',
      now: world.services.clock.now(),
    });
    expect(JSON.stringify(shown)).toContain('DATA-7');
  });
});

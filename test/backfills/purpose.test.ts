import type { ModalView } from '@slack/types';
import { beforeAll, describe, expect, it } from 'vitest';
import { backfillPreviewAction } from '../../handlers/actions/backfill.js';
import { backfillRequestView } from '../../handlers/views/backfill-request.js';
import { showBackfill } from '../../src/slack/cards/backfill.js';
import type { ViewState } from '../../src/slack/surface.js';
import { callerOf, filledForm } from './filled-form.js';
import { makeWorld, type World } from './world.js';

const policy = `
version: 1
purposes:
  - { id: late-data, title: Late data, terms: Only partitions whose source was late. }
  - { id: restatement, title: Restatement, terms: Finance was told before. }
rules:
  - name: many
    kind: backfill
    when: { facts: { partitions: { atLeast: 5 } } }
    purposes: [restatement]
    stages: [{ name: Owner, from: [owner] }]
  - name: few
    kind: backfill
    autoApprove: Few partitions.
`;
let world: World;
beforeAll(async () => {
  world = await makeWorld({ policy });
});

function filled(window: string, purpose?: string, accepted = false): ViewState {
  return filledForm(world, window, {
    purpose: {
      'backfill:purpose': {
        type: 'static_select',
        selected_option: purpose === undefined ? null : { value: purpose },
      },
    },
    terms: {
      'backfill:terms': { type: 'checkboxes', selected_options: accepted ? [{ value: 'accepted' }] : [] },
    },
  });
}

const submission = async (...form: Parameters<typeof filled>) => ({
  caller: await callerOf(world, 'rita'),
  callbackId: 'backfill-request',
  viewId: 'V1',
  privateMetadata: '{}',
  state: filled(...form),
});

async function previewed(...form: Parameters<typeof filled>): Promise<ModalView | undefined> {
  const { modal } = await backfillPreviewAction.run(world.services, {
    caller: await callerOf(world, 'rita'),
    actionId: 'backfill:preview',
    value: 'preview',
    state: filled(...form),
    view: { id: 'V', hash: '', callbackId: 'backfill-request', privateMetadata: '{}' },
  });
  return modal?.view;
}

const blocksOf = (view: ModalView | undefined, id: string) =>
  view?.blocks.filter((block) => 'block_id' in block && block.block_id === id);

describe('a purpose that policy wants for a backfill', () => {
  it('may be chosen when the form opens; once the rule is known, only its own are there, with their terms, or none', async () => {
    const opened = await backfillRequestView.build(world.services, await callerOf(world, 'rita'), {});
    expect(blocksOf(opened, 'purpose')).toMatchObject([{ optional: true }]);
    expect(JSON.stringify(opened)).toContain('Finance was told before.');
    expect(JSON.stringify(opened), 'no rule lets it be chosen').not.toContain('Late data');
    const many = await previewed('last 9 days', 'restatement', true);
    expect(blocksOf(many, 'purpose')).toMatchObject([
      { element: { initial_option: { value: 'restatement' } } },
    ]);
    expect(blocksOf(many, 'purpose')).not.toMatchObject([{ optional: true }]);
    expect(blocksOf(many, 'terms')).toMatchObject([
      { element: { initial_options: [{ value: 'accepted' }] } },
    ]);
    expect(blocksOf(await previewed('last 2 days'), 'purpose')).toEqual([]);
  });

  it.each([
    [undefined, false, { purpose: expect.any(String) }],
    ['late-data', true, { purpose: expect.any(String) }],
    ['restatement', false, { terms: 'Accept the terms of "Restatement" first.' }],
  ])('is refused at its field: %s, accepted: %s', async (purpose, accepted, errors) => {
    expect(
      await backfillRequestView.validate(world.services, await submission('last 9 days', purpose, accepted)),
    ).toEqual(errors);
  });

  it('is not asked of a backfill that needs none', async () => {
    expect(await backfillRequestView.validate(world.services, await submission('last 2 days'))).toBeNull();
  });

  it('is kept with the request, with the terms that were accepted, and stands in the audit', async () => {
    const made = await backfillRequestView.submit(
      world.services,
      await submission('last 9 days', 'restatement', true),
    );
    expect(made.reply?.text).toContain('It waits for approval');
    const row = await world.services.db
      .selectFrom('approval_request')
      .select(['purpose_id', 'terms_hash'])
      .executeTakeFirstOrThrow();
    expect(row).toEqual({ purpose_id: 'restatement', terms_hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const audit = await world.services.db
      .selectFrom('audit')
      .select('after')
      .where('action', '=', 'approval.request')
      .executeTakeFirstOrThrow();
    expect(audit.after).toMatchObject({ purpose: 'restatement', termsHash: row.terms_hash });
    const backfill = await world.services.db.selectFrom('backfill').selectAll().executeTakeFirstOrThrow();
    const card = await showBackfill(world.services, backfill, {
      variant: 'approver',
      now: world.services.clock.now(),
    });
    expect(card.text).toContain('Purpose: Restatement (terms accepted)');
  });
});

import { moveGap } from '../../src/answers/learning/gaps.js';
import { NotFoundError } from '../../src/errors.js';
import { section } from '../../src/slack/blocks.js';
import { escapeMrkdwn } from '../../src/slack/mrkdwn.js';
import type { Submission, ViewHandler } from '../../src/slack/surface.js';
import { gapRoles } from '../actions/answer-gap.js';

const text = (words: string) => ({ type: 'plain_text' as const, text: words });

function typed(submission: Submission, block: string): string {
  return submission.state[block]?.value?.value?.trim() ?? '';
}

/** Closes an open question: names the asset that answers it, or says it in words. Everybody who asked is told. */
export const gapCloseView: ViewHandler = {
  callbackId: 'gap:close',
  build: async (services, _caller, params) => {
    const gap = await services.db
      .selectFrom('gap')
      .select(['id', 'title'])
      .where('id', '=', params.gap ?? '')
      .executeTakeFirst();
    if (!gap) throw new NotFoundError('This question is no longer in the queue.');
    return {
      type: 'modal',
      callback_id: 'gap:close',
      private_metadata: gap.id,
      title: text('Answer a question'),
      submit: text('Answer'),
      close: text('Cancel'),
      blocks: [
        section(`*Asked:* ${escapeMrkdwn(gap.title)}`),
        {
          type: 'input',
          block_id: 'asset',
          optional: true,
          label: text('Name in the catalog'),
          hint: text('The metric or dataset that answers it, once the catalog has it.'),
          element: { type: 'plain_text_input', action_id: 'value', max_length: 200 },
        },
        {
          type: 'input',
          block_id: 'words',
          optional: true,
          label: text('Or in your words'),
          element: { type: 'plain_text_input', action_id: 'value', multiline: true, max_length: 1000 },
        },
      ],
    };
  },
  validate: async (services, submission) => {
    const name = typed(submission, 'asset');
    if (name === '' && typed(submission, 'words') === '')
      return { asset: 'Name what answers it, or say it in words.' };
    if (name === '') return null;
    const found = services.catalog.current().view.resolve(name);
    if (found.length === 1) return null;
    return {
      asset:
        found.length === 0
          ? 'The catalog has nothing of this name.'
          : 'Several things have this name; write the full name.',
    };
  },
  submit: async (services, submission) => {
    const { caller } = submission;
    services.authority.require('gap.move', gapRoles(services, caller.person));
    const name = typed(submission, 'asset');
    const asset = name === '' ? undefined : services.catalog.current().view.resolve(name)[0];
    const words = typed(submission, 'words');
    await moveGap(services.db, {
      id: submission.privateMetadata,
      to: 'closed',
      actor: caller.actor,
      now: caller.now,
      ...(asset ? { assetId: asset.id } : {}),
      ...(words === '' ? {} : { resolution: words }),
    });
    return { reply: { text: 'Thank you. Everybody who asked is told.', visibility: 'asker' } };
  },
};

import { recogniseIntent } from '../../src/answers/intent.js';
import { assetNamed, closeGap, type NameOutcome } from '../../src/answers/learning/decide-gap.js';
import { mayKnowOf } from '../../src/catalog/visibility.js';
import { InvalidInputError, NotFoundError } from '../../src/errors.js';
import type { Services } from '../../src/services.js';
import { plain, section } from '../../src/slack/blocks.js';
import { escapeMrkdwn } from '../../src/slack/mrkdwn.js';
import type { Caller, Submission, ViewHandler } from '../../src/slack/surface.js';
import { said } from '../said.js';

const formId = 'gap:close';

const nameWords: Record<NameOutcome, string> = {
  none: '',
  accepted: ' These words lead to it from now on.',
  proposed: ' Its owner is asked whether these words become a name of it.',
  'not-kept': ' The words were not kept as a name: they name something already, or are too long for one.',
};

function typed(submission: Submission, block: string): string {
  return submission.state[block]?.value?.value?.trim() ?? '';
}

/** The entry of the queue that a form is about; what is about something hidden from this person is not there. */
export async function liveGap(services: Services, { person }: Pick<Caller, 'person'>, id: string) {
  const gap = await services.db
    .selectFrom('gap')
    .select(['id', 'title', 'type', 'asset_id', 'wish', 'stage', 'promised_on', 'owner_id'])
    .where('id', '=', id)
    .where('state', 'in', ['open', 'assigned', 'planned'])
    .executeTakeFirst();
  const asset = gap?.asset_id ? services.catalog.current().view.get(gap.asset_id) : undefined;
  const hidden = asset !== undefined && !mayKnowOf(asset, person, services.config.catalog.visibility);
  if (!gap || hidden) throw new NotFoundError('This question is no longer in the queue.');
  return gap;
}

/** Closes an open question: names the asset that answers it, or says it in words. Everybody who asked is told. */
export const gapCloseView: ViewHandler = {
  callbackId: formId,
  build: async (services, caller, params) => {
    const gap = await liveGap(services, caller, params.gap ?? '');
    const alias = gap.asset_id === null ? recogniseIntent(gap.title).subject.slice(0, 80) : '';
    return {
      type: 'modal',
      callback_id: formId,
      private_metadata: gap.id,
      title: plain('Answer a question', 24),
      submit: plain('Answer', 24),
      close: plain('Cancel', 24),
      blocks: [
        section(`*Asked:* ${escapeMrkdwn(gap.title)}`),
        {
          type: 'input',
          block_id: 'asset',
          optional: true,
          label: plain('Name in the catalog'),
          hint: plain('The metric or dataset that answers it, once the catalog has it.', 150),
          element: { type: 'plain_text_input', action_id: 'value', max_length: 200 },
        },
        {
          type: 'input',
          block_id: 'alias',
          optional: true,
          label: plain('People call it'),
          hint: plain('Kept as a name of it, so that these words lead there. Empty: no new name.', 150),
          element: {
            type: 'plain_text_input',
            action_id: 'value',
            max_length: 80,
            ...(alias === '' ? {} : { initial_value: alias }),
          },
        },
        {
          type: 'input',
          block_id: 'words',
          optional: true,
          label: plain('Or in your words'),
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
    try {
      assetNamed(services, submission.caller.person, name);
      return null;
    } catch (error) {
      if (error instanceof InvalidInputError) return error.fields;
      throw error;
    }
  },
  submit: async (services, submission) => {
    const name = typed(submission, 'asset');
    const closed = await closeGap(services, {
      ...submission.caller,
      gapId: submission.privateMetadata,
      words: typed(submission, 'words'),
      ...(name === ''
        ? {}
        : { asset: assetNamed(services, submission.caller.person, name), alias: typed(submission, 'alias') }),
    });
    return { reply: said(`Thank you. Everybody who asked is told.${nameWords[closed.name]}`) };
  },
};

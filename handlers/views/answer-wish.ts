import { DateTime } from 'luxon';
import { askPeople, wordsOf } from '../../src/answers/learning/ask-people.js';
import { planGap } from '../../src/answers/learning/decide-gap.js';
import { type GapStage, gapStages, type Wish, wishes } from '../../src/answers/tables.js';
import { InvalidInputError } from '../../src/errors.js';
import type { Services } from '../../src/services.js';
import { plain, section } from '../../src/slack/blocks.js';
import { escapeMrkdwn } from '../../src/slack/mrkdwn.js';
import type { Caller, Submission, ViewHandler } from '../../src/slack/surface.js';
import { askedWords } from '../actions/answer-gap.js';
import { said } from '../said.js';
import { liveGap } from './answer-gap.js';

const wishWords: Record<Wish, string> = {
  metric: 'A new metric',
  dataset: 'A new dataset',
  source: 'A new source of data',
};
const stageWords: Record<GapStage, string> = {
  accepted: 'Accepted, not begun',
  designing: 'Being designed',
  building: 'Being built',
  'in-review': 'In review',
};

function options<Key extends string>(words: Record<Key, string>, keys: readonly Key[]) {
  return keys.map((key) => ({ text: plain(words[key]), value: key }));
}

/** "Request something new" below an answer that is unknown: the question becomes a request in the same queue. */
export const gapWishView: ViewHandler = {
  callbackId: 'gap:wish',
  build: async (services, caller, { question = '' }) => {
    const words = await wordsOf(services, question, caller.person.id);
    return {
      type: 'modal',
      callback_id: 'gap:wish',
      private_metadata: question,
      title: plain('Request something new', 24),
      submit: plain('Request', 24),
      close: plain('Cancel', 24),
      blocks: [
        section(`*You asked:* ${escapeMrkdwn(words)}`),
        {
          type: 'input',
          block_id: 'wish',
          label: plain('What is missing?'),
          element: {
            type: 'radio_buttons',
            action_id: 'wish',
            options: options(wishWords, wishes),
            initial_option: { text: plain(wishWords.metric), value: 'metric' },
          },
        },
      ],
    };
  },
  validate: async () => null,
  submit: async (services, { caller, privateMetadata, state }) => {
    const chosen = state.wish?.wish?.selected_option?.value;
    const people = await askPeople(services, {
      about: { questionId: privateMetadata },
      wish: wishes.find((wish) => wish === chosen) ?? 'metric',
      actor: caller.actor,
      personId: caller.person.id,
      now: caller.now,
    });
    return { reply: said(`Requested. ${askedWords(people)}`) };
  },
};

const promisedInDays = 14;

/** "Plan it" on an open question: who does it, how far it is, until when. */
export const gapPlanView: ViewHandler = {
  callbackId: 'gap:plan',
  build: async (services, caller, { gap: gapId = '' }) => {
    const gap = await liveGap(services, caller, gapId);
    const owner =
      gap.owner_id === null ? caller.person : await services.directory.byId(services.db, gap.owner_id);
    const stage = gap.stage ?? 'accepted';
    return {
      type: 'modal',
      callback_id: 'gap:plan',
      private_metadata: gap.id,
      title: plain('Plan it', 24),
      submit: plain('Save', 24),
      close: plain('Cancel', 24),
      blocks: [
        section(`*${gap.wish === null ? 'Asked' : wishWords[gap.wish]}:* ${escapeMrkdwn(gap.title)}`),
        {
          type: 'input',
          block_id: 'owner',
          label: plain('Who does it?'),
          element: {
            type: 'users_select',
            action_id: 'owner',
            ...(owner?.slackId ? { initial_user: owner.slackId } : {}),
          },
        },
        {
          type: 'input',
          block_id: 'stage',
          label: plain('How far is it?'),
          element: {
            type: 'static_select',
            action_id: 'stage',
            options: options(stageWords, gapStages),
            initial_option: { text: plain(stageWords[stage]), value: stage },
          },
        },
        {
          type: 'input',
          block_id: 'promised',
          label: plain('Until when?'),
          hint: plain('Everybody who asked is told the day.', 150),
          element: {
            type: 'datepicker',
            action_id: 'promised',
            initial_date:
              gap.promised_on !== null && gap.promised_on >= dayIn(services, caller, 0)
                ? gap.promised_on
                : dayIn(services, caller, promisedInDays),
          },
        },
      ],
    };
  },
  validate: async (services, submission) => {
    const { promisedOn } = await readPlan(services, submission);
    return promisedOn < dayIn(services, submission.caller, 0)
      ? { promised: 'Choose today or a later day.' }
      : null;
  },
  submit: async (services, submission) => {
    const { ownerId, stage, promisedOn } = await readPlan(services, submission);
    if (ownerId === null) throw new InvalidInputError('Nothing was changed. Choose somebody who works here.');
    await planGap(services, {
      ...submission.caller,
      gapId: submission.privateMetadata,
      ownerId,
      stage,
      promisedOn,
      today: dayIn(services, submission.caller, 0),
    });
    return { reply: said('Saved. Everybody who asked is told the day.') };
  },
};

async function readPlan(services: Services, { state }: Submission) {
  const slackId = state.owner?.owner?.selected_user ?? '';
  const owner = await services.directory.bySlackId(services.db, slackId);
  const stage = state.stage?.stage?.selected_option?.value;
  return {
    ownerId: owner?.kind === 'member' ? owner.id : null,
    stage: gapStages.find((one) => one === stage) ?? 'accepted',
    promisedOn: state.promised?.promised?.selected_date ?? '',
  };
}

/** ISO date so many days from now, where the company's calendar is. */
function dayIn(services: Services, caller: Pick<Caller, 'now'>, days: number): string {
  return (
    DateTime.fromJSDate(caller.now, { zone: services.config.calendar.timeZone }).plus({ days }).toISODate() ??
    ''
  );
}

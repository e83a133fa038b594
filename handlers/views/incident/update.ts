import { referenceOf } from '../../../src/incidents/incident.js';
import { draftUpdate } from '../../../src/incidents/update-draft.js';
import { postUpdate } from '../../../src/incidents/updates.js';
import { context } from '../../../src/slack/blocks.js';
import { escapeMrkdwn } from '../../../src/slack/mrkdwn.js';
import type { ViewHandler } from '../../../src/slack/surface.js';
import { incidentOf, metadataOf, modal, textInput, textOf, timeInput, timeOf } from './form.js';

/** One form, written once; every audience gets its part. */
export const updateView: ViewHandler = {
  callbackId: 'incident:update',
  build: async (services, caller, params) => {
    const incident = await incidentOf(services, caller, params.incident ?? '');
    const draft = await draftUpdate(services, incident, { viewer: caller.person, now: caller.now });
    return modal(
      'incident:update',
      'Update',
      'Post',
      [
        context(
          `${escapeMrkdwn(`${referenceOf(incident)} ${incident.title}`)}. Written once; responders, consumers and executives each get their part.${incident.kind === 'data_exposure' ? ' Consumers hear it only when security or legal post it.' : ''}`,
        ),
        textInput('wrong', 'What is wrong?', {
          value: params.wrong ?? draft.wrong,
          multiline: true,
          optional: false,
        }),
        textInput('do_not_use', 'Do not use', { value: draft.doNotUse, multiline: true }),
        textInput('use_instead', 'Use instead', {
          value: draft.useInstead,
          hint: 'Shows on every affected answer.',
          max: 500,
        }),
        timeInput('eta', 'Expected to be right', draft.eta ?? undefined),
        timeInput('next', 'Next update', draft.nextUpdateAt),
      ],
      { incident: incident.id },
    );
  },
  validate: async (_services, submission) => {
    if (textOf(submission.state, 'wrong').trim() === '')
      return { wrong: 'Say what is wrong, in words a consumer of the data understands.' };
    const next = timeOf(submission.state, 'next');
    return next !== null && next <= submission.caller.now
      ? { next: 'The next update lies in the past.' }
      : null;
  },
  submit: async (services, submission) => {
    const { incident: id = '' } = metadataOf(submission);
    const { state, caller } = submission;
    const incident = await postUpdate(services, {
      incidentId: id,
      actor: caller.actor,
      now: caller.now,
      wrong: textOf(state, 'wrong'),
      doNotUse: textOf(state, 'do_not_use'),
      useInstead: textOf(state, 'use_instead'),
      eta: timeOf(state, 'eta'),
      nextUpdateAt: timeOf(state, 'next'),
      deliveryKey: `view:${submission.viewId}`,
    });
    return {
      reply: {
        text: `The update of ${referenceOf(incident)} is out, to every audience in its own words.`,
        visibility: 'asker',
      },
    };
  },
};

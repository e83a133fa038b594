import { referenceOf } from '../../../src/incidents/incident.js';
import { reopen } from '../../../src/incidents/life.js';
import { section } from '../../../src/slack/blocks.js';
import { escapeMrkdwn } from '../../../src/slack/mrkdwn.js';
import type { ViewHandler } from '../../../src/slack/surface.js';
import { incidentOf, metadataOf, modal, textInput, textOf } from './form.js';

/** It is not over: the reason is asked for. */
export const reopenView: ViewHandler = {
  callbackId: 'incident:reopen',
  build: async (services, caller, params) => {
    const incident = await incidentOf(services, caller, params.incident ?? '');
    return modal(
      'incident:reopen',
      'Open it again',
      'Reopen',
      [
        section(escapeMrkdwn(`${referenceOf(incident)} ${incident.title}`)),
        textInput('reason', 'Why is it not over?', { optional: false, multiline: true, max: 500 }),
      ],
      { incident: incident.id },
    );
  },
  validate: async (_services, submission) =>
    textOf(submission.state, 'reason').trim().length < 5 ? { reason: 'Say in a few words why.' } : null,
  submit: async (services, submission) => {
    const { incident: id = '' } = metadataOf(submission);
    const opened = await reopen(services, {
      incidentId: id,
      actor: submission.caller.actor,
      now: submission.caller.now,
      reason: textOf(submission.state, 'reason'),
    });
    return { reply: { text: `${referenceOf(opened)} is open again.`, visibility: 'asker' } };
  },
};

import { InvalidInputError } from '../../../src/errors.js';
import { changeSeverity } from '../../../src/incidents/change-severity.js';
import { referenceOf } from '../../../src/incidents/incident.js';
import { plain, section } from '../../../src/slack/blocks.js';
import { escapeMrkdwn } from '../../../src/slack/mrkdwn.js';
import type { ViewHandler } from '../../../src/slack/surface.js';
import { incidentOf, metadataOf, modal, textInput, textOf } from './form.js';

/** Another severity, and why. */
export const severityView: ViewHandler = {
  callbackId: 'incident:severity',
  build: async (services, caller, params) => {
    const incident = await incidentOf(services, caller, params.incident ?? '');
    const options = services.config.incidents.severities.map(({ id, name }) => ({
      text: plain(name),
      value: id,
    }));
    const initial =
      options.find(({ value }) => value === params.suggested) ??
      options.find(({ value }) => value === incident.severity);
    return modal(
      'incident:severity',
      'Severity',
      'Change',
      [
        section(
          `${escapeMrkdwn(`${referenceOf(incident)} ${incident.title}`)}\nA new severity plans people, pages and cadence anew.`,
        ),
        {
          type: 'input',
          block_id: 'severity',
          label: plain('Severity'),
          element: {
            type: 'static_select',
            action_id: 'value',
            options,
            ...(initial === undefined ? {} : { initial_option: initial }),
          },
        },
        textInput('reason', 'Why?', { max: 300 }),
      ],
      { incident: incident.id },
    );
  },
  validate: async () => null,
  submit: async (services, submission) => {
    const { incident: id = '' } = metadataOf(submission);
    const wanted = submission.state.severity?.value?.selected_option?.value;
    if (!wanted) throw new InvalidInputError('Choose a severity. Nothing was changed.');
    const changed = await changeSeverity(services, {
      incidentId: id,
      actor: submission.caller.actor,
      now: submission.caller.now,
      severity: wanted,
      reason: textOf(submission.state, 'reason'),
    });
    return { reply: { text: `${referenceOf(changed)} is now ${changed.severity}.`, visibility: 'asker' } };
  },
};

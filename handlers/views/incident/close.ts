import { closeIncident, missingForClose } from '../../../src/incidents/close.js';
import { type Incident, referenceOf } from '../../../src/incidents/incident.js';
import { faultsOf } from '../../../src/incidents/key-times.js';
import { section } from '../../../src/slack/blocks.js';
import { escapeMrkdwn } from '../../../src/slack/mrkdwn.js';
import type { ViewHandler } from '../../../src/slack/surface.js';
import { incidentOf, metadataOf, modal, sameSecond, textInput, textOf, timeInput, timeOf } from './form.js';

/** What is still missing, asked for where it can be given; then closed. */
export const closeView: ViewHandler = {
  callbackId: 'incident:close',
  build: async (services, caller, params) => {
    const incident = await incidentOf(services, caller, params.incident ?? '');
    const missing = await services.db
      .transaction()
      .execute((trx) => missingForClose(services, trx, incident));
    return modal(
      'incident:close',
      'Close the incident',
      'Close',
      [
        section(
          missing.length === 0
            ? `${referenceOf(incident)} has everything it needs.`
            : `*Still missing*\n${missing
                .map((one) => `• ${escapeMrkdwn(one)}`)
                .join('\n')
                .slice(0, 2_900)}`,
        ),
        textInput('cause', 'What was the cause?', {
          multiline: true,
          max: 500,
          ...(incident.cause === null ? {} : { value: incident.cause }),
        }),
        timeInput('started', 'Since when was the data wrong?', incident.started_at ?? undefined),
      ],
      { incident: incident.id },
    );
  },
  // Said while the form is still open, so that nobody writes the cause twice.
  validate: async (services, { state, caller, privateMetadata }) => {
    const started = timeOf(state, 'started');
    const incident = await incidentOf(services, caller, metadataOf({ privateMetadata }).incident ?? '');
    const { started: fault } = faultsOf(incident, startOf(incident, started), caller.now);
    if (fault !== undefined) return { started: fault };
    const cause = textOf(state, 'cause').trim();
    const filled = {
      ...incident,
      cause: cause === '' ? incident.cause : cause,
      started_at: started ?? incident.started_at,
    };
    const missing = await services.db.transaction().execute((trx) => missingForClose(services, trx, filled));
    if (missing.length === 0) return null;
    const block = filled.started_at === null && missing.length === 1 ? 'started' : 'cause';
    return { [block]: `Still missing: ${missing.join('; ')}`.slice(0, 1_900) };
  },
  submit: async (services, submission) => {
    const { caller, state } = submission;
    const incident = await incidentOf(services, caller, metadataOf(submission).incident ?? '');
    const { started } = startOf(incident, timeOf(state, 'started'));
    const closed = await closeIncident(services, {
      incidentId: incident.id,
      actor: caller.actor,
      now: caller.now,
      cause: textOf(state, 'cause'),
      ...(started === undefined ? {} : { startedAt: started }),
    });
    return {
      reply: {
        text: `${referenceOf(closed)} is closed. \`/incident review ${closed.number}\` shows its review.`,
        visibility: 'asker',
      },
    };
  },
};

/** What was really changed: the form knows no parts of a second. */
function startOf(incident: Incident, given: Date | null): { started?: Date } {
  const known = incident.started_at;
  return given === null || (known !== null && sameSecond(given, known)) ? {} : { started: given };
}

import { referenceOf } from '../../../src/incidents/incident.js';
import {
  correctable,
  correctKeyTimes,
  faultsOf,
  type KeyTime,
  keyTimeOf,
  keyTimes,
} from '../../../src/incidents/key-times.js';
import { context } from '../../../src/slack/blocks.js';
import { escapeMrkdwn } from '../../../src/slack/mrkdwn.js';
import type { Submission, ViewHandler } from '../../../src/slack/surface.js';
import { incidentOf, metadataOf, modal, sameSecond, timeInput, timeOf } from './form.js';
import { changedReply } from './timeline.js';

const labels: Record<KeyTime, string> = {
  started: 'The data went bad',
  detected: 'Somebody or something noticed',
  acknowledged: 'Somebody took it',
  mitigated: 'The fix was out',
  resolved: 'It was over',
};

/** When it really was: what the review's and the statistics' durations are counted from. */
export const keyTimesView: ViewHandler = {
  callbackId: 'incident:key-times',
  build: async (services, caller, params) => {
    const incident = await incidentOf(services, caller, params.incident ?? '');
    const shown = correctable(incident);
    return modal(
      'incident:key-times',
      'Key times',
      'Save',
      [
        context(
          `${escapeMrkdwn(`${referenceOf(incident)} ${incident.title}`)}. Times to detect, acknowledge, mitigate and resolve are counted from these.`,
        ),
        ...shown.map((name) => timeInput(name, labels[name], keyTimeOf(incident, name) ?? undefined)),
      ],
      { incident: incident.id },
    );
  },
  validate: async (services, submission) => {
    const incident = await incidentOf(services, submission.caller, metadataOf(submission).incident ?? '');
    return faultsOf(incident, given(submission, incident), submission.caller.now);
  },
  submit: async (services, submission) => {
    const { caller } = submission;
    const incident = await incidentOf(services, caller, metadataOf(submission).incident ?? '');
    const corrected = await correctKeyTimes(services, {
      incidentId: incident.id,
      actor: caller.actor,
      now: caller.now,
      times: given(submission, incident),
    });
    return changedReply(corrected, `The key times of ${referenceOf(corrected)} are put right.`);
  },
};

/** What was really changed: the form knows no parts of a second. */
function given({ state }: Submission, incident: Parameters<typeof keyTimeOf>[0]) {
  const times: Partial<Record<KeyTime, Date>> = {};
  for (const name of keyTimes) {
    const at = timeOf(state, name);
    const known = keyTimeOf(incident, name);
    if (at !== null && (known === null || !sameSecond(at, known))) times[name] = at;
  }
  return times;
}

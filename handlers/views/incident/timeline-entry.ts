import { InvalidInputError } from '../../../src/errors.js';
import { referenceOf } from '../../../src/incidents/incident.js';
import { wholeTimeline } from '../../../src/incidents/timeline.js';
import { addMissingEntry, editEntry, originalOf } from '../../../src/incidents/timeline-edit.js';
import { context, plain } from '../../../src/slack/blocks.js';
import { escapeMrkdwn, slackDate, truncate } from '../../../src/slack/mrkdwn.js';
import type { ViewHandler } from '../../../src/slack/surface.js';
import { incidentOf, metadataOf, modal, sameSecond, textInput, textOf, timeInput, timeOf } from './form.js';
import { changedReply } from './timeline.js';

const out = { text: plain('Leave it out of timeline and review'), value: 'out' };

/** One entry: its words, its time, whether it is shown; without an entry, one that is missing. */
export const timelineEntryView: ViewHandler = {
  callbackId: 'incident:timeline-entry',
  build: async (services, caller, params) => {
    const incident = await incidentOf(services, caller, params.incident ?? '');
    const wanted = params.entry ?? '';
    const entry =
      wanted === ''
        ? null
        : (await wholeTimeline(services, incident.id).execute()).find(({ id }) => id === wanted);
    if (entry === undefined)
      throw new InvalidInputError('That entry is not in this incident. Nothing was changed.');
    const first = entry === null ? null : originalOf(entry.data);
    return modal(
      'incident:timeline-entry',
      entry === null ? 'Add an entry' : 'Edit an entry',
      entry === null ? 'Add' : 'Save',
      [
        ...(first === null
          ? []
          : [
              context(
                `First written, for ${slackDate(new Date(first.at))}: ${escapeMrkdwn(truncate(first.text, 1_000))}`,
              ),
            ]),
        textInput('text', 'What happened?', {
          multiline: true,
          optional: false,
          ...(entry === null ? {} : { value: entry.text }),
        }),
        timeInput('at', 'When?', entry === null ? caller.now : entry.at),
        ...(entry === null
          ? []
          : [
              {
                type: 'input' as const,
                block_id: 'out',
                optional: true,
                label: plain('In the review'),
                element: {
                  type: 'checkboxes' as const,
                  action_id: 'value',
                  options: [out],
                  ...(entry.hidden ? { initial_options: [out] } : {}),
                },
              },
            ]),
      ],
      { incident: incident.id, entry: entry?.id ?? '', at: (entry?.at ?? caller.now).toISOString() },
    );
  },
  validate: async (_services, { state, caller }) => {
    const at = timeOf(state, 'at');
    return {
      ...(textOf(state, 'text').trim() === '' ? { text: 'Write what happened.' } : {}),
      ...(at !== null && at > caller.now ? { at: 'That lies in the future.' } : {}),
    };
  },
  submit: async (services, submission) => {
    const { incident: incidentId = '', entry = '', at: known = '' } = metadataOf(submission);
    const { state, caller } = submission;
    const text = textOf(state, 'text');
    const given = timeOf(state, 'at');
    const on = { incidentId, actor: caller.actor, now: caller.now };
    if (entry === '') {
      const added = await addMissingEntry(services, { ...on, text, at: given ?? caller.now });
      return changedReply(added, `Added to the timeline of ${referenceOf(added)}.`);
    }
    const edited = await editEntry(services, {
      ...on,
      entryId: entry,
      text,
      hidden: (state.out?.value?.selected_options ?? []).length > 0,
      // The form knows no parts of a second: a time that nobody touched is left as it is.
      ...(given === null || sameSecond(given, new Date(known)) ? {} : { at: given }),
    });
    return changedReply(edited, `The timeline of ${referenceOf(edited)} is changed; its review follows.`);
  },
};

import { z } from 'zod';
import { StewardError } from '../../src/errors.js';
import { editNote, lineKey, linesFor, loadNote } from '../../src/releases/decide.js';
import { context, plain } from '../../src/slack/blocks.js';
import { truncate } from '../../src/slack/mrkdwn.js';
import type { Submission, ViewHandler } from '../../src/slack/surface.js';
import { said } from '../said.js';

const formId = 'release:edit';
/** Slack takes ten options per group of checkboxes. */
const perGroup = 10;
const groupsAtMost = 8;

/** What the form carries: never authority, only what it is about and which lines it offered. */
const Carried = z.object({ note: z.string(), offered: z.array(z.string()) });

function carried(submission: Submission): z.infer<typeof Carried> {
  return Carried.parse(JSON.parse(submission.privateMetadata));
}

/** "Edit" on a draft release note: words above the list, and which lines stay. */
export const releaseEditView: ViewHandler = {
  callbackId: formId,
  build: async (services, caller, { note: noteId = '' }) => {
    const note = await loadNote(services, services.db, { noteId, person: caller.person });
    const all = await linesFor(services, noteId, caller.person);
    const lines = all.slice(0, perGroup * groupsAtMost);
    const options = lines.map((line) => ({
      omitted: line.omitted,
      option: {
        text: plain(`${line.breaking ? '⚠ ' : ''}${line.asset.label ?? line.asset.name}`, 75),
        description: plain(truncate(line.text, 75), 75),
        value: lineKey(line),
      },
    }));
    const groups: (typeof options)[] = [];
    for (let start = 0; start < options.length; start += perGroup)
      groups.push(options.slice(start, start + perGroup));
    return {
      type: 'modal',
      callback_id: formId,
      private_metadata: JSON.stringify({ note: note.id, offered: lines.map(lineKey) }),
      title: plain('Edit a release note', 24),
      submit: plain('Save', 24),
      close: plain('Cancel', 24),
      blocks: [
        {
          type: 'input',
          block_id: 'words',
          optional: true,
          label: plain(`What should readers of ${note.domain} know?`, 150),
          element: {
            type: 'plain_text_input',
            action_id: 'words',
            multiline: true,
            max_length: 2_000,
            ...(note.words === '' ? {} : { initial_value: note.words }),
          },
        },
        ...groups.map((group, index) => {
          const kept = group.filter(({ omitted }) => !omitted).map(({ option }) => option);
          return {
            type: 'input' as const,
            block_id: `kept-${index}`,
            optional: true,
            label: plain(index === 0 ? 'What is told' : 'and', 150),
            element: {
              type: 'checkboxes' as const,
              action_id: 'kept',
              options: group.map(({ option }) => option),
              ...(kept.length === 0 ? {} : { initial_options: kept }),
            },
          };
        }),
        ...(all.length > lines.length
          ? [
              context(
                `${all.length - lines.length} more are told as they stand: the form has no room for them.`,
              ),
            ]
          : []),
      ],
    };
  },
  validate: async (services, submission) => {
    try {
      await loadNote(services, services.db, {
        noteId: carried(submission).note,
        person: submission.caller.person,
      });
      return null;
    } catch (error) {
      if (error instanceof StewardError) return { words: error.message };
      throw error;
    }
  },
  submit: async (services, submission) => {
    const { note, offered } = carried(submission);
    await editNote(services, {
      ...submission.caller,
      noteId: note,
      offered,
      words: submission.state.words?.words?.value ?? '',
      kept: keptOf(submission),
    });
    return { reply: said('Saved. It is sent when you press "Send".') };
  },
};

function keptOf({ state }: Submission): string[] {
  return Object.entries(state)
    .filter(([block]) => block.startsWith('kept-'))
    .flatMap(([, inputs]) => (inputs.kept?.selected_options ?? []).map((option) => option.value));
}

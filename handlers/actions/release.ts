import { dropNote, sendNote } from '../../src/releases/decide.js';
import type { ActionHandler } from '../../src/slack/surface.js';
import { said } from '../said.js';
import { releaseEditView } from '../views/release.js';

const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

/** Buttons of a draft release note. Value: its id. */
export const releaseActionHandlers: readonly ActionHandler[] = [
  {
    actionId: 'release:send',
    mode: 'act',
    run: async (services, { caller, value }) => {
      const told = await sendNote(services, { ...caller, noteId: value });
      return {
        reply: said(
          `Sent to ${count(told.people, 'person', 'people')} and ${count(told.channels, 'channel', 'channels')}.`,
        ),
      };
    },
  },
  {
    actionId: 'release:edit',
    mode: 'read',
    run: async (services, { caller, value }) => ({
      modal: { how: 'open', view: await releaseEditView.build(services, caller, { note: value }) },
    }),
  },
  {
    actionId: 'release:drop',
    mode: 'act',
    run: async (services, { caller, value }) => {
      await dropNote(services, { ...caller, noteId: value });
      return { reply: said('Dropped. Nobody is told; the next change starts a new draft.') };
    },
  },
];

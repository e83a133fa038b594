import { resumeNotices, stopNotices } from '../../src/notices/stop-notices.js';
import { actions, section } from '../../src/slack/blocks.js';
import { resumeActionId, stopActionId } from '../../src/slack/stop-button.js';
import type { ActionHandler, ButtonPress } from '../../src/slack/surface.js';
import { said } from '../said.js';

const choiceOf = (press: ButtonPress) => ({
  personId: press.caller.person.id,
  topic: press.value,
  actor: press.caller.actor,
  now: press.caller.now,
});

/** "Stop these" on a notice, and the way back. */
export const noticeActions: readonly ActionHandler[] = [
  {
    actionId: stopActionId,
    mode: 'act',
    run: async (services, press) => {
      const { id, title } = await stopNotices(services, choiceOf(press));
      const text = `You will not get ${title} any more. App Home lists what you stopped.`;
      return {
        reply: {
          ...said(text),
          blocks: [section(text), actions([{ text: 'Get them again', actionId: resumeActionId, value: id }])],
        },
      };
    },
  },
  {
    actionId: resumeActionId,
    mode: 'act',
    run: async (services, press) => {
      const { title } = await resumeNotices(services, choiceOf(press));
      return { reply: said(`You get ${title} again.`) };
    },
  },
];

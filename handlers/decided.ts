import type { Decided } from '../src/approvals/approvals.js';
import { actions, section } from '../src/slack/blocks.js';
import { escapeMrkdwn } from '../src/slack/mrkdwn.js';
import type { Reply } from '../src/slack/surface.js';
import { said } from './said.js';

export const confirmLinkActionId = 'approval:confirm';

/** What whoever decided reads: what it meant, or the one link that is still to be followed. Seen by them alone. */
export function decidedReply(decided: Decided): Reply {
  const { text, confirmUrl } = decided;
  if (confirmUrl === undefined) return said(text);
  const words = escapeMrkdwn(text);
  return {
    text: `${words} Confirm here: <${confirmUrl}>`,
    blocks: [
      section(words),
      actions([
        {
          text: 'Sign in and confirm',
          actionId: confirmLinkActionId,
          value: 'link',
          url: confirmUrl,
          style: 'primary',
          label: 'Opens the sign-in of the company account in your browser',
        },
      ]),
    ],
    visibility: 'asker',
  };
}

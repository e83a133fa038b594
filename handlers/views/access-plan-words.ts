import type { PlanPreview } from '../../src/approvals/approvals.js';
import { noRoomSentence } from '../../src/approvals/engine/room.js';
import { listNames, usualSentence } from '../../src/slack/cards/approval-parts.js';
import { escapeMrkdwn } from '../../src/slack/mrkdwn.js';

/** Who must approve and how long that usually takes, before anything is sent. */
export function planWords(preview: PlanPreview): string {
  const { plan, room, rule } = preview;
  if (room !== null && rule !== null && room.live >= room.most)
    return `:no_entry_sign: ${escapeMrkdwn(noRoomSentence(rule.name, room))}`;
  switch (plan.outcome) {
    case 'denied':
    case 'no-rule':
    case 'nobody-can':
      return `:no_entry_sign: ${escapeMrkdwn(plan.sentence)}`;
    case 'auto-approved':
      return `:white_check_mark: *You get it at once.* ${escapeMrkdwn(plan.sentence)}`;
    case 'stages': {
      const lines = plan.stages.map((stage, index) => {
        const names = [
          ...new Set(stage.seats.flatMap((seat) => seat.candidates.map((person) => person.name))),
        ];
        const count = stage.seats.length > 1 ? `${stage.seats.length} of ` : '';
        return `${index + 1}. *${escapeMrkdwn(stage.name)}:* ${count}${escapeMrkdwn(listNames(names))}`;
      });
      const twice =
        rule?.secondConfirmation === undefined
          ? ''
          : ' Each of them confirms it with a fresh sign-in to the company account.';
      return `*Who has to approve*\n${lines.join('\n')}\n${usualSentence(preview.usualMs)}${twice}`;
    }
  }
}

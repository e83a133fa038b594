import { plannedKey, plannedWorkCard } from '../../incidents/planned-work.js';
import { unplacedWords, unplacedWork } from '../../incidents/unplaced-work.js';
import { section } from '../blocks.js';
import type { CardRenderer } from '../card.js';
import { escapeMrkdwn, slackDate } from '../mrkdwn.js';

/** For whoever keeps Steward running: a window of planned work silences nothing, or does by now. */
export const plannedWorkNotice: CardRenderer = {
  kind: plannedWorkCard,
  render: async (services, id, { now }) => {
    const entry = services.config.incidents.plannedWork.find((one) => plannedKey(one.asset, one) === id);
    if (entry === undefined) return null;
    const unplaced = unplacedWork(services, now).find((one) => one.entry === entry);
    const window = `from ${slackDate(new Date(entry.from))} to ${slackDate(new Date(entry.to))}`;
    const text =
      unplaced === undefined
        ? `The planned work on ${escapeMrkdwn(entry.asset)} ${window} is known now: its alerts open nothing then.`
        : `The planned work ${window} (${escapeMrkdwn(entry.reason)}) silences nothing: ${escapeMrkdwn(unplacedWords(unplaced))}. Correct \`incidents.plannedWork[${unplaced.index}].asset\` in steward.yml; until then its alerts are heard as ever.`;
    return { text, blocks: [section(text)] };
  },
};

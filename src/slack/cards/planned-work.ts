import { isHidden } from '../../catalog/visibility.js';
import { plannedAsset, plannedKey, plannedWorkCard } from '../../incidents/planned-work.js';
import { unplacedWordsForAll, unplacedWork } from '../../incidents/unplaced-work.js';
import { section } from '../blocks.js';
import type { CardRenderer } from '../card.js';
import { escapeMrkdwn, slackDate } from '../mrkdwn.js';

/**
 * For whoever keeps Steward running: a window of planned work silences nothing, or does by now. A channel may read it, so that it names nothing that is
 * hidden from some.
 */
export const plannedWorkNotice: CardRenderer = {
  kind: plannedWorkCard,
  render: async (services, id, { now }) => {
    const entry = services.config.incidents.plannedWork.find((one) => plannedKey(one.asset, one) === id);
    if (entry === undefined) return null;
    const unplaced = unplacedWork(services, now).find((one) => one.entry === entry);
    const asset = plannedAsset(services, entry.asset);
    const window = `from ${slackDate(new Date(entry.from))} to ${slackDate(new Date(entry.to))}`;
    if (unplaced !== undefined) {
      const why = unplaced.hidden ? '' : ` (${escapeMrkdwn(entry.reason)})`;
      const text = `The planned work ${window}${why} silences nothing: ${escapeMrkdwn(unplacedWordsForAll(unplaced))}. Correct \`incidents.plannedWork[${unplaced.index}].asset\` in steward.yml; until then its alerts are heard as ever.`;
      return { text, blocks: [section(text)] };
    }
    if (asset === undefined) return null;
    const on = isHidden(services.config, asset) ? '' : ` on ${escapeMrkdwn(entry.asset)}`;
    const text = `The planned work${on} ${window} is known now: its alerts open nothing then.`;
    return { text, blocks: [section(text)] };
  },
};

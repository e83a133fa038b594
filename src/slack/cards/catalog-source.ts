import { sourceCard } from '../../notices/tell-of-source.js';
import { section } from '../blocks.js';
import type { CardRenderer } from '../card.js';
import { escapeMrkdwn } from '../mrkdwn.js';
import { plainCard } from './approval-parts.js';

/** For whoever keeps Steward running: a catalog source cannot be read, or can again. */
export const catalogSourceCard: CardRenderer = {
  kind: sourceCard,
  render: async (services, name) => {
    const row = await services.db
      .selectFrom('catalog_source')
      .select(['error', 'synced_at'])
      .where('name', '=', name)
      .executeTakeFirst();
    const text =
      !row || row.error === null
        ? `The catalog source ${name} can be read again.`
        : `The catalog source ${name} cannot be read: ${row.error} ${
            row.synced_at === null
              ? 'It was never read, so nothing of it is known.'
              : 'What it said last stays in force; answers about it may be out of date.'
          } It is tried again by itself; \`steward catalog sync\` tries at once.`;
    return plainCard(text, [section(escapeMrkdwn(text))]);
  },
};

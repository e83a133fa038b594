import { context } from '../blocks.js';
import type { CardRenderer } from '../card.js';

/** An answer that was computed once and kept. Variant `shared|<slack user>` is one its asker chose to show to everyone. */
export const replyCard: CardRenderer = {
  kind: 'reply',
  render: async (services, id, { variant }) => {
    const row = await services.db
      .selectFrom('reply')
      .select(['text', 'blocks'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (!row) return null;
    const [how, who] = variant.split('|');
    if (how !== 'shared') return { text: row.text, blocks: row.blocks };
    return { text: row.text, blocks: [...row.blocks.slice(0, 49), context(`Shared by <@${who ?? ''}>`)] };
  },
};

import { button, context, section } from '../blocks.js';
import type { CardRenderer } from '../card.js';
import { escapeMrkdwn } from '../mrkdwn.js';

/** Tells somebody who asked in vain that their question can be answered now. */
export const answerGapCard: CardRenderer = {
  kind: 'answer-gap',
  async render(services, id) {
    const gap = await services.db
      .selectFrom('gap')
      .select(['title', 'state', 'resolution', 'resolved_asset_id'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (gap?.state !== 'closed') return null;
    const asset =
      gap.resolved_asset_id === null ? undefined : services.catalog.current().view.get(gap.resolved_asset_id);
    const name = asset === undefined ? '' : ` It is ${asset.label ?? asset.name}.`;
    const words = gap.resolution === null ? '' : ` ${gap.resolution}`;
    const text = escapeMrkdwn(`You asked "${gap.title}": it can be answered now.${name}${words}`);
    return {
      text,
      blocks: [
        section(
          text,
          asset === undefined
            ? undefined
            : button({ text: 'Show it', actionId: 'answer:define', value: asset.id }),
        ),
        context('You get this because you asked before it was defined.'),
      ],
    };
  },
};

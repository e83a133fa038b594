import type { Services } from '../../services.js';
import { actions, button, context, section } from '../blocks.js';
import type { CardRenderer, RenderedCard } from '../card.js';
import { escapeMrkdwn } from '../mrkdwn.js';

/** Tells somebody who asked in vain that their question can be answered now. */
export const answerGapCard: CardRenderer = {
  kind: 'answer-gap',
  async render(services, id, { variant }) {
    if (variant === 'owner') return ownerCard(services, id);
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

/** Asks whoever should know. Answered or dismissed, it shrinks to a line. */
async function ownerCard(services: Services, id: string): Promise<RenderedCard | null> {
  const gap = await services.db
    .selectFrom('gap')
    .select(['title', 'state', 'demand', 'asset_id'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!gap) return null;
  if (gap.state === 'closed' || gap.state === 'dismissed') {
    const text = escapeMrkdwn(
      `"${gap.title}": ${gap.state === 'closed' ? 'answered, everybody who asked was told' : 'taken out of the queue'}.`,
    );
    return { text, blocks: [section(text)] };
  }
  const asked = gap.demand === 1 ? 'once' : `${gap.demand} times`;
  const what =
    gap.asset_id === null ? 'which the catalog cannot answer' : 'and wants to hear it from its owner';
  const text = escapeMrkdwn(`Somebody asked: "${gap.title}", ${what}. Asked ${asked} so far.`);
  return {
    text,
    blocks: [
      section(text),
      actions([
        {
          text: 'Answer',
          actionId: 'gap:answer',
          value: id,
          style: 'primary',
          label: 'Say what answers this question',
        },
        {
          text: 'Not ours',
          actionId: 'gap:dismiss',
          value: id,
          label: 'Take this question out of the queue',
        },
      ]),
      context(
        'Whoever asked is told as soon as it is answered. The answer is asked again after every catalog read.',
      ),
    ],
  };
}

import { gapCardKind } from '../../answers/learning/gaps.js';
import { mayKnowOf } from '../../catalog/visibility.js';
import { todayIn } from '../../definitions/freeze.js';
import type { Services } from '../../services.js';
import { actions, button, context, section } from '../blocks.js';
import type { CardRenderer, RenderedCard } from '../card.js';
import { escapeMrkdwn } from '../mrkdwn.js';

const wishWords = { metric: 'a new metric', dataset: 'a new dataset', source: 'a new source of data' };

/** A question in the queue: for whoever should answer it (`owner`), and for one who asked it (`asker:<person>`). */
export const answerGapCard: CardRenderer = {
  kind: gapCardKind,
  async render(services, id, { variant, now }) {
    const gap = await services.db.selectFrom('gap').selectAll().where('id', '=', id).executeTakeFirst();
    if (gap === undefined) return null;
    const [reader, personId = ''] = variant.split(':');
    const today = todayIn(services.config, now);
    return reader === 'owner' ? ownerCard(gap, today) : askerCard(services, gap, { personId, today });
  },
};

interface Gap {
  id: string;
  title: string;
  state: string;
  demand: number;
  asset_id: string | null;
  wish: keyof typeof wishWords | null;
  stage: string | null;
  promised_on: string | null;
  resolution: string | null;
  resolved_asset_id: string | null;
}

/** Tells somebody who asked in vain that it is under way, or that it can be answered now. */
async function askerCard(
  services: Services,
  gap: Gap,
  { personId, today }: { personId: string; today: string },
): Promise<RenderedCard | null> {
  if (gap.state === 'planned') {
    const text = escapeMrkdwn(
      isLate(gap, today)
        ? `You asked "${gap.title}": it was promised for ${gap.promised_on} and is not there yet. Whoever does it is asked for a new day.`
        : `You asked "${gap.title}": it is under way${gap.promised_on === null ? '' : `, promised for ${gap.promised_on}`}.`,
    );
    return {
      text,
      blocks: [section(text), context('You hear from me again when it can be answered, or of a new day.')],
    };
  }
  if (gap.state !== 'closed') return null;
  const { view } = services.catalog.current();
  const asset = gap.resolved_asset_id === null ? undefined : view.get(gap.resolved_asset_id);
  const person = await services.directory.byId(services.db, personId);
  if (person?.status !== 'active') return null;
  // Whoever may not know of what answers it is told nothing by this: the question stays as unknown as it was.
  if (asset !== undefined && !mayKnowOf(asset, person, services.config.catalog.visibility)) return null;
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
}

/** Asks whoever should know. Answered or dismissed, it shrinks to a line. */
function ownerCard(gap: Gap, today: string): RenderedCard {
  if (gap.state === 'closed' || gap.state === 'dismissed') {
    const text = escapeMrkdwn(
      `"${gap.title}": ${gap.state === 'closed' ? 'answered, everybody who asked was told' : 'taken out of the queue'}.`,
    );
    return { text, blocks: [section(text)] };
  }
  const asked = gap.demand === 1 ? 'once' : `${gap.demand} times`;
  const text = escapeMrkdwn(`${askedFor(gap)} Asked ${asked} so far.${planned(gap, today)}`);
  return {
    text,
    blocks: [
      section(text),
      actions([
        {
          text: 'Answer',
          actionId: 'gap:answer',
          value: gap.id,
          style: 'primary',
          label: 'Say what answers this question',
        },
        { text: 'Plan it', actionId: 'gap:plan', value: gap.id, label: 'Say who does it, and until when' },
        {
          text: 'Not ours',
          actionId: 'gap:dismiss',
          value: gap.id,
          label: 'Take this question out of the queue',
        },
      ]),
      context(
        'Whoever asked is told as soon as it is answered. The answer is asked again after every catalog read.',
      ),
    ],
  };
}

function askedFor(gap: Gap): string {
  if (gap.wish !== null) return `Somebody asked "${gap.title}" and wants ${wishWords[gap.wish]}.`;
  return gap.asset_id === null
    ? `Somebody asked: "${gap.title}", which the catalog cannot answer.`
    : `Somebody asked: "${gap.title}", and wants to hear it from its owner.`;
}

function planned(gap: Gap, today: string): string {
  if (gap.state !== 'planned') return '';
  if (isLate(gap, today))
    return ` It was promised for ${gap.promised_on}, which is past: answer it, or plan a new day. Whoever asked is told.`;
  return ` It is ${gap.stage ?? 'accepted'}${gap.promised_on === null ? '' : `, promised for ${gap.promised_on}`}.`;
}

function isLate({ promised_on: promisedOn }: Gap, today: string): boolean {
  return promisedOn !== null && promisedOn < today;
}

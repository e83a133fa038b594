import type { KnownBlock } from '@slack/types';
import { todayIn } from '../../definitions/freeze.js';
import { type DefinitionRow, noteCardKind, referenceOf } from '../../definitions/record.js';
import { isOpenIn } from '../../subscriptions/readers.js';
import { actions, context, section } from '../blocks.js';
import type { CardRenderer, RenderedCard } from '../card.js';
import { escapeMrkdwn } from '../mrkdwn.js';
import { plainCard } from './approval-parts.js';
import { changeBlocksText, changesOf } from './definition-words.js';
import { stopButton } from './subscription-words.js';

type Why = 'owner' | 'subscribed' | 'asked';

/**
 * Release notes and notices of a deprecation: `release`, `start`, `half`, `end`, `withdrawn`, each followed by whom it is for: `:owner`, `:subscribed`, `:asked`, or
 * `:announcement` and `:channel:<id>` for channels.
 */
export const definitionNoteCard: CardRenderer = {
  kind: noteCardKind,
  async render(services, id, { variant, now }): Promise<RenderedCard | null> {
    const change = await services.db
      .selectFrom('definition_change')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (change === undefined) return null;
    const [phase = 'release', reader = '', channelId] = variant.split(':');
    const asset = services.catalog.current().view.get(change.asset_id);
    const forChannel = reader === 'announcement' || reader === 'channel';
    // A channel is read by all its members: what not all of them may see is not announced there.
    if (forChannel && (asset === undefined || !isOpenIn(services, asset, channelId ?? ''))) return null;
    const why: Why = reader === 'owner' || reader === 'subscribed' ? reader : 'asked';
    const note = renderNote(change, noteTitle(change, phase, todayIn(services.config, now)), {
      phase,
      reader: forChannel ? null : why,
    });
    // The history of the definition leads there.
    return forChannel ? { ...note, linked: true } : note;
  },
};

function renderNote(
  change: DefinitionRow,
  title: string,
  { phase, reader }: { phase: string; reader: Why | null },
): RenderedCard {
  const changes = phase === 'release' ? changesOf(change) : [];
  const kept = phase === 'withdrawn';
  const why = reader === null ? '' : kept && reader === 'owner' ? keptWords : reasonWords[reader];
  const blocks: KnownBlock[] = [
    section(`${phase === 'release' || kept ? ':memo:' : ':warning:'} *${escapeMrkdwn(title)}*`),
    ...changes.map((field) => section(changeBlocksText(field, true))),
    ...(kept ? [] : [section(`*Why:* ${escapeMrkdwn(change.reason)}`)]),
    actions([
      { text: 'What does it mean?', actionId: 'answer:define', value: change.asset_id },
      ...(reader === 'subscribed' ? [stopButton({ assetId: change.asset_id })] : []),
    ]),
    context([referenceOf(change), ...(why === '' ? [] : [escapeMrkdwn(why)])].join(' · ')),
  ];
  const text = [
    `${title}.`,
    ...changes.map(({ name, from, to }) => {
      const [was, is] = name.endsWith('s') ? ['were', 'They are'] : ['was', 'It is'];
      return `${name} ${was}: ${from.replace(/[.]$/, '')}. ${is} now: ${to.replace(/[.]$/, '')}.`;
    }),
    ...(kept ? [] : [`Why: ${change.reason}`]),
    why,
  ].join(' ');
  return plainCard(text, blocks);
}

/** A notice may wait for its reader's morning, over a weekend too: it speaks from the day on which it is read. */
export function noteTitle(
  change: Pick<DefinitionRow, 'kind' | 'number' | 'asset_name' | 'successor' | 'last_day' | 'effective_date'>,
  phase: string,
  today: string,
): string {
  const name = change.asset_name;
  if (change.kind === 'change') return `${name} has a new definition (${referenceOf(change)})`;
  const instead = change.successor === null ? '' : `; use ${change.successor} instead`;
  const day = change.last_day ?? change.effective_date;
  if (phase === 'withdrawn')
    return `${name} is not deprecated after all: ${referenceOf(change)} was withdrawn`;
  if (phase !== 'release' && today > day) return `${name} ended on ${day}${instead}`;
  if (phase === 'end') return `${name} ends today (${day})${instead}`;
  if (phase === 'half') return `${name} goes away on ${day}${instead}`;
  if (phase === 'release') return `${name} is marked deprecated in the source; last day ${day}${instead}`;
  return `${name} is deprecated; last day ${day}${instead}`;
}

const keptWords = 'Something you own is built from it. Nothing has to be moved.';

const reasonWords: Record<Why, string> = {
  owner: 'Something you own is built from it. Move it to what takes its place before the last day.',
  subscribed: 'You subscribed to it.',
  asked: 'You asked about it in the last 90 days.',
};

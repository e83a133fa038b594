import type { KnownBlock } from '@slack/types';
import { levelOf } from '../../catalog/visibility.js';
import { type DefinitionRow, noteCardKind, referenceOf } from '../../definitions/record.js';
import { actions, context, section } from '../blocks.js';
import type { CardRenderer, RenderedCard } from '../card.js';
import { escapeMrkdwn } from '../mrkdwn.js';
import { plainCard } from './approval-parts.js';
import { changeBlocksText, changesOf } from './definition-words.js';

/** Release notes and notices of a deprecation: `release`, `start`, `half`, `end`, each also as `…:announcement` for a channel. */
export const definitionNoteCard: CardRenderer = {
  kind: noteCardKind,
  async render(services, id, { variant }): Promise<RenderedCard | null> {
    const change = await services.db
      .selectFrom('definition_change')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (change === undefined) return null;
    const [phase = 'release', place] = variant.split(':');
    const asset = services.catalog.current().view.get(change.asset_id);
    // A channel is read by anybody: what not everybody may see is not announced.
    const open =
      asset !== undefined && levelOf(asset, { teams: [] }, services.config.catalog.visibility) === 'open';
    if (place === 'announcement' && !open) return null;
    return renderNote(change, phase, place !== 'announcement');
  },
};

function renderNote(change: DefinitionRow, phase: string, personal: boolean): RenderedCard {
  const title = titleOf(change, phase);
  const changes = phase === 'release' ? changesOf(change) : [];
  const why =
    phase === 'release' && personal
      ? 'You asked about it in the last 90 days.'
      : consumerWords(change, phase, personal);
  const blocks: KnownBlock[] = [
    section(`${phase === 'release' ? ':memo:' : ':warning:'} *${escapeMrkdwn(title)}*`),
    ...changes.map((field) => section(changeBlocksText(field))),
    section(`*Why:* ${escapeMrkdwn(change.reason)}`),
    actions([{ text: 'What does it mean?', actionId: 'answer:define', value: change.asset_id }]),
    context([referenceOf(change), ...(why === '' ? [] : [escapeMrkdwn(why)])].join(' · ')),
  ];
  const text = [
    `${title}.`,
    ...changes.map(
      ({ name, from, to }) =>
        `${name} was: ${from.replace(/[.]$/, '')}. It is now: ${to.replace(/[.]$/, '')}.`,
    ),
    `Why: ${change.reason}`,
    why,
  ].join(' ');
  return plainCard(text, blocks);
}

function titleOf(change: DefinitionRow, phase: string): string {
  const name = change.asset_name;
  if (change.kind === 'change') return `${name} has a new definition (${referenceOf(change)})`;
  const instead = change.successor === null ? '' : `; use ${change.successor} instead`;
  const day = change.last_day ?? change.effective_date;
  if (phase === 'end') return `${name} ends today (${day})${instead}`;
  if (phase === 'half') return `${name} goes away on ${day}${instead}`;
  if (phase === 'release') return `${name} is marked deprecated in the source; last day ${day}${instead}`;
  return `${name} is deprecated; last day ${day}${instead}`;
}

function consumerWords(change: DefinitionRow, phase: string, personal: boolean): string {
  if (change.kind !== 'deprecate' || phase === 'release' || !personal) return '';
  return 'Something you own is built from it. Move it to what takes its place before the last day.';
}

import type { KnownBlock } from '@slack/types';
import { mayRead } from '../../catalog/visibility.js';
import { noteCardKind } from '../../releases/decide.js';
import { brokenContractKind, draftCardKind } from '../../releases/draft.js';
import { linesOf, type ReleaseLine } from '../../releases/lines.js';
import type { Services } from '../../services.js';
import { isOpenIn } from '../../subscriptions/readers.js';
import { actions, context, header, section } from '../blocks.js';
import type { CardRenderer, RenderedCard } from '../card.js';
import { escapeMrkdwn, truncate } from '../mrkdwn.js';
import { plainCard } from './approval-parts.js';
import { stopButton } from './subscription-words.js';

type MaySee = (asset: ReleaseLine['asset']) => boolean;

const linesAtMost = 25;

const reasons: Record<string, string> = {
  subscribed: 'You subscribed to something in it.',
  owner: 'You answer for something that is built on what broke.',
  asked: 'You asked about something in it in the last 90 days.',
};

/** A sent note, for one reader (`person:<id>:<why>` or `channel:<id>`): the lines that this reader may read. */
export const releaseNoteCard: CardRenderer = {
  kind: noteCardKind,
  async render(services, id, { variant }) {
    const note = await services.db
      .selectFrom('release_note')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (note?.state !== 'sent') return null;
    const maySee = await readerOf(services, variant);
    if (maySee === null) return null;
    const lines = await visibleLines(services, id, maySee);
    if (lines.length === 0) return null;
    const why = reasons[variant.split(':')[2] ?? ''];
    const title = `What changed in ${note.domain}`;
    return plainCard(
      [`${title}.`, note.words, ...lines.map((line) => sentenceOf(line, maySee))]
        .filter((part) => part !== '')
        .join(' '),
      [
        header(title),
        ...(note.words === '' ? [] : [section(escapeMrkdwn(note.words))]),
        ...lineBlocks(lines, maySee),
        ...(variant.endsWith(':subscribed') ? [actions([stopButton({ domain: note.domain })])] : []),
        ...(why === undefined ? [] : [context(why)]),
      ],
    );
  },
};

/** The draft, for one owner of its domain (variant: the person's id): what a sync found, before anybody is told. */
export const releaseDraftCard: CardRenderer = {
  kind: draftCardKind,
  async render(services, id, { variant }) {
    const note = await services.db
      .selectFrom('release_note')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (note === undefined) return null;
    if (note.state !== 'draft') return decidedCard(note.domain, note.state);
    const maySee = await readerOf(services, `person:${variant}`);
    if (maySee === null) return null;
    const lines = await visibleLines(services, id, maySee);
    const title = `Draft release note for ${note.domain}`;
    const breaking = lines.filter((line) => line.breaking).length;
    const summary = `${lines.length} ${lines.length === 1 ? 'change' : 'changes'}${breaking === 0 ? '' : `, ${breaking} breaking`}. Nobody has been told yet.`;
    return plainCard(
      [`${title}: ${summary}`, note.words, ...lines.map((line) => sentenceOf(line, maySee))]
        .filter((part) => part !== '')
        .join(' '),
      [
        section(`:memo: *${escapeMrkdwn(title)}*\n${summary}`),
        ...(note.words === '' ? [] : [section(escapeMrkdwn(note.words))]),
        ...lineBlocks(lines, maySee),
        actions([
          {
            text: 'Send',
            actionId: 'release:send',
            value: id,
            style: 'primary',
            label: `Send the release note for ${note.domain}`,
          },
          { text: 'Edit', actionId: 'release:edit', value: id },
          { text: 'Tell nobody', actionId: 'release:drop', value: id },
        ]),
        context('Made from what the last reads of the sources changed in meaning or schema.'),
      ],
    );
  },
};

/** To a producer: what of their promise the last read of the source broke, and whom it reaches. */
export const brokenContractCard: CardRenderer = {
  kind: brokenContractKind,
  async render(services, id, { variant }) {
    const [personId = '', assetId, version] = variant.split(':');
    const maySee = await readerOf(services, `person:${personId}`);
    const lines = await linesOf(services.db, services.catalog.current().view, id);
    const line = lines.find((one) => one.assetId === assetId && String(one.version) === version);
    if (maySee === null || line === undefined || !maySee(line.asset)) return null;
    const name = line.asset.label ?? line.asset.name;
    const reached = consumerWords(line, maySee);
    const next =
      'Bring back what was promised, or agree on it with those it reaches; the release note to everybody else is still a draft.';
    return plainCard(
      [`The contract of ${name} is broken: ${truncate(line.text, 400)}.`, reached, next]
        .filter((part) => part !== '')
        .join(' '),
      [
        section(
          `:warning: *The contract of ${escapeMrkdwn(name)} is broken*\n${escapeMrkdwn(truncate(line.text, 1_200))}`,
        ),
        ...(reached === '' ? [] : [section(escapeMrkdwn(reached))]),
        context(`${next} You hear this because you answer for ${escapeMrkdwn(name)}.`),
      ],
    );
  },
};

function decidedCard(domain: string, state: 'sent' | 'dropped'): RenderedCard {
  const text = escapeMrkdwn(
    `The release note for ${domain} was ${state === 'sent' ? 'sent' : 'dropped; nobody was told'}.`,
  );
  return { text, blocks: [section(text)] };
}

async function readerOf(services: Services, variant: string): Promise<MaySee | null> {
  const [kind, id = ''] = variant.split(':');
  if (kind === 'channel') return (asset) => isOpenIn(services, asset, id);
  const person = await services.directory.byId(services.db, id);
  if (person?.status !== 'active') return null;
  return (asset) => mayRead(asset, person, services.config.catalog.visibility);
}

async function visibleLines(services: Services, noteId: string, maySee: MaySee): Promise<ReleaseLine[]> {
  const lines = await linesOf(services.db, services.catalog.current().view, noteId);
  return lines.filter(({ asset, omitted }) => !omitted && maySee(asset));
}

function lineBlocks(lines: readonly ReleaseLine[], maySee: MaySee): KnownBlock[] {
  const blocks: KnownBlock[] = lines.slice(0, linesAtMost).map((line) => {
    const consumers = consumerWords(line, maySee);
    return section(
      `${line.breaking ? ':warning:' : '•'} *${escapeMrkdwn(line.asset.label ?? line.asset.name)}* ${escapeMrkdwn(truncate(line.text, 1_200))}${consumers === '' ? '' : `\n${escapeMrkdwn(consumers)}`}`,
    );
  });
  const rest = lines.length - linesAtMost;
  return rest > 0 ? [...blocks, context(`and ${rest} more`)] : blocks;
}

function sentenceOf(line: ReleaseLine, maySee: MaySee): string {
  const consumers = consumerWords(line, maySee);
  return `${line.asset.label ?? line.asset.name}: ${truncate(line.text, 400)}.${consumers === '' ? '' : ` ${consumers}`}`;
}

/** Who is reached by a breaking change, with who answers for it. */
function consumerWords(line: ReleaseLine, maySee: MaySee): string {
  const named = line.consumers
    .filter(({ asset }) => maySee(asset))
    .map(
      ({ asset, owners }) =>
        `${asset.label ?? asset.name}${owners.length === 0 ? '' : ` (${owners.join(', ')})`}`,
    );
  return named.length === 0 ? '' : `Reaches: ${named.join(', ')}.`;
}

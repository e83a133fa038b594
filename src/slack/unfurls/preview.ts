import type { KnownBlock } from '@slack/types';
import { askQuestion } from '../../answers/ask.js';
import { mayRead, type Viewer } from '../../catalog/visibility.js';
import { canSee } from '../../incidents/incident.js';
import type { Linked } from '../../links/what-link.js';
import type { Person } from '../../people/person.js';
import type { Services } from '../../services.js';
import { context, section } from '../blocks.js';
import { answerBlocks } from '../cards/answer.js';
import { headline } from '../cards/incident-parts.js';
import { escapeMrkdwn } from '../mrkdwn.js';

/** Who will read a preview: everybody in a channel, or the one person of a direct message with Steward. */
export interface Reader {
  /** Every one of them has to be allowed: no team at all, or each team of the channel's audience. */
  viewers: readonly Viewer[];
  person: Person | null;
}

const blocksAtMost = 8;

/** What a link shows. Null for what any reader may not read in full: a link to it stays as bare as one that leads nowhere. */
export async function previewOf(
  services: Services,
  linked: Linked,
  reader: Reader,
  now: Date,
): Promise<KnownBlock[] | null> {
  switch (linked.kind) {
    case 'asset':
      return assetPreview(services, linked.asset.id, reader, now);
    case 'incident':
      return incidentPreview(services, linked.number, reader);
    case 'definition':
      return definitionPreview(services, linked.number, reader);
  }
}

function readersMayRead(services: Services, assetId: string, { viewers }: Reader): boolean {
  const asset = services.catalog.current().view.get(assetId);
  return (
    asset !== undefined &&
    viewers.every((viewer) => mayRead(asset, viewer, services.config.catalog.visibility))
  );
}

/** The short card, with today's verdict and without buttons. */
async function assetPreview(
  services: Services,
  assetId: string,
  reader: Reader,
  now: Date,
): Promise<KnownBlock[] | null> {
  const asset = services.catalog.current().view.get(assetId);
  if (asset === undefined || !readersMayRead(services, assetId, reader)) return null;
  const answers = await Promise.all(
    reader.viewers.map((viewer) =>
      askQuestion(services, { question: asset.sourceId, intent: 'define', viewer, now }),
    ),
  );
  const [first] = answers;
  // What stands around it may be seen by one team and not by another: then nobody is shown it.
  if (
    first?.answer.subject?.id !== assetId ||
    answers.some(({ answer }) => answer.text !== first.answer.text)
  )
    return null;
  return answerBlocks(services, { ...first, questionId: '', phrased: null, placedBy: null })
    .filter((block) => block.type !== 'actions')
    .slice(0, blocksAtMost);
}

async function incidentPreview(
  services: Services,
  number: number,
  { person }: Reader,
): Promise<KnownBlock[] | null> {
  const incident = await services.db
    .selectFrom('incident')
    .selectAll()
    .where('number', '=', number)
    .executeTakeFirst();
  if (incident === undefined) return null;
  return (await canSee(services, services.db, incident, person))
    ? [section(headline(services, incident))]
    : null;
}

async function definitionPreview(
  services: Services,
  number: number,
  reader: Reader,
): Promise<KnownBlock[] | null> {
  const change = await services.db
    .selectFrom('definition_change')
    .select(['asset_id', 'asset_name', 'kind', 'state', 'effective_date'])
    .where('number', '=', number)
    .executeTakeFirst();
  if (change === undefined || !readersMayRead(services, change.asset_id, reader)) return null;
  const what = change.kind === 'change' ? 'New definition of' : 'Deprecation of';
  return [
    section(`*DEF-${number}* · ${what} *${escapeMrkdwn(change.asset_name)}* · ${change.state}`),
    context(`${change.kind === 'change' ? 'holds from' : 'last day'} ${change.effective_date}`),
  ];
}

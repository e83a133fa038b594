import { type Actor, recordAudit } from '../audit/record.js';
import type { CatalogView } from '../catalog/view.js';
import { mayRead } from '../catalog/visibility.js';
import type { Db, Trx } from '../db/database.js';
import { IllegalTransitionError, NotFoundError } from '../errors.js';
import { postCard, refreshCards } from '../jobs/outgoing.js';
import { ownersOf } from '../people/owners-of.js';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';
import { isOpenIn, readersOf } from '../subscriptions/readers.js';
import { tellReader } from '../subscriptions/tell-reader.js';
import { releaseRoles } from './authority.js';
import { draftCardKind } from './draft.js';
import { linesOf, type ReleaseLine } from './lines.js';

export const noteCardKind = 'release-note';

interface By {
  noteId: string;
  person: Person;
  actor: Actor;
  now: Date;
}

/** The note of a domain, for whoever may edit it; for others it is not there. */
export async function loadNote(
  services: Services,
  db: Db | Trx,
  { noteId, person }: Pick<By, 'noteId' | 'person'>,
) {
  const note = await db.selectFrom('release_note').selectAll().where('id', '=', noteId).executeTakeFirst();
  if (
    note === undefined ||
    !services.authority.can('release.edit', releaseRoles(services, person, note.domain))
  )
    throw new NotFoundError('There is no such release note that you may edit. Nothing was changed.');
  return note;
}

/** What a draft holds, as far as this person may read it. */
export async function linesFor(services: Services, noteId: string, person: Person): Promise<ReleaseLine[]> {
  const rules = services.config.catalog.visibility;
  const lines = await linesOf(services.db, services.catalog.current().view, noteId);
  return lines.filter(({ asset }) => mayRead(asset, person, rules));
}

/**
 * Its owner's words above the list, and which of the lines that their form offered (`offered`, keys of lines) are kept. What the form did not offer, because they
 * may not see it, because it is further down or because a sync found it meanwhile, is neither kept nor left out by them.
 */
export async function editNote(
  services: Services,
  edit: By & { words: string; kept: readonly string[]; offered: readonly string[] },
): Promise<void> {
  const lines = await linesFor(services, edit.noteId, edit.person);
  const shown = lines.filter((line) => edit.offered.includes(lineKey(line)));
  await services.db.transaction().execute(async (trx) => {
    const note = await lockDraft(services, trx, edit);
    await trx
      .updateTable('release_note')
      .set({ words: edit.words.trim().slice(0, 2_000), updated_at: edit.now })
      .where('id', '=', note.id)
      .execute();
    for (const { assetId, version } of shown) {
      await trx
        .updateTable('release_note_item')
        .set({ omitted: !edit.kept.includes(lineKey({ assetId, version })) })
        .where('note_id', '=', note.id)
        .where('asset_id', '=', assetId)
        .where('version', '=', version)
        .execute();
    }
    await recordAudit(trx, {
      actor: edit.actor,
      action: 'release.edit',
      subject: { kind: 'release_note', id: note.id },
      now: edit.now,
      after: { kept: edit.kept.length, of: shown.length },
      text: { words: edit.words },
    });
    await refreshCards(trx, { kind: draftCardKind, id: note.id }, edit.now);
  });
}

/** Names one line of a note in its form, which has to remember all that it offered: as much of the id as tells a note's lines apart. */
export function lineKey({ assetId, version }: Pick<ReleaseLine, 'assetId' | 'version'>): string {
  return `${assetId.slice(0, 13)}:${version}`;
}

/** Takes the draft back: nobody is told. The next sync starts a new one. */
export async function dropNote(services: Services, by: By): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    const note = await lockDraft(services, trx, by);
    await decide(trx, note.id, 'dropped', by);
  });
}

/**
 * Sends it: to the announcements channel, to channels and people that subscribed to the domain or to something in it, and to who asked lately about what means
 * something else now, and to whoever answers for what a breaking change reaches. Everybody gets the lines they may read, nobody gets an empty note, and it is sent once.
 */
export async function sendNote(services: Services, by: By): Promise<{ people: number; channels: number }> {
  const { view } = services.catalog.current();
  return services.db.transaction().execute(async (trx) => {
    const note = await lockDraft(services, trx, by);
    const lines = (await linesOf(trx, view, note.id)).filter((line) => !line.omitted);
    const people = new Map<string, 'subscribed' | 'owner' | 'asked'>();
    const channels = new Set<string>();
    const announcements = services.config.slack.channels.announcements;
    for (const { asset } of lines) {
      const readers = await readersOf(services, trx, asset, by.now);
      for (const { person, why } of readers.people)
        if (people.get(person.id) !== 'subscribed') people.set(person.id, why);
      for (const channel of readers.channels) channels.add(channel);
      if (announcements !== undefined && isOpenIn(services, asset, announcements))
        channels.add(announcements);
    }
    for (const person of await reachedOwners(services, trx, view, lines))
      if (person.id !== by.person.id && people.get(person.id) !== 'subscribed')
        people.set(person.id, 'owner');
    for (const [personId, why] of people) {
      await tellReader(services, trx, {
        personId,
        why,
        topic: why === 'owner' ? 'definitions-upstream' : 'definitions-asked',
        key: `release:${note.id}:person:${personId}`,
        card: { kind: noteCardKind, id: note.id, variant: `person:${personId}:${why}` },
        now: by.now,
      });
    }
    for (const channelId of channels) {
      await postCard(trx, {
        key: `release:${note.id}:channel:${channelId}`,
        to: { channelId },
        card: { kind: noteCardKind, id: note.id, variant: `channel:${channelId}` },
        now: by.now,
      });
    }
    await decide(trx, note.id, 'sent', by);
    return { people: people.size, channels: channels.size };
  });
}

/** Who answers for what is built on something that broke, as far as they may read what broke. */
async function reachedOwners(
  services: Services,
  trx: Trx,
  view: CatalogView,
  lines: readonly ReleaseLine[],
): Promise<Person[]> {
  const found = new Map<string, Person>();
  for (const { asset, breaking } of lines) {
    if (!breaking || view.get(asset.id) === undefined) continue;
    for (const reached of view.downstream(asset.id))
      for (const person of await ownersOf(services, trx, reached.asset))
        if (mayRead(asset, person, services.config.catalog.visibility)) found.set(person.id, person);
  }
  return [...found.values()];
}

async function lockDraft(services: Services, trx: Trx, by: By) {
  await trx.selectFrom('release_note').select('id').where('id', '=', by.noteId).forUpdate().execute();
  const note = await loadNote(services, trx, by);
  if (note.state !== 'draft')
    throw new IllegalTransitionError(
      `This release note was ${note.state} already. Nothing was changed.`,
      note.state,
      'draft',
    );
  return note;
}

async function decide(trx: Trx, noteId: string, to: 'sent' | 'dropped', { actor, now }: By): Promise<void> {
  await trx
    .updateTable('release_note')
    .set({
      state: to,
      decided_by: actor.personId,
      updated_at: now,
      ...(to === 'sent' ? { sent_at: now } : {}),
    })
    .where('id', '=', noteId)
    .where('state', '=', 'draft')
    .execute();
  await recordAudit(trx, {
    actor,
    action: `release.${to === 'sent' ? 'send' : 'drop'}`,
    subject: { kind: 'release_note', id: noteId },
    now,
    before: { state: 'draft' },
    after: { state: to },
  });
  await refreshCards(trx, { kind: draftCardKind, id: noteId }, now);
}

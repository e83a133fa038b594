import type { Actor } from '../../audit/record.js';
import type { Role } from '../../authority/authority.js';
import type { Asset } from '../../catalog/asset.js';
import { mayRead } from '../../catalog/visibility.js';
import { InvalidInputError, NotFoundError } from '../../errors.js';
import { ownersOf } from '../../people/owners-of.js';
import type { Person } from '../../people/person.js';
import type { Services } from '../../services.js';
import type { GapStage } from '../tables.js';
import { decideAlias, proposeAlias } from './aliases.js';
import { moveGap } from './gaps.js';

interface By {
  gapId: string;
  person: Person;
  actor: Actor;
  now: Date;
}

/** What somebody is to one entry of the queue: it was given to them, they own what it is about, or they keep the data as a whole. */
async function rolesFor(services: Services, gapId: string, person: Person): Promise<ReadonlySet<Role>> {
  const roles = new Set<Role>();
  if (person.kind !== 'member' || person.status !== 'active') return roles;
  roles.add('member');
  if (person.isAdmin) roles.add('admin');
  if (services.config.authority.dataTeam.some((team) => person.teams.includes(team))) roles.add('data-team');
  const gap = await services.db
    .selectFrom('gap')
    .select(['owner_id', 'asset_id'])
    .where('id', '=', gapId)
    .executeTakeFirst();
  if (gap === undefined) throw new NotFoundError('There is no such entry in the queue.');
  const asset = gap.asset_id === null ? undefined : services.catalog.current().view.get(gap.asset_id);
  if (gap.owner_id === person.id || (asset !== undefined && (await owns(services, asset, person))))
    roles.add('owner');
  const asked = await services.db
    .selectFrom('slack_message')
    .select('id')
    .where('key', '=', `gap:${gapId}:${person.id}`)
    .executeTakeFirst();
  if (asked !== undefined) roles.add('owner');
  return roles;
}

export async function owns(services: Services, asset: Asset, person: Person): Promise<boolean> {
  const owners = await ownersOf(services, services.db, asset);
  return owners.some(({ id }) => id === person.id);
}

async function requireMove(services: Services, { gapId, person }: By): Promise<void> {
  services.authority.require('gap.move', await rolesFor(services, gapId, person));
}

/**
 * The one asset that a name means to this person.
 * @throws InvalidInputError by the field `asset`; what they may not read is answered like what is not there.
 */
export function assetNamed(services: Services, person: Person, name: string): Asset {
  const found = services.catalog
    .current()
    .view.resolve(name)
    .filter((asset) => mayRead(asset, person, services.config.catalog.visibility));
  const [asset] = found;
  if (asset !== undefined && found.length === 1) return asset;
  const sentence =
    asset === undefined
      ? 'The catalog has nothing of this name.'
      : 'Several things have this name; write the full name.';
  throw new InvalidInputError(`Nothing was changed. ${sentence}`, { asset: sentence });
}

/**
 * Answers a question for good: names what answers it, or says it in words. `alias`: the words people use, kept as a name of it, in force at once where
 * its owner says so and proposed to the owner otherwise. Everybody who asked is told.
 */
export async function closeGap(
  services: Services,
  answer: By & { asset?: Asset; words?: string; alias?: string },
): Promise<{ name: NameOutcome }> {
  const { gapId, person, actor, now, asset, words, alias } = answer;
  await requireMove(services, answer);
  const name =
    asset !== undefined && alias !== undefined && alias !== ''
      ? await nameIt(services, { asset, text: alias, person, actor, now })
      : 'none';
  await moveGap(services.db, {
    id: gapId,
    to: 'closed',
    actor,
    now,
    ...(asset === undefined ? {} : { assetId: asset.id }),
    ...(words === undefined || words === '' ? {} : { resolution: words }),
  });
  return { name };
}

/** What became of the words as a name: in force, put to the owner, or not kept, because they name something already or are none. */
export type NameOutcome = 'none' | 'accepted' | 'proposed' | 'not-kept';

async function nameIt(
  services: Services,
  { asset, text, person, actor, now }: { asset: Asset; text: string } & Omit<By, 'gapId'>,
): Promise<NameOutcome> {
  const id = await proposeAlias(services, { assetId: asset.id, text, actor, personId: person.id, now });
  if (id === null) return 'not-kept';
  if (!(await mayName(services, asset, person))) return 'proposed';
  await decideAlias(services.db, services.catalog.current(), { id, accept: true, actor, now });
  return 'accepted';
}

async function mayName(services: Services, asset: Asset, person: Person): Promise<boolean> {
  const roles = new Set<Role>();
  if (person.isAdmin) roles.add('admin');
  if (await owns(services, asset, person)) roles.add('owner');
  return services.authority.can('alias.decide', roles);
}

/** The owner's word on a name that people use. */
export async function decideName(
  services: Services,
  decision: { aliasId: string; accept: boolean; person: Person; actor: Actor; now: Date },
): Promise<void> {
  const { aliasId, accept, person, actor, now } = decision;
  const row = await services.db
    .selectFrom('alias')
    .select('asset_id')
    .where('id', '=', aliasId)
    .executeTakeFirst();
  const asset = row === undefined ? undefined : services.catalog.current().view.get(row.asset_id);
  if (asset === undefined || !(await mayName(services, asset, person)))
    throw new NotFoundError('There is no such proposal that you may decide. Nothing was changed.');
  await decideAlias(services.db, services.catalog.current(), { id: aliasId, accept, actor, now });
}

/** Takes it on: by whom, how far it is, until when. Everybody who asked hears of a new date. */
export async function planGap(
  services: Services,
  plan: By & { ownerId: string; stage: GapStage; promisedOn: string; today: string },
): Promise<void> {
  const { gapId, actor, now, ownerId, stage, promisedOn, today } = plan;
  await requireMove(services, plan);
  if (promisedOn < today)
    throw new InvalidInputError('Nothing was changed. Choose today or a later day.', {
      promised: 'Choose today or a later day.',
    });
  await moveGap(services.db, { id: gapId, to: 'planned', actor, now, ownerId, stage, promisedOn });
}

export async function dismissGap(services: Services, by: By): Promise<void> {
  await requireMove(services, by);
  await moveGap(services.db, { id: by.gapId, to: 'dismissed', actor: by.actor, now: by.now });
}

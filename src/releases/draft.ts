import type { Asset } from '../catalog/asset.js';
import type { AssetChange } from '../catalog/store-assets.js';
import type { ChangeKind } from '../catalog/versions.js';
import { mayRead } from '../catalog/visibility.js';
import type { Trx } from '../db/database.js';
import { postCard, refreshCards } from '../jobs/outgoing.js';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';
import { teamsOf } from './authority.js';
import { wasPromised } from './contract-words.js';

export const draftCardKind = 'release-draft';
/** To whoever promised the columns of something. Variant: `<person>:<asset>:<version>`. */
export const brokenContractKind = 'release-broken-contract';

/** Domain of what names none. */
export const noDomain = 'general';

/** What readers of a domain have to know: what it means, what shape it has, that it is gone. New things break nobody's numbers. */
const worthTelling: readonly ChangeKind[] = ['meaning', 'schema', 'removed', 'restored'];

/**
 * Told by a sync what changed, in its transaction: puts it into the draft of its domain and shows the draft to whoever owns the domain. What a
 * definition change has announced already (`announced`) is not told twice.
 */
export async function draftReleaseNotes(
  services: Pick<Services, 'config' | 'directory'>,
  trx: Trx,
  params: { changes: readonly AssetChange[]; announced: ReadonlySet<string>; now: Date },
): Promise<void> {
  const { changes, announced, now } = params;
  const told = changes.filter(
    (change) => worthTelling.includes(change.change) && !announced.has(change.assetId),
  );
  if (told.length === 0) return;
  const assets = await assetsOf(
    trx,
    told.map((change) => change.assetId),
  );
  for (const domain of new Set([...assets.values()].map(domainOf))) {
    const noteId = await draftOf(trx, domain, now);
    const items = told.filter(({ assetId }) => {
      const asset = assets.get(assetId);
      return asset !== undefined && domainOf(asset) === domain;
    });
    await trx
      .insertInto('release_note_item')
      .values(
        items.map((change) => ({
          note_id: noteId,
          asset_id: change.assetId,
          version: change.version,
          change: change.change,
          breaking: change.breaking,
          at: now,
        })),
      )
      .onConflict((conflict) => conflict.columns(['note_id', 'asset_id', 'version']).doNothing())
      .execute();
    const owners = await showToOwners(services, trx, {
      noteId,
      domain,
      assets: items.flatMap(({ assetId }) => assets.get(assetId) ?? []),
      now,
    });
    for (const change of items) {
      const asset = assets.get(change.assetId);
      if (change.breaking && asset !== undefined && wasPromised(change.changes, asset.contract))
        await alarmProducers(services, trx, { noteId, change, asset, shown: owners, now });
    }
    await refreshCards(trx, { kind: draftCardKind, id: noteId }, now);
  }
}

async function assetsOf(trx: Trx, ids: string[]): Promise<Map<string, Asset>> {
  const rows = await trx
    .selectFrom('asset')
    .select(['id', 'source', 'draft'])
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map(({ id, source, draft }) => [id, { ...draft, id, source }]));
}

export function domainOf(asset: Pick<Asset, 'domain'>): string {
  return asset.domain ?? noDomain;
}

async function draftOf(trx: Trx, domain: string, now: Date): Promise<string> {
  const made = await trx
    .insertInto('release_note')
    .values({ domain, state: 'draft', created_at: now, updated_at: now })
    .onConflict((conflict) => conflict.column('domain').where('state', '=', 'draft').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (made !== undefined) return made.id;
  const open = await trx
    .selectFrom('release_note')
    .select('id')
    .where('domain', '=', domain)
    .where('state', '=', 'draft')
    .executeTakeFirstOrThrow();
  return open.id;
}

const shownToAtMost = 3;

/** In person and once, to owners who may read something of it: a draft may name what not everybody in a team's channel may see. */
async function showToOwners(
  services: Pick<Services, 'config' | 'directory'>,
  trx: Trx,
  params: { noteId: string; domain: string; assets: readonly Asset[]; now: Date },
): Promise<ReadonlySet<string>> {
  const { noteId, domain, assets, now } = params;
  const rules = services.config.catalog.visibility;
  const readers = (await ownersOf(services, trx, domain))
    .filter((person) => assets.some((asset) => mayRead(asset, person, rules)))
    .slice(0, shownToAtMost);
  for (const person of readers) {
    await postCard(trx, {
      key: `release:${noteId}:draft:${person.id}`,
      to: { personId: person.id },
      card: { kind: draftCardKind, id: noteId, variant: person.id },
      now,
    });
  }
  return new Set(readers.map(({ id }) => id));
}

/**
 * Whoever promised the columns is told, once per change, that the promise is broken and whom that reaches: they can still take it back. Who has the draft
 * itself is not told twice.
 */
async function alarmProducers(
  services: Pick<Services, 'config' | 'directory'>,
  trx: Trx,
  params: { noteId: string; change: AssetChange; asset: Asset; shown: ReadonlySet<string>; now: Date },
): Promise<void> {
  const { noteId, change, asset, shown, now } = params;
  const producers = new Map<string, Person>();
  for (const owner of asset.owners)
    for (const person of await services.directory.resolveOwner(trx, owner)) producers.set(person.id, person);
  const told = [...producers.values()].filter(
    (person) =>
      !shown.has(person.id) &&
      person.status === 'active' &&
      mayRead(asset, person, services.config.catalog.visibility),
  );
  for (const person of told.slice(0, shownToAtMost)) {
    const version = `${change.assetId}:${change.version}`;
    await postCard(trx, {
      key: `release:${noteId}:producer:${person.id}:${version}`,
      to: { personId: person.id },
      card: { kind: brokenContractKind, id: noteId, variant: `${person.id}:${version}` },
      now,
    });
  }
}

async function ownersOf(
  services: Pick<Services, 'config' | 'directory'>,
  trx: Trx,
  domain: string,
): Promise<Person[]> {
  const own = teamsOf(services, domain);
  const people = new Map<string, Person>();
  for (const team of own.length > 0 ? own : services.config.authority.dataTeam)
    for (const person of await services.directory.teamMembers(trx, team)) people.set(person.id, person);
  if (people.size > 0) return [...people.values()];
  const admins = await Promise.all(
    services.config.authority.admins.map((email) => services.directory.byEmail(trx, email)),
  );
  return admins.flatMap((person) => (person?.status === 'active' ? [person] : []));
}

import type { Asset } from '../catalog/asset.js';
import { mayRead } from '../catalog/visibility.js';
import type { Db, Trx } from '../db/database.js';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';

export interface Readers {
  /** Why each of them hears of it: because they subscribed, or because they asked. */
  people: { person: Person; why: 'subscribed' | 'asked' }[];
  channels: string[];
}

const askersOfDays = 90;
const mostPeople = 500;

/**
 * Who hears of an asset: subscribers of it and of its domain, and whoever asked about it in the last 90 days, without those who said
 * "Stop these". Only who may read it in full now, whatever they could read when they subscribed or asked; a channel only what everybody in it may.
 */
export async function readersOf(
  services: Pick<Services, 'directory' | 'config'>,
  db: Db | Trx,
  asset: Asset,
  now: Date,
  options: { askers?: boolean } = {},
): Promise<Readers> {
  const rows = await db
    .selectFrom('subscription')
    .select(['person_id', 'channel_id', 'state', 'asset_id'])
    .where((where) =>
      where.or([
        where('asset_id', '=', asset.id),
        ...(asset.domain === undefined ? [] : [where('domain', '=', asset.domain)]),
      ]),
    )
    // What was said about the asset itself outweighs what was said about its domain.
    .orderBy('asset_id', (order) => order.desc().nullsLast())
    .execute();
  const wishes = new Map<string, 'on' | 'stopped'>();
  for (const row of rows) {
    const reader = row.person_id ?? row.channel_id ?? '';
    if (!wishes.has(reader)) wishes.set(reader, row.state);
  }
  const ids = new Map<string, 'subscribed' | 'asked'>();
  for (const row of rows)
    if (row.person_id !== null && wishes.get(row.person_id) === 'on') ids.set(row.person_id, 'subscribed');
  if (options.askers ?? true)
    for (const id of await askersOf(db, asset.id, now))
      if (!ids.has(id) && wishes.get(id) !== 'stopped') ids.set(id, 'asked');
  const people: Readers['people'] = [];
  for (const [id, why] of [...ids].slice(0, mostPeople)) {
    const person = await services.directory.byId(db, id);
    if (person?.status !== 'active' || person.kind !== 'member') continue;
    if (mayRead(asset, person, services.config.catalog.visibility)) people.push({ person, why });
  }
  const channels = [...new Set(rows.flatMap((row) => row.channel_id ?? []))].filter(
    (channel) => wishes.get(channel) === 'on' && isOpenIn(services, asset, channel),
  );
  return { people, channels };
}

/**
 * Whether everybody who reads a channel may read the asset in full: everybody at all, or each team of the audience that steward.yml gives the
 * channel. One team of an audience is not shown what only another one may read.
 */
export function isOpenIn(services: Pick<Services, 'config'>, asset: Asset, channelId: string): boolean {
  const rules = services.config.catalog.visibility;
  const audience = services.config.slack.audiences.find((entry) => entry.channel === channelId);
  const viewers =
    audience === undefined ? [{ teams: [] }] : audience.teams.map((team) => ({ teams: [team] }));
  return viewers.every((viewer) => mayRead(asset, viewer, rules));
}

async function askersOf(db: Db | Trx, assetId: string, now: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('question')
    .select('person_id')
    .distinct()
    .where('asset_id', '=', assetId)
    .where('at', '>=', new Date(now.getTime() - askersOfDays * 86_400_000))
    .where('person_id', 'is not', null)
    .limit(mostPeople)
    .execute();
  return rows.flatMap((row) => row.person_id ?? []);
}

/** What a person subscribed to, by name, as far as they may still read it. */
export async function subscriptionsOf(
  services: Pick<Services, 'db' | 'catalog' | 'config'>,
  person: Person,
): Promise<string[]> {
  const { view } = services.catalog.current();
  const rows = await services.db
    .selectFrom('subscription')
    .select(['asset_id', 'domain'])
    .where('person_id', '=', person.id)
    .where('state', '=', 'on')
    .orderBy('created_at')
    .limit(200)
    .execute();
  return rows.flatMap(({ asset_id: assetId, domain }) => {
    if (domain !== null) return [`the domain ${domain}`];
    const asset = assetId === null ? undefined : view.get(assetId);
    const open = asset && mayRead(asset, person, services.config.catalog.visibility);
    return open ? [asset.label ?? asset.name] : [];
  });
}

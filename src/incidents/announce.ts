import { sql } from 'kysely';
import type { OwnerRef } from '../catalog/asset.js';
import { mayKnowOf } from '../catalog/visibility.js';
import type { Trx } from '../db/database.js';
import { enqueue } from '../jobs/outbox.js';
import { postCard } from '../jobs/outgoing.js';
import { onCallOrNobody } from '../people/on-call.js';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';
import { incidentCard } from './change.js';
import { assetsOf, type Incident, type IncidentAsset } from './incident.js';
import { severityById, severityRank } from './severity.js';

/** How many people are told of one incident at most by direct message: a storm of notices helps nobody. */
const maxDirectNotices = 50;

/** One folded line in the triage channel. */
export async function postTriageLine(
  services: Services,
  trx: Trx,
  incident: Pick<Incident, 'id'>,
  now: Date,
): Promise<void> {
  const channel = services.config.incidents.triage.channel ?? services.config.slack.channels.incidents;
  if (channel === undefined) return;
  await postCard(trx, {
    key: `incident:${incident.id}:triage`,
    to: { channelId: channel },
    card: { kind: incidentCard, id: incident.id, variant: 'triage' },
    now,
  });
}

/** The public place where incidents are announced; a private one is announced nowhere. */
export function announceChannel(services: Services): string | undefined {
  return services.config.slack.channels.incidents;
}

/**
 * Tells everybody whose business it is, once each: the announcement, the owners of what is affected, those who asked about it, the
 * executives' digest. Later changes bring the same messages up to date. A channel is asked for where the severity has one.
 */
export async function announce(services: Services, trx: Trx, incident: Incident, now: Date): Promise<void> {
  await wantChannel(services, trx, incident, now);
  if (incident.private) return;
  const channel = announceChannel(services);
  if (
    channel !== undefined &&
    !(sharesTriageChannel(services) && (await promoteTriageLine(trx, incident.id, channel)))
  ) {
    await postCard(trx, {
      key: announceKey(incident.id),
      to: { channelId: channel },
      card: { kind: incidentCard, id: incident.id, variant: 'announce' },
      now,
    });
  }
  if (incident.drill) return;
  await tellAudiences(services, trx, incident, now);
}

function sharesTriageChannel(services: Services): boolean {
  const { channel } = services.config.incidents.triage;
  return channel === undefined || channel === announceChannel(services);
}

const announceKey = (incidentId: string): string => `incident:${incidentId}:announce`;

/** Where triage and announcements share a channel, the line that is there becomes the announcement: one message per incident. */
async function promoteTriageLine(trx: Trx, incidentId: string, channelId: string): Promise<boolean> {
  const there = await trx
    .selectFrom('slack_message')
    .select('id')
    .where('key', '=', announceKey(incidentId))
    .executeTakeFirst();
  if (there !== undefined) return true;
  const promoted = await trx
    .updateTable('slack_message')
    .set({ key: announceKey(incidentId), variant: 'announce' })
    .where('key', '=', `incident:${incidentId}:triage`)
    .where('state', '<>', 'gone')
    // Once it is sent the row has Slack's id of the channel: the line was posted where triage is, and that is this channel.
    .where((eb) => eb.or([eb('channel_id', '=', channelId), eb('ts', 'is not', null)]))
    .returning('id')
    .executeTakeFirst();
  return promoted !== undefined;
}

/** Consumers and owners of what is affected. Safe to call again when the radius has grown: nobody is told twice. */
export async function tellAudiences(
  services: Services,
  trx: Trx,
  incident: Incident,
  now: Date,
): Promise<void> {
  if (incident.private || incident.drill) return;
  // Nothing goes to consumers of a data exposure before security and legal say what (DESIGN 7).
  if (incident.kind === 'data_exposure') return;
  const people = new Map<string, 'owner' | 'consumer'>();
  const teamChannels = new Set<string>();
  for (const asset of await assetsOf(trx, incident.id)) {
    for (const owner of ownersIn(services, asset)) {
      const channel = teamOf(services, owner)?.channel;
      if (channel !== undefined) {
        teamChannels.add(channel);
        continue;
      }
      for (const person of await services.directory.resolveOwner(trx, owner)) people.set(person.id, 'owner');
    }
  }
  for (const id of await askersOf(services, trx, incident, now))
    if (!people.has(id)) people.set(id, 'consumer');
  for (const channelId of teamChannels) {
    await postCard(trx, {
      key: `incident:${incident.id}:team:${channelId}`,
      to: { channelId },
      card: { kind: incidentCard, id: incident.id, variant: 'consumer' },
      now,
    });
  }
  for (const [personId, variant] of [...people].slice(0, maxDirectNotices)) {
    if (personId === incident.declared_by) continue;
    await postCard(trx, {
      key: `incident:${incident.id}:person:${personId}`,
      to: { personId },
      card: { kind: incidentCard, id: incident.id, variant },
      now,
    });
  }
  const executives = services.config.incidents.executives.channel;
  if (executives !== undefined && severityRank(services.config, incident.severity) < 2) {
    await postCard(trx, {
      key: `incident:${incident.id}:executives`,
      to: { channelId: executives },
      card: { kind: incidentCard, id: incident.id, variant: 'executive' },
      now,
    });
  }
}

/** The one message of whoever subscribed, unless they have one as an owner; what is private is told in its channel alone. */
export async function tellSubscriber(
  trx: Trx,
  incident: Pick<Incident, 'id' | 'private'>,
  personId: string,
  now: Date,
): Promise<void> {
  if (incident.private) return;
  await postCard(trx, {
    key: `incident:${incident.id}:person:${personId}`,
    to: { personId },
    card: { kind: incidentCard, id: incident.id, variant: 'consumer' },
    now,
  });
}

/** Owners as the catalog has them now; of an asset that has left it, as they were written down. */
export function ownersIn(services: Services, asset: Pick<IncidentAsset, 'asset_id' | 'owners'>): OwnerRef[] {
  return services.catalog.current().view.get(asset.asset_id)?.owners ?? asset.owners.map(readOwner);
}

/** The team of steward.yml that an owner means, by id or by name. */
function teamOf(services: Services, owner: OwnerRef) {
  return services.config.teams.find(
    ({ id, name }) => id === owner.team || (name !== undefined && name === owner.name) || id === owner.name,
  );
}

/** An owner as the catalog wrote it, back to what the directory looks up. */
export function readOwner(owner: string): { name?: string; email?: string; team?: string } {
  return owner.includes('@') ? { email: owner } : { team: owner, name: owner };
}

const askedWithinMs = 30 * 86_400_000;

/**
 * Who asked about the broken assets in the last 30 days or subscribed to one of them, if the answers' log is there to tell. Not who said "Stop these" about
 * all they would be told for.
 */
export async function askersOf(
  services: Services,
  trx: Trx,
  incident: Pick<Incident, 'id'>,
  now: Date,
): Promise<string[]> {
  const since = new Date(now.getTime() - askedWithinMs);
  const { rows } = await sql<{ person_id: string; asset_id: string }>`
    select reader.person_id, reader.asset_id
    from incident_asset
    join (
      select asset_id, person_id from asset_asked where asked_at >= ${since}
      union
      select asset_id, person_id from subscription where state = 'on' and person_id is not null and asset_id is not null
    ) as reader on reader.asset_id = incident_asset.asset_id
    where incident_asset.incident_id = ${incident.id}
      and not exists (
        select from subscription
        where subscription.state = 'stopped' and subscription.person_id = reader.person_id
          and subscription.asset_id = reader.asset_id
      )`.execute(trx);
  const { view } = services.catalog.current();
  const told = new Set<string>();
  for (const row of rows) {
    if (told.has(row.person_id)) continue;
    const asset = view.get(row.asset_id);
    const person = await services.directory.byId(trx, row.person_id);
    // Who asked then may not know of it any more.
    if (person === null || (asset && !mayKnowOf(asset, person, services.config.catalog.visibility))) continue;
    told.add(row.person_id);
  }
  return [...told];
}

/** The review where the incident was worked on: in its channel, else under its announcement. One message, kept up to date. */
export async function postReview(services: Services, trx: Trx, incident: Incident, now: Date): Promise<void> {
  const own = incident.channel_state === 'ready' ? incident.channel_id : null;
  const channelId = own ?? (incident.private ? undefined : announceChannel(services));
  if (channelId === undefined) return;
  await postCard(trx, {
    key: `incident:${incident.id}:review:${channelId}`,
    to: { channelId },
    card: { kind: incidentCard, id: incident.id, variant: own === null ? 'review' : 'review-own' },
    ...(own === null ? { inThreadOf: announceKey(incident.id) } : {}),
    now,
  });
}

/** Asks for a channel where the severity has one; the effect finishes whatever part of it is still missing. */
export async function wantChannel(
  services: Services,
  trx: Trx,
  incident: Incident,
  now: Date,
): Promise<void> {
  if (!incident.private && !severityById(services.config, incident.severity).channel) return;
  if (incident.channel_state === 'none') {
    await trx
      .updateTable('incident')
      .set({ channel_state: 'wanted', updated_at: now })
      .where('id', '=', incident.id)
      .execute();
  }
  await setUpChannel(trx, incident.id, now, 'declare');
}

/** Runs the channel's set-up again: after new people, a new severity or a topic that no longer holds. */
export async function setUpChannel(trx: Trx, incidentId: string, now: Date, why: string): Promise<void> {
  await enqueue(trx, {
    kind: 'incident.channel',
    queue: 'slack',
    key: `incident.channel:${incidentId}:${why}:${now.getTime()}`,
    lane: `incident-channel:${incidentId}`,
    payload: { incidentId },
    now,
  });
}

/** People of an incident: who declared it, owners of what is broken, who is on call, and security for an exposure. */
export async function gatherMembers(
  services: Services,
  trx: Trx,
  incident: Incident,
  now: Date,
): Promise<void> {
  const wanted = new Map<string, string>();
  if (incident.declared_by !== null) wanted.set(incident.declared_by, 'declarer');
  const add = (people: readonly Person[], how: string): void => {
    for (const person of people) if (!wanted.has(person.id)) wanted.set(person.id, how);
  };
  const team = services.config.incidents.team;
  if (team !== undefined) add(await onCallOrNobody(services, trx, team, now), 'on-call');
  if (incident.kind === 'data_exposure') {
    for (const id of new Set([
      ...services.config.incidents.security,
      ...services.config.authority.security,
    ])) {
      add(await services.directory.teamMembers(trx, id).catch(() => []), 'security');
    }
  }
  if (!incident.private) {
    for (const asset of await assetsOf(trx, incident.id)) {
      if (asset.relation !== 'direct') continue;
      for (const owner of ownersIn(services, asset)) {
        add(await services.directory.resolveOwner(trx, owner).catch(() => []), 'owner');
      }
    }
  }
  for (const [personId, how] of wanted) await addMember(trx, { incidentId: incident.id, personId, how, now });
}

export async function addMember(
  trx: Trx,
  params: {
    incidentId: string;
    personId: string;
    how: string;
    subscribed?: boolean;
    joined?: boolean;
    now: Date;
  },
): Promise<boolean> {
  const result = await trx
    .insertInto('incident_member')
    .values({
      incident_id: params.incidentId,
      person_id: params.personId,
      how: params.how,
      joined: params.joined ?? true,
      subscribed: params.subscribed ?? false,
      added_at: params.now,
    })
    .onConflict((conflict) =>
      conflict.columns(['incident_id', 'person_id']).doUpdateSet({
        joined: sql`incident_member.joined or excluded.joined`,
        subscribed: sql`incident_member.subscribed or excluded.subscribed`,
      }),
    )
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

import type { Actor } from '../../audit/record.js';
import type { Trx } from '../../db/database.js';
import { refreshCards } from '../../jobs/outgoing.js';
import type { Services } from '../../services.js';
import type { AlertSeverity } from '../alerts/alert.js';
import { postTriageLine } from '../announce.js';
import { brokenAssets, storeRadius } from '../blast/store.js';
import { walkRadius } from '../blast/walk.js';
import { incidentCard, lockIncident } from '../change.js';
import type { AlertGroup } from '../grouping/group.js';
import type { Incident } from '../incident.js';
import { referenceOf } from '../incident.js';
import { noteStart } from '../key-times.js';
import { hiddenFromSome } from '../known-assets.js';
import { resolveLocked } from '../life.js';
import { mergeLocked } from '../merge.js';
import { move } from '../move.js';
import { suggestSeverity } from '../severity.js';
import { reachedBy } from '../suggested.js';
import { addEntry } from '../timeline.js';
import { arm } from '../timers.js';
import { isLive, liveStates } from '../transitions.js';
import { acceptByPolicy, alertRule } from './by-policy.js';
import { followSeverity } from './follow-severity.js';
import { rulesOf } from './regroup-rules.js';

export interface FollowParams {
  group: AlertGroup;
  groupId: string;
  incidentId: string | null;
  isNew: boolean;
  brokeAgain: boolean;
  recovered: boolean;
  newAlerts: number;
  saidBefore: AlertSeverity | null;
  absorbed: readonly string[];
  actor: Actor;
  now: Date;
}

/** Brings the incident of a group in line with it: opens one in triage, follows flaps and recoveries, folds what turned out to be one. */
export async function followGroup(services: Services, trx: Trx, params: FollowParams): Promise<void> {
  const incident = await incidentFor(services, trx, params);
  if (incident === null) return;
  for (const id of params.absorbed) {
    if (id === incident.id) continue;
    const other = await lockIncident(trx, id);
    // What somebody has taken up is never folded away under their hands: the two are shown as related.
    if (other.state === 'triage') await mergeLocked(services, trx, other, incident, params);
  }
  const known = await reachedBy(trx, incident.id);
  await noteAlerts(trx, incident, params);
  await growRadius(services, trx, incident, params);
  await followSeverity(services, trx, incident, { ...params, known });
  if (params.group.state === 'recovered') await followRecovery(services, trx, incident, params);
  await refreshCards(trx, { kind: incidentCard, id: incident.id }, params.now);
}

async function incidentFor(services: Services, trx: Trx, params: FollowParams): Promise<Incident | null> {
  const { group, now } = params;
  if (params.incidentId !== null) {
    let incident = await lockIncident(trx, params.incidentId);
    for (
      let steps = 0;
      incident.state === 'merged' && incident.merged_into !== null && steps < 10;
      steps += 1
    )
      incident = await lockIncident(trx, incident.merged_into);
    if (group.state === 'recovered' || isLive(incident.state) || incident.state === 'triage') return incident;
    const again = await reopenFor(services, trx, incident, params);
    if (again !== null) return again;
  } else {
    const related = await relatedLive(services, trx, group);
    if (related !== null) {
      await attach(trx, params.groupId, related.id, now);
      return related;
    }
    if (group.state === 'recovered') return null;
  }
  return openTriage(services, trx, params);
}

/** Flapping goes on with its incident instead of opening another, while its end is fresh. */
async function reopenFor(
  services: Services,
  trx: Trx,
  incident: Incident,
  params: FollowParams,
): Promise<Incident | null> {
  const ended = incident.closed_at ?? incident.resolved_at ?? incident.updated_at;
  if (!params.brokeAgain && params.now.getTime() - ended.getTime() > rulesOf(services).flapWithinMs)
    return null;
  if (incident.state === 'resolved') {
    return move(services, trx, incident, 'investigating', params, {
      state_reason: `broke again: ${openTitle(services, params.group).slice(0, 120)}`,
      resolved_at: null,
    });
  }
  if (incident.state === 'declined' && incident.declared_at === null) {
    return move(services, trx, incident, 'triage', params, { state_reason: 'broke again', closed_at: null });
  }
  return null;
}

/** The words of the first alert, unless they name what is hidden from some: triage, cards and reasons are read by everybody. */
function openTitle(services: Services, group: AlertGroup): string {
  if (group.rootAssetId === null || hiddenFromSome(services, group.rootAssetId) === undefined)
    return group.title;
  const kind = group.alerts[0]?.alert.kind ?? 'other';
  return `${kind === 'other' ? 'An alert' : `A ${kind} alert`} on data that not everybody may know of`;
}

/** A live incident that explains this group: its root is broken or downstream of what is broken there. Private ones take nothing in. */
async function relatedLive(services: Services, trx: Trx, group: AlertGroup): Promise<Incident | null> {
  if (group.rootAssetId === null) return null;
  const since = new Date(group.firstAt.getTime() - 4 * rulesOf(services).groupWithinMs);
  const found = await trx
    .selectFrom('incident')
    .innerJoin('incident_asset', 'incident_asset.incident_id', 'incident.id')
    .selectAll('incident')
    .where('incident_asset.asset_id', '=', group.rootAssetId)
    .where('incident.state', 'in', [...liveStates])
    .where('incident.private', '=', false)
    .where('incident.drill', '=', false)
    .where((eb) =>
      eb.or([eb('incident.declared_at', '>=', since), eb('incident_asset.relation', '=', 'direct')]),
    )
    .orderBy('incident_asset.distance')
    .orderBy('incident.number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return found ?? null;
}

async function attach(trx: Trx, groupId: string, incidentId: string, now: Date): Promise<void> {
  await trx
    .updateTable('alert_group')
    .set({ incident_id: incidentId, updated_at: now })
    .where('id', '=', groupId)
    .execute();
}

async function openTriage(services: Services, trx: Trx, params: FollowParams): Promise<Incident | null> {
  const { group, now } = params;
  const { view } = services.catalog.current();
  const root = group.suspectAssetId ?? group.rootAssetId;
  const radius = root === null ? [] : walkRadius(view, [root]);
  const dataSince = group.alerts.flatMap(({ alert }) =>
    alert.status === 'firing' && alert.dataSince !== null ? [alert.dataSince.getTime()] : [],
  );
  const incident = await trx
    .insertInto('incident')
    .values({
      state: 'triage',
      severity: suggestSeverity(services.config, radius, group.severity),
      title: openTitle(services, group).slice(0, 200),
      declared_via: 'alert',
      delivery_key: `group:${params.groupId}:${now.getTime()}`,
      fingerprint: group.fingerprint,
      started_at: dataSince.length === 0 ? null : new Date(Math.min(...dataSince)),
      detected_at: group.firstAt,
      created_at: now,
      updated_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await attach(trx, params.groupId, incident.id, now);
  await storeRadius(services, trx, incident, root === null ? [] : [root], now);
  if (incident.started_at !== null)
    await noteStart(trx, { incidentId: incident.id, at: incident.started_at, now });
  await addEntry(trx, {
    incidentId: incident.id,
    at: group.firstAt,
    kind: 'state',
    text: `${referenceOf(incident)} in triage: ${incident.title}`,
    data: { group: params.groupId },
    now,
  });
  await postTriageLine(services, trx, incident, now);
  await acceptByPolicy(services, trx, incident, params);
  return lockIncident(trx, incident.id);
}

async function noteAlerts(trx: Trx, incident: Incident, params: FollowParams): Promise<void> {
  const { group, now } = params;
  if (params.newAlerts === 0 && !params.recovered) return;
  const latest = group.alerts.at(-1)?.alert;
  // One folded line per group, whatever its number of alerts: the newest words, the count, the link.
  await addEntry(trx, {
    incidentId: incident.id,
    at: group.firstAt,
    kind: 'alert',
    text: `${group.alerts.length} alert${group.alerts.length === 1 ? '' : 's'}: ${group.title}${group.flaps > 0 ? ` (flapped ${group.flaps} times)` : ''}${group.state === 'recovered' ? ', recovered' : ''}`,
    link: latest?.url ?? null,
    sourceKey: `group:${params.groupId}`,
    data: { group: params.groupId, alerts: group.alerts.length },
    now,
  });
}

/** Checks on further tables of the same cause make the radius wider where the root moved upstream. */
async function growRadius(
  services: Services,
  trx: Trx,
  incident: Incident,
  params: FollowParams,
): Promise<void> {
  const root = params.group.suspectAssetId ?? params.group.rootAssetId;
  if (root === null) return;
  const known = await trx
    .selectFrom('incident_asset')
    .select(['asset_id', 'relation'])
    .where('incident_id', '=', incident.id)
    .execute();
  if (known.some(({ asset_id, relation }) => asset_id === root && relation === 'direct')) return;
  const broken = await brokenAssets(trx, incident.id);
  const downstream = known.some(({ asset_id }) => asset_id === root);
  if (downstream && broken.length > 0) return;
  await storeRadius(services, trx, incident, [...broken, root], params.now);
}

/** All quiet: in triage it waits a while for a flap and then goes by itself; a live incident turns green, and by policy is resolved. */
async function followRecovery(
  services: Services,
  trx: Trx,
  incident: Incident,
  params: FollowParams,
): Promise<void> {
  const { now } = params;
  const firing = await trx
    .selectFrom('alert_group')
    .select('id')
    .where('incident_id', '=', incident.id)
    .where('state', '=', 'open')
    .where('status', '=', 'firing')
    .executeTakeFirst();
  if (firing !== undefined) return;
  if (incident.state === 'triage') {
    await arm(trx, incident.id, 'healthy', new Date(now.getTime() + rulesOf(services).flapWithinMs), now);
    return;
  }
  if (!isLive(incident.state) || !params.recovered) return;
  // Whatever it waited for is there: it is looked at now, not within the hour.
  if (incident.state === 'monitoring') await arm(trx, incident.id, 'healthy', now, now);
  if ((await alertRule(services, trx, incident, 'resolve', { state: 'recovered' })) !== undefined)
    await resolveLocked(services, trx, incident, {
      actor: params.actor,
      now,
      fixedBy: 'recovered by itself',
      at: params.group.lastAt,
    });
}

import type { Trx } from '../db/database.js';
import { InvalidInputError } from '../errors.js';
import type { Services } from '../services.js';
import { announce, gatherMembers, setUpChannel } from './announce.js';
import { brokenAssets, storeRadius, writeNotices } from './blast/store.js';
import { type ActOn, auditIncident, changeIncident } from './change.js';
import { startChecklist } from './checklist.js';
import { type Incident, referenceOf } from './incident.js';
import { knownAssets } from './known-assets.js';
import { askSeverity } from './nudge.js';
import { fireRules } from './rules/fire.js';
import { severityOf, worseOf } from './severity.js';
import { reachedBy, suggestedByGrowth } from './suggested.js';
import { addEntry } from './timeline.js';
import { replan } from './timers.js';
import { isLive } from './transitions.js';

/** A new severity plans everything anew: channel, people, pages, clocks and cadence. */
export async function changeSeverity(
  services: Services,
  act: ActOn & { severity: string; reason?: string },
): Promise<Incident> {
  const wanted = severityOf(services.config, act.severity);
  return changeIncident(services, act, 'incident.severity', (trx, incident) =>
    changeSeverityLocked(services, trx, incident, { ...act, severity: wanted.id }),
  );
}

/** The same for an incident whose row is locked; `severity` is an id of steward.yml. */
export async function changeSeverityLocked(
  services: Services,
  trx: Trx,
  incident: Incident,
  act: Pick<ActOn, 'actor' | 'now'> & { severity: string; reason?: string },
): Promise<Incident> {
  if (incident.severity === act.severity) return incident;
  const changed = await trx
    .updateTable('incident')
    .set({ severity: act.severity, updated_at: act.now })
    .where('id', '=', incident.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await addEntry(trx, {
    incidentId: incident.id,
    at: act.now,
    kind: 'severity',
    text: `${incident.severity} → ${act.severity}${act.reason?.trim() ? `: ${act.reason.trim()}` : ''}`,
    actorId: act.actor.personId,
    data: { from: incident.severity, to: act.severity },
    now: act.now,
  });
  await auditIncident(trx, act, incident, 'incident.severity', {
    before: { severity: incident.severity },
    after: { severity: act.severity },
  });
  if (isLive(incident.state)) {
    await gatherMembers(services, trx, changed, act.now);
    await announce(services, trx, changed, act.now);
    await replan(services, trx, changed, act.now);
    // Each change is an occasion of its own: what was lowered and is raised again is as urgent as the first time.
    await fireRules(services, trx, changed, 'severity', `${act.severity}:${act.now.getTime()}`, act.now);
  }
  return changed;
}

/** More is broken than was known: the radius is walked again, banners and people follow. */
export async function addBrokenAssets(
  services: Services,
  act: ActOn & { assetIds: readonly string[] },
): Promise<Incident> {
  const { view } = services.catalog.current();
  if (act.assetIds.length === 0)
    throw new InvalidInputError('Name an asset of the catalog. Nothing was changed.', {
      assets: 'not in the catalog',
    });
  return changeIncident(services, act, 'incident.assets', async (trx, incident) => {
    const before = await brokenAssets(trx, incident.id);
    const named = await knownAssets(services, trx, act.actor, act.assetIds, 'nothing was changed');
    const added = named.filter((id) => !before.includes(id));
    if (added.length === 0) return incident;
    const known = await reachedBy(trx, incident.id);
    const now = await storeRadius(services, trx, incident, [...before, ...added], act.now);
    await addEntry(trx, {
      incidentId: incident.id,
      at: act.now,
      kind: 'asset',
      text: `Also broken: ${added.map((id) => view.get(id)?.name ?? id).join(', ')}`,
      actorId: act.actor.personId,
      data: { added },
      now: act.now,
    });
    await auditIncident(trx, act, incident, 'incident.assets', {
      before: { assets: before },
      after: { assets: [...before, ...added] },
    });
    if (isLive(incident.state)) {
      await startChecklist(services, trx, incident, act.now);
      await gatherMembers(services, trx, incident, act.now);
      await announce(services, trx, incident, act.now);
      if (incident.channel_state === 'ready') await setUpChannel(trx, incident.id, act.now, 'assets');
      const suggested = suggestedByGrowth(services.config, known, now);
      if (suggested !== null && worseOf(services.config, incident.severity, suggested) !== incident.severity)
        await askSeverity(services, trx, incident, {
          why: 'reach',
          suggested,
          occasion: added.join(),
          now: act.now,
        });
    }
    return incident;
  });
}

/** Out of everybody's sight from now on. It cannot be undone: what was private stays private. */
export async function makePrivate(services: Services, act: ActOn): Promise<Incident> {
  return changeIncident(services, act, 'incident.state', async (trx, incident) => {
    if (incident.private) return incident;
    const changed = await trx
      .updateTable('incident')
      .set({ private: true, updated_at: act.now })
      .where('id', '=', incident.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    await addEntry(trx, {
      incidentId: incident.id,
      at: act.now,
      kind: 'state',
      text: `${referenceOf(incident)} made private`,
      actorId: act.actor.personId,
      now: act.now,
    });
    await auditIncident(trx, act, incident, 'incident.private', {
      before: { private: false },
      after: { private: true },
    });
    await writeNotices(trx, changed, act.now);
    return changed;
  });
}

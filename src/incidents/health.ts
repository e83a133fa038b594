import type { Db, Trx } from '../db/database.js';
import type { Services } from '../services.js';
import { brokenAssets } from './blast/store.js';
import type { Incident } from './incident.js';

/** How the data of an incident does since its fix. */
export interface Health {
  /** What still looks ill, with the asset it is said of where it is one; empty where nothing does. */
  ill: { words: string; assetId: string | null }[];
  /** Since when nothing has looked ill, by the data's own clock: the fix, or the last recovery after it. Means nothing while something is ill. */
  since: Date;
  /** When what is ill last said so, the fix at the earliest; null where nothing is. */
  lastIllAt: Date | null;
}

/** What one check said, in the order of its own times. */
interface Finding {
  check: string;
  words: string;
  assetId: string | null;
  ill: boolean;
  at: Date;
}

/**
 * Reads alerts and measurements as they are in the database: when somebody looked, or how late a recovery was worked, changes nothing. What was
 * measured before the fix says nothing about it; an alert says that something is broken until its own recovery.
 */
export async function healthOf(
  services: Services,
  db: Db | Trx,
  incident: Pick<Incident, 'id' | 'mitigated_at'>,
  now: Date,
): Promise<Health> {
  const fixedAt = incident.mitigated_at ?? now;
  const measured = await measurements(services, db, incident.id, fixedAt);
  const alerts = await alertsOf(db, incident.id);
  const illMeasured = illAtTheEnd(measured);
  const ill = [
    ...((await alertsQuiet(db, incident.id)) ? [] : [{ words: 'alerts are firing', assetId: null }]),
    ...illMeasured,
  ];
  const saidAt = [...illMeasured, ...illAtTheEnd(alerts)].map(({ at }) => at.getTime());
  const recoveries = [...recoveriesOf(measured), ...recoveriesOf(alerts)].map((at) => at.getTime());
  const upToNow = (times: readonly number[]): Date =>
    new Date(Math.min(now.getTime(), Math.max(fixedAt.getTime(), ...times)));
  return { ill, since: upToNow(recoveries), lastIllAt: ill.length === 0 ? null : upToNow(saidAt) };
}

/** What is ill has said nothing more for so long that it may never say that it is well. */
export function isSilent(services: Pick<Services, 'config'>, lastIllAt: Date, now: Date): boolean {
  return now.getTime() - lastIllAt.getTime() >= services.config.incidents.monitoring.askWhenSilentFor;
}

/** No group of alerts of this incident fires. */
export async function alertsQuiet(db: Db | Trx, incidentId: string): Promise<boolean> {
  const firing = await db
    .selectFrom('alert_group')
    .select('id')
    .where('incident_id', '=', incidentId)
    .where('state', '=', 'open')
    .where('status', '=', 'firing')
    .executeTakeFirst();
  return firing === undefined;
}

/** Tests, freshness and runs of what is broken, from the fix on. Those of what left the catalog say nothing any more. */
async function measurements(
  services: Services,
  db: Db | Trx,
  incidentId: string,
  from: Date,
): Promise<Finding[]> {
  const { view } = services.catalog.current();
  const assets = (await brokenAssets(db, incidentId)).flatMap((id) => view.get(id) ?? []);
  if (assets.length === 0) return [];
  const nameOf = new Map(assets.map(({ id, name }) => [id, name]));
  const rows = await db
    .selectFrom('signal')
    .select(['asset_id', 'type', 'name', 'column_name', 'status', 'observed_at'])
    .where('asset_id', 'in', [...nameOf.keys()])
    .where('observed_at', '>=', from)
    .where('type', '!=', 'usage')
    .where('status', 'not in', ['skipped', 'unknown'])
    .orderBy('observed_at')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    check: JSON.stringify([row.asset_id, row.type, row.name, row.column_name]),
    words: `${row.name} fails on ${nameOf.get(row.asset_id) ?? row.asset_id}`,
    assetId: row.asset_id,
    ill: row.status === 'fail' || row.status === 'error',
    at: row.observed_at,
  }));
}

async function alertsOf(db: Db | Trx, incidentId: string): Promise<Finding[]> {
  const rows = await db
    .selectFrom('alert')
    .innerJoin('alert_group', 'alert_group.id', 'alert.group_id')
    .select(['alert.fingerprint', 'alert.title', 'alert.asset_id', 'alert.status', 'alert.at'])
    .where('alert_group.incident_id', '=', incidentId)
    .where('alert_group.state', '=', 'open')
    .orderBy('alert.at')
    .orderBy('alert.id')
    .execute();
  return rows.map(({ fingerprint, title, asset_id: assetId, status, at }) => ({
    check: fingerprint,
    words: title,
    assetId,
    ill: status === 'firing',
    at,
  }));
}

function illAtTheEnd(findings: readonly Finding[]): Finding[] {
  const latest = new Map(findings.map((finding) => [finding.check, finding]));
  return [...latest.values()].filter(({ ill }) => ill);
}

/** Where a check that had failed said for the first time that all is well; a further pass is no news. */
function recoveriesOf(findings: readonly Finding[]): Date[] {
  const wasIll = new Set<string>();
  const recovered: Date[] = [];
  for (const { check, ill, at } of findings) {
    if (ill) wasIll.add(check);
    else if (wasIll.delete(check)) recovered.push(at);
  }
  return recovered;
}

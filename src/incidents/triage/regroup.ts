import { sql } from 'kysely';
import { policyActor } from '../../audit/record.js';
import { takingTurns } from '../../catalog/turns.js';
import type { Trx } from '../../db/database.js';
import type { Services } from '../../services.js';
import type { Alert, AlertKind, AlertSeverity } from '../alerts/alert.js';
import type { PlacedAlert } from '../grouping/episodes.js';
import { type AlertGroup, groupingOf } from '../grouping/group.js';
import { resolveAsset } from '../grouping/resolve.js';
import { worstOf } from '../grouping/worst.js';
import { followGroup } from './follow-group.js';
import { rulesOf } from './regroup-rules.js';
import { unfinishedGroups } from './unfinished-groups.js';

/** How far back alerts are grouped again when a new one comes. */
const horizonMs = 4 * 86_400_000;

/**
 * Groups the recent alerts from scratch and brings what is stored in line. The same function as a replay: the order in which alerts
 * came leaves no trace. One at a time, whoever runs it.
 */
export async function regroup(services: Services, now: Date): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext('steward-alert-groups'))`.execute(trx);
    const rows = await trx
      .selectFrom('alert')
      .selectAll()
      .where((eb) =>
        eb.or([
          eb('at', '>=', new Date(now.getTime() - horizonMs)),
          // However old: its recovery may still come.
          eb('group_id', 'in', unfinishedGroups(trx)),
        ]),
      )
      .where('muted', '=', false)
      .execute();
    const { view } = services.catalog.current();
    const placed: PlacedAlert[] = rows.map((row) => ({
      // What the catalog did not know when the alert came it may know now.
      assetId: row.asset_id ?? resolveAsset(view, row.hint),
      alert: {
        id: row.id,
        source: row.source,
        endpoint: row.endpoint,
        fingerprint: row.fingerprint,
        status: row.status,
        kind: row.kind as AlertKind,
        severity: row.severity as AlertSeverity,
        title: row.title,
        description: row.description,
        url: row.url,
        asset: row.hint,
        column: row.column_name,
        owners: row.owners,
        at: row.at,
        dataSince: row.data_since,
        run: row.run,
        labels: row.labels,
      } satisfies Alert,
    }));
    const groupOf = new Map(rows.map(({ id, group_id }) => [id, group_id]));
    const groups = (await takingTurns(groupingOf(placed, view, rulesOf(services)))).sort(
      (a, b) => a.firstAt.getTime() - b.firstAt.getTime() || (a.key < b.key ? -1 : 1),
    );
    const claimed = new Set<string>();
    for (const group of groups) {
      const stored = await reconcile(services, trx, group, groupOf, claimed, now);
      if (stored === null) continue;
      await followGroup(services, trx, { group, ...stored, actor: policyActor, now });
    }
  });
}

interface Reconciled {
  groupId: string;
  incidentId: string | null;
  isNew: boolean;
  /** Went from recovered to firing. */
  brokeAgain: boolean;
  recovered: boolean;
  newAlerts: number;
  /** How bad it said it was; null where that is not known. */
  saidBefore: AlertSeverity | null;
  /** Incidents of groups that turned out to be this one. */
  absorbed: string[];
}

/** Finds or makes the stored group of these alerts. Null when nothing about it is new. */
async function reconcile(
  services: Services,
  trx: Trx,
  group: AlertGroup,
  groupOf: Map<string, string | null>,
  claimed: Set<string>,
  now: Date,
): Promise<Reconciled | null> {
  const ids = group.alerts.map(({ alert }) => alert.id);
  const before = [...new Set(ids.flatMap((id) => groupOf.get(id) ?? []))].filter((id) => !claimed.has(id));
  const candidates =
    before.length === 0
      ? []
      : await trx
          .selectFrom('alert_group')
          .leftJoin('incident', 'incident.id', 'alert_group.incident_id')
          .select([
            'alert_group.id',
            'alert_group.incident_id',
            'alert_group.status',
            'alert_group.alerts',
            'alert_group.severity',
            'alert_group.created_at',
            'incident.state',
          ])
          .where('alert_group.id', 'in', before)
          .execute();
  candidates.sort(
    (a, b) =>
      rank(a.state) - rank(b.state) ||
      a.created_at.getTime() - b.created_at.getTime() ||
      (a.id < b.id ? -1 : 1),
  );
  const [survivor, ...losers] = candidates;
  const values = {
    key: group.key,
    state: 'open' as const,
    status: group.state,
    title: group.title.slice(0, 300),
    root_asset_id: group.rootAssetId,
    suspect_asset_id: group.suspectAssetId,
    because: group.because,
    fingerprint: group.fingerprint,
    alerts: ids.length,
    flaps: group.flaps,
    severity: group.severity,
    first_at: group.firstAt,
    last_at: group.lastAt,
    updated_at: now,
  };
  const fresh = ids.filter((id) => groupOf.get(id) !== survivor?.id);
  if (
    survivor !== undefined &&
    fresh.length === 0 &&
    losers.length === 0 &&
    survivor.status === group.state &&
    survivor.alerts === ids.length &&
    // What older code has grouped says nothing of it.
    (survivor.severity === null || survivor.severity === group.severity)
  ) {
    claimed.add(survivor.id);
    return null;
  }
  // Recoveries of what was over long ago open nothing.
  if (
    survivor === undefined &&
    group.state === 'recovered' &&
    now.getTime() - group.lastAt.getTime() > rulesOf(services).flapWithinMs
  )
    return null;
  const groupId =
    survivor === undefined
      ? (
          await trx
            .insertInto('alert_group')
            .values({ ...values, created_at: now })
            .returning('id')
            .executeTakeFirstOrThrow()
        ).id
      : (
          await trx
            .updateTable('alert_group')
            .set(values)
            .where('id', '=', survivor.id)
            .returning('id')
            .executeTakeFirstOrThrow()
        ).id;
  claimed.add(groupId);
  for (let start = 0; start < fresh.length; start += 1_000) {
    await trx
      .updateTable('alert')
      .set({ group_id: groupId })
      .where('id', 'in', fresh.slice(start, start + 1_000))
      .execute();
  }
  for (const id of ids) groupOf.set(id, groupId);
  for (const loser of losers) {
    await trx
      .updateTable('alert_group')
      .set({ state: 'merged', merged_into: groupId, updated_at: now })
      .where('id', '=', loser.id)
      .execute();
  }
  return {
    groupId,
    incidentId: survivor?.incident_id ?? null,
    isNew: survivor === undefined,
    brokeAgain: survivor?.status === 'recovered' && group.state === 'firing',
    recovered: group.state === 'recovered' && survivor?.status !== 'recovered',
    newAlerts: fresh.length,
    saidBefore: worstOf([survivor?.severity ?? null]),
    absorbed: losers.flatMap(({ incident_id }) => (incident_id === null ? [] : [incident_id])),
  };
}

/** What people have taken up comes before what waits, and that before what is over. */
function rank(state: string | null): number {
  if (state === 'investigating' || state === 'identified' || state === 'monitoring') return 0;
  if (state === 'triage') return 1;
  return state === null ? 3 : 2;
}

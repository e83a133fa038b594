import { z } from 'zod';
import { attachAlert } from '../../backfills/attach-alert.js';
import type { Trx } from '../../db/database.js';
import { enqueue } from '../../jobs/outbox.js';
import type { Services } from '../../services.js';
import { readDelivery } from '../grouping/replay.js';
import { resolveAsset } from '../grouping/resolve.js';
import { mutedBy } from '../mute.js';
import { wantRegroup } from '../triage/want-regroup.js';
import type { Alert, AlertFollowUp } from './alert.js';
import { alertSource } from './registry.js';

const stored = z.object({ source: z.string(), endpoint: z.string(), body: z.unknown() });

export interface StoredAlert {
  body: Record<string, unknown>;
  receivedAt: Date;
}

/** Works on one stored delivery: reads it as its source writes, keeps its alerts, and has them grouped. Doing it twice changes nothing. */
export async function processStoredAlert(
  services: Services,
  row: StoredAlert,
): Promise<{ alerts: number; skipped: string[] }> {
  const { source: type, endpoint, body } = stored.parse(row.body);
  const parsed = readDelivery({ source: type, endpoint, receivedAt: row.receivedAt, body });
  const source = alertSource(type);
  const followUps =
    source !== null && parsed.alerts.length > 0
      ? followUpsOf(services, type, endpoint, body, row.receivedAt)
      : [];
  if (parsed.skipped.length > 0)
    services.log.info(
      { source: type, endpoint, skipped: parsed.skipped.slice(0, 20) },
      'parts of an alert were left out',
    );
  await services.db.transaction().execute(async (trx) => {
    await heard(trx, `${type}/${endpoint}`, row.receivedAt);
    const ours = parsed.alerts.filter((alert) => alert.labels.ackKey?.startsWith('steward-') === true);
    for (const alert of ours) await acknowledgeFromPager(trx, alert);
    await keepAlerts(
      services,
      trx,
      parsed.alerts.filter((alert) => !ours.includes(alert)),
      row.receivedAt,
    );
    for (const followUp of followUps) {
      await enqueue(trx, {
        kind: 'incident.artifacts',
        queue: 'io',
        key: `incident.artifacts:${endpoint}:${followUp.accountId}:${followUp.runId}`,
        payload: { endpoint, accountId: followUp.accountId, runId: followUp.runId },
        now: services.clock.now(),
      });
    }
  });
  return { alerts: parsed.alerts.length, skipped: parsed.skipped };
}

function followUpsOf(
  services: Services,
  type: string,
  endpoint: string,
  body: unknown,
  receivedAt: Date,
): AlertFollowUp[] {
  const source = alertSource(type);
  if (source === null) return [];
  const config = services.config.incidents.endpoints.find(
    (one) => one.source === type && one.id === endpoint,
  );
  // Without an API token the job's own alert is all there is.
  if (config?.options.apiUrl === undefined) return [];
  return source.parse(body, { endpoint, receivedAt }).followUps;
}

/** Stores alerts and asks for a new grouping. The same occurrence again only counts. */
export async function keepAlerts(
  services: Services,
  trx: Trx,
  alerts: readonly Alert[],
  receivedAt: Date,
): Promise<void> {
  if (alerts.length === 0) return;
  const { view } = services.catalog.current();
  let firing = 0;
  for (const alert of alerts) {
    const assetId = resolveAsset(view, alert.asset);
    // A recovery is never silenced: it opens nothing, and what it ends would seem broken for ever. What a running backfill stirs up is
    // kept with the backfill, and opens nothing.
    const muted =
      alert.status === 'firing' &&
      ((await mutedBy(trx, { assetId, fingerprint: alert.fingerprint, at: alert.at })) ||
        (await attachAlert(trx, {
          assetId,
          run: alert.run,
          summary: alert.title,
          at: alert.at,
          now: receivedAt,
        })) !== null);
    if (!muted) firing += 1;
    await trx
      .insertInto('alert')
      .values({
        id: alert.id,
        source: alert.source,
        endpoint: alert.endpoint,
        fingerprint: alert.fingerprint,
        status: alert.status,
        kind: alert.kind,
        severity: alert.severity,
        title: alert.title,
        description: alert.description,
        url: alert.url,
        asset_id: assetId,
        hint: alert.asset === null ? null : JSON.stringify(alert.asset),
        column_name: alert.column,
        owners: JSON.stringify(alert.owners),
        labels: JSON.stringify(alert.labels),
        at: alert.at,
        data_since: alert.dataSince,
        run: alert.run,
        muted,
        received_at: receivedAt,
      })
      // Severity, owner and words may come later than the alert (Monte Carlo): the newer delivery fills them in.
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((eb) => ({
          seen: eb('alert.seen', '+', 1),
          at: eb.fn<Date>('least', ['alert.at', 'excluded.at']),
          severity: eb.ref('excluded.severity'),
          owners: eb.ref('excluded.owners'),
          url: eb.fn.coalesce('excluded.url', 'alert.url'),
        })),
      )
      .execute();
  }
  if (firing > 0) await wantRegroup(trx, services.clock.now());
}

/** The endpoint is alive: what may be silent is told by `expect_every`. */
async function heard(trx: Trx, key: string, at: Date): Promise<void> {
  await trx
    .insertInto('alert_endpoint')
    .values({ key, last_at: at })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet((eb) => ({
        last_at: eb.fn<Date>('greatest', ['alert_endpoint.last_at', 'excluded.last_at']),
        silent_since: null,
      })),
    )
    .execute();
}

/** Somebody pressed acknowledge in the pager: our own page comes back and opens nothing. */
async function acknowledgeFromPager(trx: Trx, alert: Alert): Promise<void> {
  const event = alert.labels.event ?? '';
  if (event !== 'incident.acknowledged') return;
  const page = await trx
    .updateTable('incident_page')
    .set({ state: 'acknowledged', updated_at: alert.at })
    .where('dedup_key', '=', alert.labels.ackKey ?? '')
    .where('state', 'in', ['wanted', 'sent'])
    .returning('incident_id')
    .executeTakeFirst();
  if (page === undefined) return;
  await enqueue(trx, {
    kind: 'incident.paged-ack',
    queue: 'work',
    key: `incident.paged-ack:${alert.id}`,
    lane: `incident:${page.incident_id}`,
    payload: { incidentId: page.incident_id },
    now: alert.at,
  });
}

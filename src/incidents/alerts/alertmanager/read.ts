import { type Alert, type AssetHint, finishAlert, type ParseContext, type ParsedDelivery } from '../alert.js';
import { badRows, delivery, readKind, readSeverity, readTime } from '../reading.js';
import type { AlertmanagerBody, PromAlert } from './schema.js';

/** What people call the label that names the table. The first that is there wins. */
const assetLabels = [
  'asset',
  'unique_id',
  'dbt_model',
  'model',
  'relation',
  'table',
  'dataset',
  'source_table',
];

/** The whole notification at once: its alerts belong to one `groupKey` and are never handled as deliveries of their own. */
export function readPrometheus(
  source: string,
  body: AlertmanagerBody,
  context: ParseContext,
): ParsedDelivery {
  const skipped = badRows(body.alerts.bad, 'alerts');
  if (body.truncatedAlerts) skipped.push(`${body.truncatedAlerts} alerts were cut off by the sender`);
  const alerts: Alert[] = [];
  for (const alert of body.alerts.items) {
    const status = alert.status ?? body.status;
    if (status !== 'firing' && status !== 'resolved') {
      skipped.push(`status ${status} is not known`);
      continue;
    }
    alerts.push(toAlert(source, alert, status, body, context));
  }
  return delivery({ alerts, skipped });
}

function toAlert(
  source: string,
  alert: PromAlert,
  status: 'firing' | 'resolved',
  body: AlertmanagerBody,
  context: ParseContext,
): Alert {
  const labels = { ...body.commonLabels, ...alert.labels };
  const notes = { ...body.commonAnnotations, ...alert.annotations };
  const name = labels.alertname ?? 'alert';
  const started = readTime(alert.startsAt);
  const identity = Object.entries(alert.labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`);
  const kind = readKind(`${labels.kind ?? ''} ${name}`);
  return finishAlert(source, context, {
    status,
    kind,
    severity: readSeverity(labels.severity ?? labels.priority),
    title: notes.summary ?? name,
    description: notes.description ?? notes.message ?? '',
    url:
      notes.runbook_url ??
      alert.panelURL ??
      alert.dashboardURL ??
      absolute(alert.generatorURL) ??
      body.externalURL,
    asset: assetOf(labels),
    column: labels.column ?? null,
    owners: [labels.owner, labels.team].filter((owner) => owner !== undefined),
    at: (status === 'resolved' ? readTime(alert.endsAt) : started) ?? started ?? context.receivedAt,
    dataSince: started,
    run: labels.run_id ?? null,
    labels,
    identity: alert.fingerprint === null ? identity : [alert.fingerprint],
  });
}

function assetOf(labels: Record<string, string>): AssetHint | null {
  for (const label of assetLabels) {
    const value = labels[label];
    if (value === undefined || value === '') continue;
    return { sourceId: value, name: value, ...(value.includes('.') ? { relation: value } : {}) };
  }
  return null;
}

/** Grafana may send only a query string as generatorURL: that is no link. */
function absolute(url: string | null): string | null {
  return url !== null && /^https?:\/\//.test(url) ? url : null;
}

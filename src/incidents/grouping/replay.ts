import type { CatalogView } from '../../catalog/view.js';
import { type Alert, AlertBodyError } from '../alerts/alert.js';
import { alertSource } from '../alerts/registry.js';
import type { PlacedAlert } from './episodes.js';
import { type AlertGroup, groupAlerts } from './group.js';
import { resolveAsset } from './resolve.js';
import type { GroupingRules } from './rules.js';

/** One delivery as it was recorded. */
export interface RecordedDelivery {
  source: string;
  endpoint: string;
  receivedAt: Date;
  body: unknown;
}

/** Alerts with the catalog's asset for each. */
export function placeAlerts(alerts: readonly Alert[], view: CatalogView): PlacedAlert[] {
  const memo = new Map<string, string | null>();
  return alerts.map((alert) => {
    const hint = JSON.stringify(alert.asset);
    let assetId = memo.get(hint);
    if (assetId === undefined) {
      assetId = resolveAsset(view, alert.asset);
      memo.set(hint, assetId);
    }
    return { alert, assetId };
  });
}

/** What a set of alerts would have become. Pure: nothing is stored, nobody is told. */
export function replay(alerts: readonly Alert[], view: CatalogView, rules: GroupingRules): AlertGroup[] {
  return groupAlerts(placeAlerts(alerts, view), view, rules);
}

/** Reads one recorded delivery; a body its source cannot read is skipped with its reason. */
export function readDelivery(delivery: RecordedDelivery): { alerts: Alert[]; skipped: string[] } {
  const source = alertSource(delivery.source);
  if (source === null) return { alerts: [], skipped: [`source ${delivery.source} is not known`] };
  try {
    return source.parse(delivery.body, { endpoint: delivery.endpoint, receivedAt: delivery.receivedAt });
  } catch (error) {
    if (error instanceof AlertBodyError) return { alerts: [], skipped: [error.message] };
    throw error;
  }
}

import type { Invocation } from './timeline.js';
import { daysAgo } from './timeline.js';

/** Minutes between what a source last holds and now, on an ordinary day, by table. */
export const usualLagMinutes: Record<string, number> = {
  suppliers: 180,
  nodes: 180,
  node_heartbeats: 25,
  allocations: 20,
  models: 600,
  inference_requests: 12,
  regions: 2_900,
  customers: 45,
  subscription_terms: 50,
  invoices: 55,
  invoice_lines: 55,
  supplier_payouts: 300,
  product_events: 15,
  demand_forecasts: 2_000,
  cash_positions: 9_000,
  support_tickets: 90,
};

/** What is wrong on the day the demo begins: heartbeats of nodes stopped a little over five hours ago. */
export const lateToday = { table: 'node_heartbeats', lagMinutes: 310 };

/** What went wrong before and is right again, so that "why did it change" has something true to say. */
export const past = {
  failedTest: { name: 'tokens_tie_to_gateway', daysAgo: 9, failures: 1 },
  lateSource: { table: 'invoices', daysAgo: 4, lagMinutes: 500 },
} as const;

/** A source that the story makes late, by table. */
export type LateSources = Record<string, number>;

/** Minutes that a table lagged behind at a freshness check; `late` overrides what is planted for the newest one. */
export function lagMinutes(
  table: string,
  check: Invocation,
  now: Date,
  late: LateSources,
  newest: boolean,
): number {
  if (newest) {
    const override = late[table];
    if (override !== undefined) return override;
    if (table === lateToday.table) return lateToday.lagMinutes;
  }
  const { lateSource } = past;
  if (!newest && table === lateSource.table && daysAgo(now, check.startedAt) === lateSource.daysAgo) {
    return lateSource.lagMinutes;
  }
  return usualLagMinutes[table] ?? 60;
}

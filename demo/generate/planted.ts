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
  lateSource: { table: 'invoices', daysAgo: 4, lagMinutes: 1_560 },
} as const;

/** How the story changes the lag of source tables, from a time on. */
export type LateSources = Record<string, { lagMinutes: number; since: Date }>;

/** Minutes that a table lagged behind at a freshness check of a demo that began on `dayOne`. */
export function lagMinutes(table: string, checkedAt: Date, dayOne: Date, late: LateSources): number {
  const told = late[table];
  if (told && checkedAt >= told.since) return told.lagMinutes;
  if (table === lateToday.table && checkedAt >= dayOne) return lateToday.lagMinutes;
  const { lateSource } = past;
  if (table === lateSource.table && daysAgo(dayOne, checkedAt) === lateSource.daysAgo) {
    return lateSource.lagMinutes;
  }
  return usualLagMinutes[table] ?? 60;
}

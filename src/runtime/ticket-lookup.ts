import type { TicketLookup } from '../approvals/ticket.js';
import type { StewardConfig } from '../config/steward-schema.js';
import { trackers } from '../incidents/trackers/registry.js';

const patienceMs = 1_500;

/** Tickets of requests, looked up in the ticket systems that incidents use too (`incidents.trackers`). */
export function makeTicketLookup(
  config: Pick<StewardConfig, 'incidents'>,
  context: { fetch: typeof globalThis.fetch; secret: (name: string) => string | undefined },
): TicketLookup {
  return async (name, ticket) => {
    const entry = config.incidents.trackers.find((item) => item.name === name);
    const tracker = trackers.find((item) => item.type === entry?.type);
    if (!entry || !tracker) return 'unknown';
    try {
      const signal = AbortSignal.timeout(patienceMs);
      return (await tracker.read({ ...context, signal }, entry, ticket)) === null ? 'not-there' : 'there';
    } catch {
      return 'unknown';
    }
  };
}

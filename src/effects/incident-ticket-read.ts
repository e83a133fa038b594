import { z } from 'zod';
import { ticketNews } from '../incidents/ticket-news.js';
import { ticketLink } from '../incidents/tickets.js';
import { trackers } from '../incidents/trackers/registry.js';
import { defineEffect } from './effect.js';
import { afterFailure, outside } from './incident-outside.js';

/** Reads one ticket back from its tracker. A tracker that is down is asked again at the next round; nothing hangs on it. */
export const incidentTicketRead = defineEffect({
  kind: 'incident.ticket-read',
  queue: 'io',
  payload: z.object({ linkId: z.uuid() }),
  async run(services, { linkId }, { now, signal }) {
    const found = await ticketLink(services, linkId);
    if (found === null || found.incident.private || found.link.external_id === null) return { done: true };
    const { system, external_id: externalId } = found.link;
    const entry = services.config.incidents.trackers.find(({ name }) => name === system);
    const tracker = trackers.find(({ type }) => type === entry?.type);
    if (tracker === undefined || system === null) return { done: true };
    try {
      const remote = await tracker.read(outside(services, signal), entry, externalId);
      if (remote !== null) await ticketNews(services, { system, externalId, state: remote.state, now });
      return { done: true };
    } catch (error) {
      return afterFailure(error, now);
    }
  },
});

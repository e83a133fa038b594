import { z } from 'zod';
import { channelArchived } from '../incidents/channel.js';
import { loadIncident } from '../incidents/incident.js';
import { isOver } from '../incidents/transitions.js';
import { platformError, retryAfterSeconds } from '../slack/slack-errors.js';
import { defineEffect } from './effect.js';

/** What Slack says of a channel that cannot be archived by us: it is left as it is. */
const notOurs = new Set([
  'already_archived',
  'channel_not_found',
  'not_in_channel',
  'restricted_action',
  'cant_archive_required',
]);

/** Archives the channel of an incident that is over. What was said there stays readable. */
export const incidentArchive = defineEffect({
  kind: 'incident.archive',
  queue: 'slack',
  payload: z.object({ incidentId: z.uuid() }),
  async run(services, { incidentId }, { now }) {
    const incident = await loadIncident(services.db, incidentId);
    if (incident === null || !isOver(incident.state) || incident.channel_state !== 'ready')
      return { done: true };
    const channel = incident.channel_id;
    if (channel === null) return { done: true };
    // Written down first: Slack's own word that the channel is archived must not be read as somebody else's doing.
    await services.db.transaction().execute((trx) => channelArchived(trx, incident, now));
    try {
      await services.slack.conversations.archive({ channel });
    } catch (error) {
      const wait = retryAfterSeconds(error);
      const code = platformError(error);
      if (code !== null && notOurs.has(code)) return { done: true };
      await services.db
        .updateTable('incident')
        .set({ channel_state: 'ready' })
        .where('id', '=', incidentId)
        .where('channel_state', '=', 'archived')
        .execute();
      if (wait !== null)
        return {
          waitUntil: new Date(now.getTime() + wait * 1_000),
          reason: 'Slack asked for patience (429)',
        };
      throw error;
    }
    return { done: true };
  },
});

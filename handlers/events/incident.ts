import { z } from 'zod';
import { endForLeaver } from '../../src/access/leavers.js';
import { channelGone } from '../../src/incidents/channel.js';
import { incidentOfChannel } from '../../src/incidents/incident.js';
import { releaseRolesOf } from '../../src/incidents/people.js';
import { hasTaskOf } from '../../src/incidents/tasks.js';
import { followMessage, markKnown, unmark } from '../../src/incidents/timeline.js';
import { enqueue, setTimer } from '../../src/jobs/outbox.js';
import { noteSlackAccount } from '../../src/people/slack-account.js';
import type { EventHandler } from '../../src/slack/surface.js';

const reaction = z.object({
  user: z.string(),
  reaction: z.string(),
  item: z.object({ type: z.literal('message'), channel: z.string(), ts: z.string() }),
});

/** Marks of a message that mean something; every other emoji is none of our business and raises nothing. */
export const incidentReactionAdded: EventHandler = {
  event: 'reaction_added',
  run: async (services, event, context) => {
    const parsed = reaction.safeParse(event);
    if (!parsed.success) return;
    const { user, reaction: emoji, item } = parsed.data;
    const wanted = services.config.incidents.emoji;
    const what =
      emoji === wanted.timeline
        ? 'timeline'
        : emoji === wanted.task
          ? 'task'
          : emoji === wanted.followUp
            ? 'follow_up'
            : null;
    if (what === null) return;
    const incident = await incidentOfChannel(services.db, item.channel);
    if (incident === null) return;
    const sourceKey = `${item.channel}:${item.ts}`;
    // A storm of marks on one message asks Slack nothing: it is known after the first.
    const known =
      what === 'timeline'
        ? await markKnown(services, { incidentId: incident.id, sourceKey, slackId: user, now: context.now })
        : await hasTaskOf(services, incident.id, sourceKey);
    if (known) return;
    // The message has to be read from Slack: work for later, once per message and meaning however many people mark it meanwhile.
    await services.db.transaction().execute((trx) =>
      setTimer(trx, {
        kind: 'incident.capture',
        queue: 'slack',
        key: `incident.capture:${what}:${item.channel}:${item.ts}`,
        lane: `incident-capture:${item.channel}`,
        payload: { incidentId: incident.id, what, channel: item.channel, ts: item.ts, by: user },
        runAt: context.now,
        now: context.now,
      }),
    );
  },
};

/** Taking the last mark back takes the entry out of sight. */
export const incidentReactionRemoved: EventHandler = {
  event: 'reaction_removed',
  run: async (services, event, context) => {
    const parsed = reaction.safeParse(event);
    if (!parsed.success || parsed.data.reaction !== services.config.incidents.emoji.timeline) return;
    const { channel, ts } = parsed.data.item;
    await unmark(services, { sourceKey: `${channel}:${ts}`, slackId: parsed.data.user, now: context.now });
  },
};

const changed = z.object({
  subtype: z.enum(['message_changed', 'message_deleted']),
  channel: z.string(),
  message: z.object({ ts: z.string(), text: z.string().default('') }).optional(),
  deleted_ts: z.string().optional(),
});

/** The timeline follows what becomes of a marked message: edits change the words, a deletion says so. */
export const incidentMessageChanged: EventHandler = {
  event: 'message',
  run: async (services, event, context) => {
    const parsed = changed.safeParse(event);
    if (!parsed.success) return;
    const { channel, message, deleted_ts } = parsed.data;
    if (message !== undefined && parsed.data.subtype === 'message_changed') {
      // A message of files alone has no words; what stands in the timeline for it stays.
      if (message.text.trim() === '') return;
      await followMessage(services, {
        sourceKey: `${channel}:${message.ts}`,
        text: message.text,
        now: context.now,
      });
    } else if (deleted_ts !== undefined) {
      await followMessage(services, {
        sourceKey: `${channel}:${deleted_ts}`,
        text: 'The message was deleted.',
        now: context.now,
      });
    }
  },
};

const channelEvent = z.object({ channel: z.string() });

function onChannelGone(event: string): EventHandler {
  return {
    event,
    run: async (services, body, context) => {
      const parsed = channelEvent.safeParse(body);
      if (parsed.success) await channelGone(services, { channelId: parsed.data.channel, now: context.now });
    },
  };
}

const userChange = z.object({ user: z.object({ id: z.string(), deleted: z.boolean().optional() }) });

/**
 * Whoever leaves Slack answers for nothing here any more and holds nothing: a lead leads no more, access ends, what waited for their approval is
 * put to others. Whoever comes back is active again.
 */
export const incidentUserChange: EventHandler = {
  event: 'user_change',
  run: async (services, event, context) => {
    const parsed = userChange.safeParse(event);
    // A change of name or status may say nothing of it.
    if (!parsed.success || parsed.data.user.deleted === undefined) return;
    const { id: slackId, deleted: deactivated } = parsed.data.user;
    const personId = await noteSlackAccount(services.db, { slackId, deactivated, now: context.now });
    if (!deactivated || personId === null) return;
    await releaseRolesOf(services, { personId, now: context.now });
    await endForLeaver(services, { personId, now: context.now });
    await services.approvals.approverLeft({ personId, now: context.now });
  },
};

const joined = z.object({ user: z.string(), channel: z.string() });

/** Whoever comes into an incident's channel is a member, and is offered a catch-up nobody else sees. */
export const incidentMemberJoined: EventHandler = {
  event: 'member_joined_channel',
  run: async (services, event, context) => {
    const parsed = joined.safeParse(event);
    if (!parsed.success) return;
    const incident = await incidentOfChannel(services.db, parsed.data.channel);
    if (incident === null) return;
    await services.db.transaction().execute((trx) =>
      enqueue(trx, {
        kind: 'incident.welcome',
        queue: 'slack',
        key: `incident.welcome:${incident.id}:${parsed.data.user}`,
        lane: `slack:${parsed.data.channel}`,
        payload: { incidentId: incident.id, channel: parsed.data.channel, user: parsed.data.user },
        now: context.now,
      }),
    );
  },
};

export const incidentEventHandlers: readonly EventHandler[] = [
  incidentReactionAdded,
  incidentReactionRemoved,
  incidentMessageChanged,
  incidentUserChange,
  incidentMemberJoined,
  onChannelGone('channel_archive'),
  onChannelGone('channel_deleted'),
  onChannelGone('group_archive'),
  onChannelGone('group_deleted'),
];

import { z } from 'zod';
import { addMember } from '../incidents/announce.js';
import { loadIncident, referenceOf, rolesIn } from '../incidents/incident.js';
import { addTask } from '../incidents/tasks.js';
import { addEntry } from '../incidents/timeline.js';
import { actions, section } from '../slack/blocks.js';
import { platformError, retryAfterSeconds } from '../slack/slack-errors.js';
import { defineEffect, type EffectServices } from './effect.js';

const message = z.object({
  ts: z.string(),
  text: z.string().default(''),
  user: z.string().optional(),
  /** Who marked it with what; left out where nobody did. */
  reactions: z.array(z.object({ name: z.string(), users: z.array(z.string()).default([]) })).default([]),
  files: z.array(z.object({ permalink: z.string().optional(), name: z.string().nullish() })).default([]),
});

/** A marked message becomes an entry of the timeline, a task or a follow-up: its words, its own time, a link back, files by link. */
export const incidentCapture = defineEffect({
  kind: 'incident.capture',
  queue: 'slack',
  payload: z.object({
    incidentId: z.uuid(),
    what: z.enum(['timeline', 'task', 'follow_up']),
    channel: z.string(),
    ts: z.string(),
    by: z.string(),
  }),
  async run(services, { incidentId, what, channel, ts, by }, { now }) {
    const incident = await loadIncident(services.db, incidentId);
    const person = await services.directory.bySlackId(services.db, by);
    if (incident === null || person === null) return { done: true };
    const actor = { personId: person.id, kind: 'person' as const, channel: 'slack' as const };
    const roles = await services.db
      .transaction()
      .execute((trx) => rolesIn(services, trx, incident, actor, now));
    if (!services.authority.can('incident.note', roles)) return { done: true };
    try {
      const found = await readMessage(services, channel, ts);
      if (found === null) return { done: true };
      const link = (await services.slack.chat.getPermalink({ channel, message_ts: ts })).permalink ?? null;
      const sourceKey = `${channel}:${ts}`;
      const emoji = services.config.incidents.emoji[what === 'follow_up' ? 'followUp' : what];
      const marks = found.reactions.find(({ name }) => name === emoji)?.users;
      // Taken back before it was read.
      if (marks === undefined) return { done: true };
      if (what === 'timeline') {
        const author =
          found.user === undefined ? null : await services.directory.bySlackId(services.db, found.user);
        const files = found.files.flatMap(({ permalink }) => (permalink === undefined ? [] : [permalink]));
        await services.db.transaction().execute((trx) =>
          addEntry(trx, {
            incidentId,
            at: new Date(Number(ts) * 1000),
            kind: 'message',
            text: found.text || files.join(' ') || 'A message',
            actorId: author?.id ?? null,
            link,
            origin: 'emoji',
            sourceKey,
            data: { marks, ...(files.length === 0 ? {} : { files }) },
            now,
          }),
        );
        return { done: true };
      }
      await addTask(services, {
        incidentId,
        actor,
        now,
        kind: what,
        title: found.text.split('\n')[0]?.slice(0, 250) || 'See the message',
        sourceKey,
        ...(link === null ? {} : { link }),
      });
      return { done: true };
    } catch (error) {
      const wait = retryAfterSeconds(error);
      if (wait !== null)
        return {
          waitUntil: new Date(now.getTime() + wait * 1_000),
          reason: 'Slack asked for patience (429)',
        };
      const code = platformError(error);
      if (code === null) throw error;
      // Without the history scope the emoji timeline is off; the command still works.
      services.log.info({ code, incident: incident.number }, 'a marked message could not be read');
      return { done: true };
    }
  },
});

async function readMessage(
  services: EffectServices,
  channel: string,
  ts: string,
): Promise<z.infer<typeof message> | null> {
  const page = await services.slack.conversations.history({
    channel,
    latest: ts,
    oldest: ts,
    inclusive: true,
    limit: 1,
  });
  const direct = z.array(message).safeParse(page.messages ?? []);
  const found = direct.success ? direct.data.find((one) => one.ts === ts) : undefined;
  if (found !== undefined) return found;
  const thread = await services.slack.conversations.replies({
    channel,
    ts,
    latest: ts,
    oldest: ts,
    inclusive: true,
    limit: 1,
  });
  const replies = z.array(message).safeParse(thread.messages ?? []);
  return replies.success ? (replies.data.find((one) => one.ts === ts) ?? null) : null;
}

/** Whoever comes into an incident's channel is a member of it, and is offered what they missed, seen by them alone. */
export const incidentWelcome = defineEffect({
  kind: 'incident.welcome',
  queue: 'slack',
  payload: z.object({ incidentId: z.uuid(), channel: z.string(), user: z.string() }),
  async run(services, { incidentId, channel, user }, { now }) {
    const incident = await loadIncident(services.db, incidentId);
    const person = await services.directory.bySlackId(services.db, user);
    if (incident === null || person === null || person.kind !== 'member') return { done: true };
    await services.db
      .transaction()
      .execute((trx) => addMember(trx, { incidentId, personId: person.id, how: 'joined', now }));
    const text = `Welcome to ${referenceOf(incident)}. Shall I say what is known, done and open?`;
    try {
      await services.slack.chat.postEphemeral({
        channel,
        user,
        text,
        blocks: [
          section(text),
          actions([{ text: 'Catch me up', actionId: 'incident:catchup', value: incidentId }]),
        ],
      });
    } catch (error) {
      const wait = retryAfterSeconds(error);
      if (wait !== null)
        return {
          waitUntil: new Date(now.getTime() + wait * 1_000),
          reason: 'Slack asked for patience (429)',
        };
      if (platformError(error) === null) throw error;
    }
    return { done: true };
  },
});

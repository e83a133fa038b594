import type { z } from 'zod';
import { StewardError } from '../../errors.js';
import { makeStreamedReply } from '../agent/streamed-reply.js';
import { publishHome } from '../home.js';
import { unescapeMrkdwn } from '../mrkdwn.js';
import { homeEvent, messageEvent, stoppedEvent } from '../payloads.js';
import { postReply } from '../replies.js';
import { routeMention } from '../words.js';
import { type Desk, plainReply } from './desk.js';
import type { Delivery } from './edge-types.js';
import { channelRef } from './places.js';

/** Words in a mention or a direct message: answered in their thread, durably. */
async function performMention(
  desk: Desk,
  delivery: Delivery,
  event: z.infer<typeof messageEvent>,
  surface: 'mention' | 'message',
): Promise<void> {
  const { services, params, admit, callerOf } = desk;
  const { registrations, slack } = params;
  if (!event.user || event.bot_id || event.user === params.botUserId) return;
  if (event.subtype && event.subtype !== 'thread_broadcast' && event.subtype !== 'file_share') return;
  const person = await admit(delivery.body, event.user);
  const channel = channelRef(event.channel, event.channel_type);
  const threadTs = event.thread_ts ?? event.ts;
  if ('reason' in person) {
    await slack.chat.postEphemeral({
      channel: event.channel,
      user: event.user,
      text: person.text,
      ...(event.thread_ts ? { thread_ts: event.thread_ts } : {}),
    });
    return;
  }
  const caller = callerOf(person, delivery, surface, { channel, threadTs, messageTs: event.ts });
  const text = unescapeMrkdwn(event.text.replaceAll(`<@${params.botUserId}>`, ' ')).trim();
  const routed = routeMention(registrations.commands, text, services);
  if (!routed) return;
  const streamed =
    surface === 'message' && services.model !== null
      ? makeStreamedReply(
          { slack, db: services.db, log: services.log, sessions: desk.sessions },
          { channelId: event.channel, threadTs, deliveryKey: delivery.key, now: delivery.now },
        )
      : null;
  const asking = streamed === null ? caller : { ...caller, progress: streamed.progress };
  const reply = await routed.run(services, asking, routed.rest).catch((error: unknown) => {
    if (!(error instanceof StewardError)) throw error;
    return plainReply(error.message);
  });
  if (streamed !== null && (await streamed.finish(reply))) return;
  await postReply(services, caller, reply);
}

/** Whether somebody writes in the thread of a card: that is a comment on a request or an incident, and no question. */
async function isCardThread(desk: Desk, message: z.infer<typeof messageEvent>): Promise<boolean> {
  if (message.thread_ts === undefined) return false;
  const card = await desk.services.db
    .selectFrom('slack_message')
    .select('id')
    .where('channel_id', '=', message.channel)
    .where('ts', '=', message.thread_ts)
    .where('card_kind', '<>', 'reply')
    .executeTakeFirst();
  return card !== undefined;
}

/** An event of the Events API. */
export async function performEvent(desk: Desk, delivery: Delivery): Promise<void> {
  const { services, params, admit } = desk;
  const { registrations, slack } = params;
  const event = delivery.body.event;
  if (!event) return;
  if (event.type === 'app_mention')
    return performMention(desk, delivery, messageEvent.parse(event), 'mention');
  if (event.type === 'message') {
    const parsed = messageEvent.safeParse(event);
    const message = parsed.success ? parsed.data : null;
    // A mention in a channel arrives as app_mention too; that one owns the reply.
    if (message?.channel_type === 'im' && !(await isCardThread(desk, message)))
      await performMention(desk, delivery, message, 'message');
  }
  if (event.type === 'app_home_opened') {
    const home = homeEvent.parse(event);
    if (home.tab !== 'home') return;
    const person = await admit(delivery.body, home.user);
    await publishHome(services, {
      slack,
      slackUserId: home.user,
      person,
      sections: registrations.home,
      now: delivery.now,
    });
    return;
  }
  if (event.type === 'agent_session_stopped') {
    const stopped = stoppedEvent.safeParse(event);
    if (stopped.success)
      desk.sessions.stop({ channelId: stopped.data.channel, threadTs: stopped.data.thread_ts });
    return;
  }
  for (const handler of registrations.events) {
    if (handler.event === event.type)
      await handler.run(services, event, { now: delivery.now, deliveryKey: delivery.key });
  }
}

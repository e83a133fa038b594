import type { AgentSessionTitleChangedEvent, AppContextChangedEvent } from '@slack/types';
import { stoppedKey } from '../api/chat-later.js';
import { changeMessage } from '../posting.js';
import type { ActReply } from '../protocol.js';
import type { ChannelRecord, PersonRecord } from '../state/records.js';
import type { World } from '../world.js';
import { type Act, ofAcks, threadOf } from './acting.js';
import { visibleChannel, visibleMessage } from './find.js';
import { PlayProblem } from './problem.js';

/** What a person does with an app that works as an agent: stop it, name its session, look elsewhere while it is open. */

function sessionThread(
  world: World,
  person: PersonRecord,
  request: Act,
): { channel: ChannelRecord; thread: string } {
  const channel = visibleChannel(world, person, request.channel);
  const thread = threadOf(world, person, channel, request.thread ?? request.message);
  if (thread === undefined) throw new PlayProblem(400, 'no_thread', "Name the session's thread.");
  return { channel, thread };
}

/** Slack ends the app's streams of the thread and tells it; the session's status stays for the app to change. */
export async function stop(world: World, person: PersonRecord, request: Act): Promise<ActReply> {
  const { channel, thread } = sessionThread(world, person, request);
  const streams = world.messages.replies(channel.id, thread).filter((m) => m.streaming === true);
  for (const message of streams) {
    delete message.streaming;
    world.state.sessions.put(stoppedKey(channel.id, message.ts), {
      channel: channel.id,
      thread_ts: `stopped:${message.ts}`,
      status: '',
      loading_messages: [],
      title: '',
    });
    await changeMessage(world, message, null);
  }
  const ack = await world.delivery.event('agent_session_stopped', {
    type: 'agent_session_stopped',
    channel: channel.id,
    user: person.id,
    thread_ts: thread,
    streaming_message_ts: streams.map((m) => m.ts),
    event_ts: world.messages.nextTs(),
  });
  return ofAcks(ack === null ? [] : [ack]);
}

const titleMax = 200;

/** Gives a session another title, as people may at any time; the app is told the old one too. */
export async function retitle(world: World, person: PersonRecord, request: Act): Promise<ActReply> {
  const { channel, thread } = sessionThread(world, person, request);
  const title = (request.text ?? '').trim();
  if (title === '' || title.length > titleMax)
    throw new PlayProblem(400, 'invalid_title', `Give the title as text: 1 to ${titleMax} characters.`);
  const known = world.state.sessions.get(`${channel.id}:${thread}`);
  if (known === undefined)
    throw new PlayProblem(
      409,
      'no_session',
      'The app has no session there: it gives a thread a status or title first.',
    );
  world.state.sessions.put(`${channel.id}:${thread}`, { ...known, title });
  const ack = await world.delivery.event('agent_session_title_changed', {
    type: 'agent_session_title_changed',
    channel: channel.id,
    user: person.id,
    team_id: world.team.id,
    thread_ts: thread,
    title,
    ...(known.title === '' ? {} : { previous_title: known.title }),
    event_ts: world.messages.nextTs(),
  } satisfies AgentSessionTitleChangedEvent);
  return ofAcks(ack === null ? [] : [ack]);
}

/** Looks at a channel, or at a message of it, while the app is open beside it: only apps with `agent_view` hear of that. */
export async function look(world: World, person: PersonRecord, request: Act): Promise<ActReply> {
  if (world.manifest.features?.agent_view === undefined)
    throw new PlayProblem(
      409,
      'no_agent_view',
      'The manifest has no agent_view: the app is never open beside a channel.',
    );
  const beside = visibleChannel(world, person, undefined);
  const seen = request.channel === undefined ? undefined : visibleChannel(world, person, request.channel);
  const entity = seen === undefined ? undefined : seenEntity(world, person, seen, request.message);
  const ack = await world.delivery.event('app_context_changed', {
    type: 'app_context_changed',
    channel: beside.id,
    user: person.id,
    context: entity === undefined ? {} : { entities: [{ ...entity, team_id: world.team.id }] },
    event_ts: world.messages.nextTs(),
  } satisfies AppContextChangedEvent);
  return ofAcks(ack === null ? [] : [ack]);
}

function seenEntity(world: World, person: PersonRecord, channel: ChannelRecord, ts: string | undefined) {
  if (ts === undefined) return { type: 'slack#/types/channel_id', value: channel.id } as const;
  const message = visibleMessage(world, person, channel, ts);
  return {
    type: 'slack#/types/message_context',
    value: { channel_id: channel.id, message_ts: message.ts },
  } as const;
}

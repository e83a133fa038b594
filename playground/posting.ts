import type { Ack } from './delivery/ack.js';
import {
  channelAudience,
  channelTypeOf,
  emitChannel,
  familyOf,
  maySee,
  onlyTo,
  openDirect,
} from './directory.js';
import type { Audience } from './live.js';
import { toPlayMessage, toSlackMessage } from './messages.js';
import { findPings, linksIn } from './mrkdwn.js';
import type { JsonObject, PlayMessage, Unread } from './protocol.js';
import type { ChannelRecord, MessageRecord } from './state/records.js';
import type { World } from './world.js';

/** Everything that puts a message somewhere, changes it or takes it away, with the events and live updates that follow. */

export interface NewMessage {
  channel: ChannelRecord;
  user: string;
  text: string;
  blocks?: JsonObject[];
  attachments?: JsonObject[];
  thread_ts?: string | undefined;
  broadcast?: boolean | undefined;
  ephemeral_to?: string;
  bot?: boolean;
  username?: string | undefined;
  icon?: string | undefined;
  subtype?: string;
  files?: string[];
  metadata?: MessageRecord['metadata'] | undefined;
  streaming?: boolean;
  chunks?: JsonObject[];
  from_response_url?: boolean;
}

/** Who learns of a message live. */
export function messageAudience(world: World, message: MessageRecord): Audience {
  if (message.ephemeral_to !== undefined) return onlyTo(message.ephemeral_to);
  const channel = world.state.channels.get(message.channel);
  return channel === undefined ? () => false : channelAudience(world, channel);
}

export function shown(world: World, message: MessageRecord): PlayMessage {
  return toPlayMessage(world.state, world.messages, message);
}

/** Stores and shows a message; no event. */
export function storeMessage(world: World, input: NewMessage): MessageRecord {
  const blocks = input.blocks ?? [];
  const message: MessageRecord = {
    channel: input.channel.id,
    ts: world.messages.nextTs(),
    user: input.user,
    text: input.text,
    blocks,
    attachments: input.attachments ?? [],
    reactions: [],
    files: input.files ?? [],
    pings: findPings(input.text, blocks),
    ...(input.thread_ts === undefined ? {} : { thread_ts: input.thread_ts }),
    ...(input.ephemeral_to === undefined ? {} : { ephemeral_to: input.ephemeral_to }),
    ...(input.bot === true ? { bot_id: world.app.bot_id } : {}),
    ...(input.username === undefined ? {} : { username: input.username }),
    ...(input.icon === undefined ? {} : { icon: input.icon }),
    ...(input.subtype === undefined ? {} : { subtype: input.subtype }),
    ...(input.metadata === undefined ? {} : { metadata: input.metadata }),
    ...(input.broadcast === true ? { broadcast: true, subtype: 'thread_broadcast' } : {}),
    ...(input.streaming === true ? { streaming: true, stream_started_ms: world.clock.now().getTime() } : {}),
    ...(input.chunks === undefined ? {} : { chunks: input.chunks }),
    ...(input.from_response_url === true ? { from_response_url: true } : {}),
  };
  world.messages.add(message);
  const audience = messageAudience(world, message);
  world.live.emit({ type: 'message', message: shown(world, message) }, audience);
  const head =
    message.thread_ts === undefined ? undefined : world.messages.get(message.channel, message.thread_ts);
  if (head !== undefined && message.ephemeral_to === undefined) {
    world.live.emit({ type: 'message_changed', message: shown(world, head) }, audience);
  }
  if (message.ephemeral_to === undefined) {
    if (input.bot !== true && input.subtype === undefined)
      world.state.reads.put(`${input.user}:${message.channel}`, message.ts);
    emitUnread(world, input.channel);
  }
  return message;
}

/** Posts: stores, shows, and tells the app (its own posts too, as Slack does). Answers when the app acked. */
export async function postMessage(
  world: World,
  input: NewMessage,
): Promise<{ message: MessageRecord; acks: Ack[] }> {
  const message = storeMessage(world, input);
  const sent = messageEvents(world, input.channel, message);
  if (input.bot === true) {
    void Promise.all(sent);
    return { message, acks: [] };
  }
  return { message, acks: (await Promise.all(sent)).flatMap((ack) => ack ?? []) };
}

/** `message.*`, `app_mention` and `link_shared` for a new message: to the app where it is a member. */
function messageEvents(world: World, channel: ChannelRecord, message: MessageRecord): Promise<Ack | null>[] {
  if (message.ephemeral_to !== undefined || !channel.members.includes(world.app.bot_user_id)) return [];
  const event = messageEvent(world, channel, message);
  const sent = [world.delivery.event(`message.${familyOf(channel)}`, event)];
  if (message.bot_id !== undefined) return sent;
  if (message.pings.users.includes(world.app.bot_user_id) && channel.kind !== 'im') {
    const { channel_type: _type, type: _message, ...rest } = event;
    sent.push(world.delivery.event('app_mention', { type: 'app_mention', ...rest }));
  }
  const links = linksIn(message.text).flatMap((url) => {
    const host = hostOf(url);
    const domain = world.manifest.features?.unfurl_domains.find((d) => host === d || host.endsWith(`.${d}`));
    return domain === undefined ? [] : [{ url, domain }];
  });
  if (links.length > 0) {
    sent.push(
      world.delivery.event('link_shared', {
        type: 'link_shared',
        user: message.user,
        channel: channel.id,
        message_ts: message.ts,
        ...(message.thread_ts === undefined ? {} : { thread_ts: message.thread_ts }),
        links,
        is_bot_user_member: true,
        source: 'conversations_history',
        unfurl_id: `${channel.id}.${message.ts}`,
        event_ts: message.ts,
      }),
    );
  }
  return sent;
}

function messageEvent(world: World, channel: ChannelRecord, message: MessageRecord): JsonObject {
  return {
    ...toSlackMessage(world, message),
    channel: channel.id,
    channel_type: channelTypeOf(channel),
    event_ts: message.ts,
    ...(message.bot_id === undefined ? { client_msg_id: `${message.ts}-${message.user}` } : {}),
    ...(message.files.length > 0 && message.bot_id === undefined ? { subtype: 'file_share' } : {}),
  };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : '';
}

/** Shows a changed message and, unless silent, sends `message_changed`. */
export async function changeMessage(
  world: World,
  message: MessageRecord,
  previous: MessageRecord | null,
): Promise<Ack[]> {
  message.pings = findPings(message.text, message.blocks);
  world.messages.put(message);
  world.live.emit(
    { type: 'message_changed', message: shown(world, message) },
    messageAudience(world, message),
  );
  const channel = world.state.channels.get(message.channel);
  if (previous === null || channel === undefined || message.ephemeral_to !== undefined) return [];
  if (!channel.members.includes(world.app.bot_user_id)) return [];
  const ts = world.messages.nextTs();
  const ack = await world.delivery.event(`message.${familyOf(channel)}`, {
    type: 'message',
    subtype: 'message_changed',
    hidden: true,
    message: toSlackMessage(world, message),
    previous_message: toSlackMessage(world, previous),
    channel: channel.id,
    channel_type: channelTypeOf(channel),
    ts,
    event_ts: ts,
  });
  return ack === null ? [] : [ack];
}

export async function deleteMessage(world: World, message: MessageRecord): Promise<Ack[]> {
  const audience = messageAudience(world, message);
  const slackMessage = toSlackMessage(world, message);
  world.messages.remove(message.channel, message.ts);
  world.state.pins.delete(`${message.channel}:${message.ts}`);
  world.live.emit(
    {
      type: 'message_deleted',
      channel: message.channel,
      ts: message.ts,
      ...(message.thread_ts === undefined ? {} : { thread_ts: message.thread_ts }),
    },
    audience,
  );
  const channel = world.state.channels.get(message.channel);
  if (channel === undefined || message.ephemeral_to !== undefined) return [];
  const head =
    message.thread_ts === undefined ? undefined : world.messages.get(message.channel, message.thread_ts);
  if (head !== undefined) world.live.emit({ type: 'message_changed', message: shown(world, head) }, audience);
  emitUnread(world, channel);
  if (!channel.members.includes(world.app.bot_user_id)) return [];
  const ts = world.messages.nextTs();
  const ack = await world.delivery.event(`message.${familyOf(channel)}`, {
    type: 'message',
    subtype: 'message_deleted',
    hidden: true,
    deleted_ts: message.ts,
    previous_message: slackMessage,
    channel: channel.id,
    channel_type: channelTypeOf(channel),
    ts,
    event_ts: ts,
  });
  return ack === null ? [] : [ack];
}

const unreadCountMax = 500;

/** What a person has not read in a channel; thread replies count only where they ping. */
export function unreadOf(world: World, channel: ChannelRecord, user: string): Unread {
  const lastRead = world.state.reads.get(`${user}:${channel.id}`) ?? '';
  const order = world.messages.order(channel.id);
  const unread: Unread = { count: 0, mentions: 0, last_read: lastRead };
  const groups = world.state.usergroups.values().filter((g) => g.date_delete === 0 && g.users.includes(user));
  const from = Math.max(world.messages.indexAfter(channel.id, lastRead), order.length - unreadCountMax);
  for (let i = from; i < order.length; i += 1) {
    const message = world.messages.get(channel.id, order[i] ?? '');
    if (message === undefined || message.user === user || message.ephemeral_to !== undefined) continue;
    const pinged =
      message.pings.users.includes(user) ||
      message.pings.broadcast.length > 0 ||
      groups.some((group) => message.pings.usergroups.includes(group.id));
    const isReply =
      message.thread_ts !== undefined && message.thread_ts !== message.ts && message.broadcast !== true;
    if (!isReply) unread.count += 1;
    if (pinged || channel.kind === 'im' || channel.kind === 'mpim') unread.mentions += 1;
  }
  return unread;
}

export function emitUnread(world: World, channel: ChannelRecord): void {
  if (world.live.listeners() === 0) return;
  for (const person of world.state.people.values()) {
    if (person.id === world.app.bot_user_id || !maySee(person, channel, world.team.id)) continue;
    if (!channel.members.includes(person.id)) continue;
    const unread = unreadOf(world, channel, person.id);
    world.live.emit({ type: 'unread', person: person.id, channel: channel.id, unread }, onlyTo(person.id));
  }
}

/** Adds a member, with Slack's line in the channel and `member_joined_channel`. */
export async function joinChannel(
  world: World,
  channel: ChannelRecord,
  user: string,
  inviter?: string,
): Promise<Ack[]> {
  if (channel.members.includes(user)) return [];
  channel.members.push(user);
  world.state.channels.put(channel.id, channel);
  emitChannel(world, channel);
  const { message } = await postMessage(world, {
    channel,
    user,
    text: `<@${user}> has joined the channel`,
    subtype: channel.kind === 'private' ? 'group_join' : 'channel_join',
  });
  if (!channel.members.includes(world.app.bot_user_id)) return [];
  const ack = await world.delivery.event('member_joined_channel', {
    type: 'member_joined_channel',
    user,
    channel: channel.id,
    channel_type: channel.kind === 'private' ? 'G' : 'C',
    team: world.team.id,
    ...(inviter === undefined ? {} : { inviter }),
    event_ts: message.ts,
  });
  return ack === null ? [] : [ack];
}

export async function leaveChannel(world: World, channel: ChannelRecord, user: string): Promise<Ack[]> {
  const botWasIn = channel.members.includes(world.app.bot_user_id);
  channel.members = channel.members.filter((id) => id !== user);
  world.state.channels.put(channel.id, channel);
  emitChannel(world, channel);
  world.live.emit({ type: 'channel', channel }, onlyTo(user));
  const { message } = await postMessage(world, {
    channel,
    user,
    text: `<@${user}> has left the channel`,
    subtype: channel.kind === 'private' ? 'group_leave' : 'channel_leave',
  });
  if (!botWasIn) return [];
  const ack = await world.delivery.event('member_left_channel', {
    type: 'member_left_channel',
    user,
    channel: channel.id,
    channel_type: channel.kind === 'private' ? 'G' : 'C',
    team: world.team.id,
    event_ts: message.ts,
  });
  return ack === null ? [] : [ack];
}

/** Adds or removes a reaction and tells the app. */
export async function react(
  world: World,
  message: MessageRecord,
  name: string,
  user: string,
  add: boolean,
): Promise<Ack[]> {
  const reaction = message.reactions.find((r) => r.name === name);
  if (add) {
    if (reaction === undefined) message.reactions.push({ name, users: [user] });
    else reaction.users.push(user);
  } else if (reaction !== undefined) {
    reaction.users = reaction.users.filter((id) => id !== user);
    message.reactions = message.reactions.filter((r) => r.users.length > 0);
  }
  world.messages.put(message);
  world.live.emit(
    { type: 'message_changed', message: shown(world, message) },
    messageAudience(world, message),
  );
  const channel = world.state.channels.get(message.channel);
  if (channel === undefined || !channel.members.includes(world.app.bot_user_id)) return [];
  const type = add ? 'reaction_added' : 'reaction_removed';
  const ack = await world.delivery.event(type, {
    type,
    user,
    reaction: name,
    item: { type: 'message', channel: message.channel, ts: message.ts },
    item_user: message.user,
    event_ts: world.messages.nextTs(),
  });
  return ack === null ? [] : [ack];
}

/** The channel behind a channel or user id, as `chat.postMessage` takes it; a user id opens the direct message. */
export function channelOrDirect(world: World, id: string): ChannelRecord | undefined {
  if (/^[UW]/.test(id) && world.state.people.get(id) !== undefined) {
    return openDirect(world, [world.app.bot_user_id, id]);
  }
  return world.state.channels.get(id);
}

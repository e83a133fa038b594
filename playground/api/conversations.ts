import { z } from 'zod';
import { emitChannel, openDirect } from '../directory.js';
import { joinChannel, leaveChannel, postMessage } from '../posting.js';
import type { ChannelRecord } from '../state/records.js';
import { nowSeconds, type World } from '../world.js';
import { isMember, joinedChannel, knownChannel, manageScopes } from './access.js';
import { bool, list, text, timestamp } from './arguments.js';
import { channelObject, checkChannelName, nameRefusals } from './channel-object.js';
import { defineMethod } from './define-method.js';
import type { Method } from './method.js';
import { refuse } from './refusal.js';

/** The life of a channel and what was said in it. */

const topicMax = 250;

async function note(world: World, channel: ChannelRecord, subtype: string, said: string): Promise<void> {
  await postMessage(world, { channel, user: world.app.bot_user_id, text: said, subtype });
}

async function channelEvent(
  world: World,
  channel: ChannelRecord,
  what: 'archive' | 'unarchive' | 'rename' | 'created',
): Promise<void> {
  const family = channel.kind === 'private' ? 'group' : 'channel';
  const stamp = { event_ts: world.messages.nextTs() };
  const body =
    what === 'rename' || what === 'created'
      ? {
          channel: {
            id: channel.id,
            name: channel.name,
            name_normalized: channel.name,
            created: channel.created,
            is_channel: family === 'channel',
            creator: channel.creator,
          },
        }
      : { channel: channel.id, user: world.app.bot_user_id };
  await world.delivery.event(`${family}_${what}`, { type: `${family}_${what}`, ...body, ...stamp });
}

const byChannel = { channel: 'channel_not_found' };

/** A channel with a life of its own; direct and group messages have none. */
function kept(channel: ChannelRecord): ChannelRecord {
  if (channel.kind === 'im' || channel.kind === 'mpim') refuse('method_not_supported_for_channel_type');
  return channel;
}

export const conversationMethods: Method[] = [
  defineMethod({
    name: 'conversations.create',
    tier: 't2',
    scopes: (_world, args) => (String(args.is_private) === 'true' ? ['groups:write'] : ['channels:manage']),
    refusals: nameRefusals,
    args: z.strictObject({ name: text, is_private: bool.optional() }),
    missing: { name: 'invalid_name_required' },
    run: async (world, args) => {
      checkChannelName(world, args.name);
      const isPrivate = args.is_private === true;
      const channel: ChannelRecord = {
        id: world.state.nextId('C'),
        name: args.name,
        kind: isPrivate ? 'private' : 'public',
        topic: '',
        purpose: '',
        archived: false,
        general: false,
        members: [world.app.bot_user_id],
        created: nowSeconds(world),
        creator: world.app.bot_user_id,
      };
      world.state.channels.put(channel.id, channel);
      emitChannel(world, channel);
      if (!isPrivate) void channelEvent(world, channel, 'created');
      return { channel: channelObject(world, channel) };
    },
  }),
  defineMethod({
    name: 'conversations.join',
    tier: 't3',
    scopes: ['channels:join'],
    refusals: ['channel_not_found', 'is_archived', 'method_not_supported_for_channel_type'],
    args: z.strictObject({ channel: text }),
    missing: byChannel,
    run: async (world, args) => {
      const channel = knownChannel(world, args.channel);
      if (channel.kind !== 'public') refuse('method_not_supported_for_channel_type');
      if (channel.archived) refuse('is_archived');
      const already = isMember(world, channel);
      if (!already) void joinChannel(world, channel, world.app.bot_user_id);
      return {
        channel: channelObject(world, channel),
        ...(already ? { warning: 'already_in_channel' } : {}),
      };
    },
  }),
  defineMethod({
    name: 'conversations.leave',
    tier: 't3',
    scopes: manageScopes(),
    refusals: [
      'channel_not_found',
      'cant_leave_general',
      'is_archived',
      'last_member',
      'method_not_supported_for_channel_type',
    ],
    args: z.strictObject({ channel: text }),
    missing: byChannel,
    run: (world, args) => {
      const channel = kept(knownChannel(world, args.channel));
      if (channel.archived) refuse('is_archived');
      if (channel.general) refuse('cant_leave_general');
      if (!isMember(world, channel)) return { not_in_channel: true };
      if (channel.kind === 'private' && channel.members.length === 1) refuse('last_member');
      void leaveChannel(world, channel, world.app.bot_user_id);
      return {};
    },
  }),
  defineMethod({
    name: 'conversations.invite',
    tier: 't3',
    scopes: manageScopes('write.invites'),
    refusals: [
      'channel_not_found',
      'not_in_channel',
      'is_archived',
      'no_user',
      'user_not_found',
      'already_in_channel',
      'cant_invite_self',
      'cant_invite',
      'too_many_users',
      'method_not_supported_for_channel_type',
    ],
    args: z.strictObject({ channel: text, users: list, force: bool.optional() }),
    missing: { ...byChannel, users: 'no_user' },
    run: async (world, args) => {
      const channel = kept(joinedChannel(world, args.channel));
      if (channel.archived) refuse('is_archived');
      if (args.users.length === 0) refuse('no_user');
      if (args.users.length > 100) refuse('too_many_users');
      const errors = args.users.flatMap((user) => {
        const error = inviteRefusal(world, channel, user);
        return error === undefined ? [] : [{ ok: false, error, user }];
      });
      const [first] = errors;
      if (first !== undefined && args.force !== true) {
        return { ok: false, error: first.error, errors };
      }
      for (const user of args.users) {
        if (!errors.some((e) => e.user === user))
          void joinChannel(world, channel, user, world.app.bot_user_id);
      }
      return { channel: channelObject(world, channel), ...(errors.length > 0 ? { errors } : {}) };
    },
  }),
  defineMethod({
    name: 'conversations.kick',
    tier: 't3',
    scopes: manageScopes(),
    refusals: [
      'channel_not_found',
      'not_in_channel',
      'cant_kick_self',
      'cant_kick_from_general',
      'user_not_found',
      'is_archived',
      'method_not_supported_for_channel_type',
    ],
    args: z.strictObject({ channel: text, user: text }),
    missing: { ...byChannel, user: 'user_not_found' },
    run: (world, args) => {
      const channel = kept(joinedChannel(world, args.channel));
      if (channel.archived) refuse('is_archived');
      if (args.user === world.app.bot_user_id) refuse('cant_kick_self');
      if (channel.general) refuse('cant_kick_from_general');
      if (world.state.people.get(args.user) === undefined) refuse('user_not_found');
      if (!channel.members.includes(args.user)) refuse('not_in_channel');
      void leaveChannel(world, channel, args.user);
      return { errors: {} };
    },
  }),
  ...(['archive', 'unarchive'] as const).map((what) =>
    defineMethod({
      name: `conversations.${what}`,
      tier: 't2',
      scopes: manageScopes(),
      refusals:
        what === 'archive'
          ? [
              'channel_not_found',
              'already_archived',
              'cant_archive_general',
              'not_in_channel',
              'method_not_supported_for_channel_type',
            ]
          : ['channel_not_found', 'not_archived', 'method_not_supported_for_channel_type'],
      args: z.strictObject({ channel: text }),
      missing: byChannel,
      run: async (world, args) => {
        const channel = kept(
          what === 'archive' ? joinedChannel(world, args.channel) : knownChannel(world, args.channel),
        );
        if (what === 'archive' && channel.archived) refuse('already_archived');
        if (what === 'unarchive' && !channel.archived) refuse('not_archived');
        if (channel.general) refuse('cant_archive_general');
        channel.archived = what === 'archive';
        world.state.channels.put(channel.id, channel);
        emitChannel(world, channel);
        void channelEvent(world, channel, what);
        return {};
      },
    }),
  ),
  defineMethod({
    name: 'conversations.rename',
    tier: 't2',
    scopes: manageScopes(),
    refusals: [
      'channel_not_found',
      'not_in_channel',
      'not_authorized',
      ...nameRefusals,
      'is_archived',
      'method_not_supported_for_channel_type',
    ],
    args: z.strictObject({ channel: text, name: text }),
    missing: { ...byChannel, name: 'invalid_name_required' },
    run: (world, args) => {
      const channel = kept(joinedChannel(world, args.channel));
      if (channel.archived) refuse('is_archived');
      // An app may rename only what it made itself.
      if (channel.creator !== world.app.bot_user_id || channel.general) refuse('not_authorized');
      if (args.name !== channel.name) checkChannelName(world, args.name);
      channel.name = args.name;
      world.state.channels.put(channel.id, channel);
      emitChannel(world, channel);
      void channelEvent(world, channel, 'rename');
      return { channel: channelObject(world, channel) };
    },
  }),
  ...(['topic', 'purpose'] as const).map((what) =>
    defineMethod({
      name: `conversations.set${what === 'topic' ? 'Topic' : 'Purpose'}`,
      tier: 't2',
      scopes: manageScopes(what === 'topic' ? 'write.topic' : undefined),
      refusals: [
        'channel_not_found',
        'not_in_channel',
        'is_archived',
        'too_long',
        'method_not_supported_for_channel_type',
      ],
      args: z.strictObject({ channel: text, [what]: text }),
      missing: byChannel,
      run: async (world, args) => {
        const given: { [key: string]: string } = args;
        const channel = kept(joinedChannel(world, given.channel ?? ''));
        const value = given[what] ?? '';
        if (channel.archived) refuse('is_archived');
        if (value.length > topicMax) refuse('too_long');
        channel[what] = value;
        world.state.channels.put(channel.id, channel);
        emitChannel(world, channel);
        void note(world, channel, `channel_${what}`, `set the channel ${what}: ${value}`);
        return { channel: channelObject(world, channel), [what]: value };
      },
    }),
  ),
  defineMethod({
    name: 'conversations.open',
    tier: 't3',
    scopes: (_world, args) => (String(args.users ?? '').includes(',') ? ['mpim:write'] : ['im:write']),
    refusals: [
      'users_list_not_supplied',
      'user_not_found',
      'too_many_users',
      'channel_not_found',
      'user_disabled',
    ],
    args: z.strictObject({
      users: list.optional(),
      channel: text.optional(),
      return_im: bool.optional(),
      prevent_creation: bool.optional(),
    }),
    run: (world, args) => {
      if (args.users === undefined || args.users.length === 0) {
        if (args.channel === undefined) refuse('users_list_not_supplied');
        return { channel: channelObject(world, knownChannel(world, args.channel)) };
      }
      if (args.users.length > 8) refuse('too_many_users');
      for (const user of args.users) {
        const person = world.state.people.get(user);
        if (person === undefined) refuse('user_not_found');
        if (person.deleted) refuse('user_disabled');
      }
      const channel = openDirect(world, [world.app.bot_user_id, ...args.users]);
      return { channel: args.return_im === true ? channelObject(world, channel) : { id: channel.id } };
    },
  }),
  defineMethod({
    name: 'conversations.close',
    tier: 't2',
    scopes: ['im:write', 'mpim:write'],
    refusals: ['channel_not_found', 'method_not_supported_for_channel_type'],
    args: z.strictObject({ channel: text }),
    missing: byChannel,
    run: (world, args) => {
      const channel = knownChannel(world, args.channel);
      if (channel.kind !== 'im' && channel.kind !== 'mpim') refuse('method_not_supported_for_channel_type');
      return {};
    },
  }),
  defineMethod({
    name: 'conversations.mark',
    tier: 't3',
    scopes: manageScopes(),
    refusals: ['channel_not_found', 'not_in_channel', 'invalid_timestamp'],
    args: z.strictObject({ channel: text, ts: timestamp }),
    missing: byChannel,
    malformed: { ts: 'invalid_timestamp' },
    run: (world, args) => {
      const channel = joinedChannel(world, args.channel);
      world.state.reads.put(`${world.app.bot_user_id}:${channel.id}`, args.ts);
      return {};
    },
  }),
];

function inviteRefusal(world: World, channel: ChannelRecord, user: string): string | undefined {
  const person = world.state.people.get(user);
  if (user === world.app.bot_user_id) return 'cant_invite_self';
  if (person === undefined) return 'user_not_found';
  if (person.deleted) return 'cant_invite';
  return channel.members.includes(user) ? 'already_in_channel' : undefined;
}

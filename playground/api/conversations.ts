import { z } from 'zod';
import { emitChannel, openDirect, withLatest } from '../directory.js';
import { toSlackMessage } from '../messages.js';
import { joinChannel, leaveChannel, postMessage, unreadOf } from '../posting.js';
import type { ChannelRecord, MessageRecord } from '../state/records.js';
import { nowSeconds, type World } from '../world.js';
import {
  decodeCursor,
  encodeCursor,
  familyScopes,
  isMember,
  joinedChannel,
  knownChannel,
  manageScopes,
  page,
} from './access.js';
import { bool, int, list, text, time } from './arguments.js';
import { defineMethod } from './define-method.js';
import type { Method, MethodResult } from './method.js';
import { refuse } from './refusal.js';

/** The life of a channel and what was said in it. */

const topicMax = 250;

export function channelObject(world: World, channel: ChannelRecord): MethodResult {
  const isMemberNow = isMember(world, channel);
  const stamp = (value: string): object => ({
    value,
    creator: value === '' ? '' : channel.creator,
    last_set: value === '' ? 0 : channel.created,
  });
  if (channel.kind === 'im') {
    const user = channel.members.find((id) => id !== world.app.bot_user_id) ?? world.app.bot_user_id;
    return {
      id: channel.id,
      created: channel.created,
      is_im: true,
      is_org_shared: false,
      is_archived: false,
      user,
      is_user_deleted: false,
      context_team_id: world.team.id,
      updated: channel.created * 1000,
      priority: 0,
    };
  }
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind === 'public',
    is_group: channel.kind === 'private',
    is_im: false,
    is_mpim: channel.kind === 'mpim',
    is_private: channel.kind !== 'public',
    is_archived: channel.archived,
    is_general: channel.general,
    is_member: isMemberNow,
    is_shared: false,
    is_org_shared: false,
    is_ext_shared: false,
    is_pending_ext_shared: false,
    is_frozen: false,
    unlinked: 0,
    created: channel.created,
    updated: channel.created * 1000,
    creator: channel.creator,
    context_team_id: world.team.id,
    shared_team_ids: [world.team.id],
    pending_shared: [],
    pending_connected_team_ids: [],
    parent_conversation: null,
    previous_names: [],
    num_members: channel.members.length,
    topic: stamp(channel.topic),
    purpose: stamp(channel.purpose),
  };
}

/** Slack's rules for a name, each with its word (docs.slack.dev/reference/methods/conversations.create). */
export function checkChannelName(world: World, name: string): void {
  if (name.trim() === '') refuse('invalid_name_required');
  if (name.length > 80) refuse('invalid_name_maxlength');
  if (/^[^\p{L}\p{N}]+$/u.test(name)) refuse('invalid_name_punctuation');
  if (name !== name.toLowerCase() || !/^[\p{L}\p{N}_-]+$/u.test(name)) refuse('invalid_name_specials');
  const taken = world.state.channels
    .values()
    .some((c) => c.name === name && (c.kind === 'public' || c.kind === 'private'));
  if (taken) refuse('name_taken');
}

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

/** Where and when: history and replies alike. */
const historyArguments = {
  channel: text,
  cursor: text.optional(),
  inclusive: bool.optional(),
  include_all_metadata: bool.optional(),
  latest: time.optional(),
  oldest: time.optional(),
  limit: int.optional(),
};

/** Newest first: one page of messages with their bounds. */
function pageOfHistory(
  world: World,
  args: {
    channel: string;
    cursor?: string | undefined;
    inclusive?: boolean | undefined;
    latest?: string | undefined;
    oldest?: string | undefined;
    limit?: number | undefined;
  },
): { messages: MessageRecord[]; next: string } {
  const limit = args.limit ?? 100;
  if (limit < 1 || limit > 999) refuse('invalid_limit');
  const order = world.messages.order(args.channel);
  const before = decodeCursor(args.cursor);
  const found: MessageRecord[] = [];
  const latest = args.latest ?? '9999999999.999999';
  const oldest = args.oldest ?? '0';
  for (let i = order.length - 1; i >= 0; i -= 1) {
    const ts = order[i] ?? '';
    if (before !== undefined && ts >= before) continue;
    if (
      Number(ts) > Number(latest) ||
      (Number(ts) === Number(latest) && args.inclusive !== true && args.latest !== undefined)
    )
      continue;
    if (
      Number(ts) < Number(oldest) ||
      (Number(ts) === Number(oldest) && args.inclusive !== true && args.oldest !== undefined)
    )
      break;
    const message = world.messages.get(args.channel, ts);
    if (message === undefined || message.ephemeral_to !== undefined) continue;
    if (message.thread_ts !== undefined && message.thread_ts !== ts && message.broadcast !== true) continue;
    if (found.length === limit) return { messages: found, next: encodeCursor(found.at(-1)?.ts ?? ts) };
    found.push(message);
  }
  return { messages: found, next: '' };
}

export const conversationMethods: Method[] = [
  defineMethod({
    name: 'conversations.create',
    tier: 't2',
    scopes: (_world, args) => (String(args.is_private) === 'true' ? ['groups:write'] : ['channels:manage']),
    refusals: [
      'name_taken',
      'invalid_name_specials',
      'invalid_name_maxlength',
      'invalid_name_required',
      'invalid_name_punctuation',
    ],
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
    name: 'conversations.info',
    tier: 't3',
    scopes: familyScopes('read'),
    refusals: ['channel_not_found'],
    args: z.strictObject({
      channel: text,
      include_locale: bool.optional(),
      include_num_members: bool.optional(),
    }),
    missing: byChannel,
    run: (world, args) => ({ channel: channelObject(world, knownChannel(world, args.channel)) }),
  }),
  defineMethod({
    name: 'conversations.list',
    tier: 't2',
    scopes: (_world, args) => {
      const types = String(args.types ?? 'public_channel').split(',');
      if (types.includes('private_channel')) return ['groups:read'];
      if (types.includes('im')) return ['im:read'];
      return types.includes('mpim') ? ['mpim:read'] : ['channels:read'];
    },
    refusals: ['invalid_types', 'invalid_cursor', 'invalid_limit'],
    args: z.strictObject({
      types: text.optional(),
      exclude_archived: bool.optional(),
      limit: int.optional(),
      cursor: text.optional(),
    }),
    run: (world, args) => {
      const kinds = kindsOf(args.types ?? 'public_channel');
      const visible = world.state.channels
        .values()
        .filter((c) => kinds.includes(c.kind) && (c.kind === 'public' || isMember(world, c)))
        .filter((c) => !(args.exclude_archived === true && c.archived))
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      const { items, next } = page(visible, args.limit, args.cursor);
      return {
        channels: items.map((c) => channelObject(world, c)),
        response_metadata: { next_cursor: next },
      };
    },
  }),
  defineMethod({
    name: 'conversations.members',
    tier: 't4',
    scopes: familyScopes('read'),
    refusals: ['channel_not_found', 'invalid_cursor', 'invalid_limit'],
    args: z.strictObject({ channel: text, limit: int.optional(), cursor: text.optional() }),
    missing: byChannel,
    run: (world, args) => {
      const { items, next } = page(knownChannel(world, args.channel).members, args.limit, args.cursor);
      return { members: items, response_metadata: { next_cursor: next } };
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
    refusals: ['channel_not_found', 'cant_leave_general', 'is_archived'],
    args: z.strictObject({ channel: text }),
    missing: byChannel,
    run: (world, args) => {
      const channel = knownChannel(world, args.channel);
      if (channel.archived) refuse('is_archived');
      if (channel.general) refuse('cant_leave_general');
      if (!isMember(world, channel)) return { not_in_channel: true };
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
    ],
    args: z.strictObject({ channel: text, users: list, force: bool.optional() }),
    missing: { ...byChannel, users: 'no_user' },
    run: async (world, args) => {
      const channel = joinedChannel(world, args.channel);
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
    ],
    args: z.strictObject({ channel: text, user: text }),
    missing: { ...byChannel, user: 'user_not_found' },
    run: (world, args) => {
      const channel = joinedChannel(world, args.channel);
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
        const channel =
          what === 'archive' ? joinedChannel(world, args.channel) : knownChannel(world, args.channel);
        if (channel.kind === 'im' || channel.kind === 'mpim') refuse('method_not_supported_for_channel_type');
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
      'name_taken',
      'invalid_name_specials',
      'invalid_name_maxlength',
      'is_archived',
    ],
    args: z.strictObject({ channel: text, name: text }),
    missing: { ...byChannel, name: 'invalid_name_required' },
    run: (world, args) => {
      const channel = joinedChannel(world, args.channel);
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
      refusals: ['channel_not_found', 'not_in_channel', 'is_archived', 'too_long'],
      args: z.strictObject({ channel: text, [what]: text }),
      missing: byChannel,
      run: async (world, args) => {
        const given: { [key: string]: string } = args;
        const channel = joinedChannel(world, given.channel ?? '');
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
    args: z.strictObject({ channel: text, ts: text }),
    missing: { ...byChannel, ts: 'invalid_timestamp' },
    run: (world, args) => {
      const channel = joinedChannel(world, args.channel);
      world.state.reads.put(`${world.app.bot_user_id}:${channel.id}`, args.ts);
      return {};
    },
  }),
  defineMethod({
    name: 'conversations.history',
    tier: 't3',
    scopes: familyScopes('history'),
    refusals: ['channel_not_found', 'not_in_channel', 'invalid_cursor', 'invalid_limit'],
    args: z.strictObject(historyArguments),
    missing: byChannel,
    run: (world, args) => {
      const channel = joinedChannel(world, args.channel);
      const { messages, next } = pageOfHistory(world, args);
      return {
        messages: messages.map((m) => toSlackMessage(world, m, args.include_all_metadata === true)),
        has_more: next !== '',
        pin_count: world.state.pins.values().filter((p) => p.channel === channel.id).length,
        response_metadata: { next_cursor: next },
      };
    },
  }),
  defineMethod({
    name: 'conversations.replies',
    tier: 't3',
    scopes: familyScopes('history'),
    refusals: ['channel_not_found', 'not_in_channel', 'thread_not_found', 'invalid_cursor', 'invalid_limit'],
    args: z.strictObject({ ...historyArguments, ts: text }),
    missing: { ...byChannel, ts: 'thread_not_found' },
    run: (world, args) => {
      const channel = joinedChannel(world, args.channel);
      const asked = world.messages.get(channel.id, args.ts);
      if (asked === undefined || asked.ephemeral_to !== undefined) refuse('thread_not_found');
      const head =
        asked.thread_ts === undefined ? asked : (world.messages.get(channel.id, asked.thread_ts) ?? asked);
      const inside = world.messages
        .replies(channel.id, head.ts)
        .filter(
          (m) =>
            Number(m.ts) >= Number(args.oldest ?? 0) && Number(m.ts) <= Number(args.latest ?? '9999999999'),
        );
      const { items, next } = page([head, ...inside], args.limit ?? 1000, args.cursor);
      return {
        messages: items.map((m) => toSlackMessage(world, m, args.include_all_metadata === true)),
        has_more: next !== '',
        response_metadata: { next_cursor: next },
      };
    },
  }),
  defineMethod({
    name: 'users.conversations',
    tier: 't3',
    scopes: (_world, args) => [
      String(args.types ?? '').includes('private') ? 'groups:read' : 'channels:read',
    ],
    refusals: ['user_not_found', 'invalid_types', 'invalid_cursor', 'invalid_limit'],
    args: z.strictObject({
      user: text.optional(),
      types: text.optional(),
      exclude_archived: bool.optional(),
      limit: int.optional(),
      cursor: text.optional(),
    }),
    run: (world, args) => {
      const user = args.user ?? world.app.bot_user_id;
      if (world.state.people.get(user) === undefined) refuse('user_not_found');
      const kinds = kindsOf(args.types ?? 'public_channel');
      const mine = world.state.channels
        .values()
        .filter(
          (c) =>
            kinds.includes(c.kind) && c.members.includes(user) && (c.kind === 'public' || isMember(world, c)),
        )
        .filter((c) => !(args.exclude_archived === true && c.archived));
      const { items, next } = page(mine, args.limit, args.cursor);
      return {
        channels: items.map((c) => channelObject(world, c)),
        response_metadata: { next_cursor: next },
      };
    },
  }),
];

function kindsOf(types: string): ChannelRecord['kind'][] {
  return types.split(',').map((type) => {
    switch (type.trim()) {
      case 'public_channel':
        return 'public';
      case 'private_channel':
        return 'private';
      case 'im':
        return 'im';
      case 'mpim':
        return 'mpim';
      default:
        return refuse('invalid_types');
    }
  });
}

function inviteRefusal(world: World, channel: ChannelRecord, user: string): string | undefined {
  const person = world.state.people.get(user);
  if (user === world.app.bot_user_id) return 'cant_invite_self';
  if (person === undefined) return 'user_not_found';
  if (person.deleted) return 'cant_invite';
  return channel.members.includes(user) ? 'already_in_channel' : undefined;
}

/** What `GET /_play/channels` shows of a channel for one person. */
export function channelForPerson(world: World, channel: ChannelRecord, user: string | undefined): object {
  return {
    ...withLatest(world, channel),
    ...(user === undefined ? {} : { unread: unreadOf(world, channel, user) }),
  };
}

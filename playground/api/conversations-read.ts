import { z } from 'zod';
import { toSlackMessage } from '../messages.js';
import type { ChannelRecord, MessageRecord } from '../state/records.js';
import type { World } from '../world.js';
import {
  decodeCursor,
  encodeCursor,
  familyScopes,
  isMember,
  joinedChannel,
  knownChannel,
  page,
} from './access.js';
import { bool, int, text, time } from './arguments.js';
import { channelObject } from './channel-object.js';
import { defineMethod } from './define-method.js';
import type { Method } from './method.js';
import { refuse } from './refusal.js';

/** Which channels there are, who is in them, and what was said. */

const byChannel = { channel: 'channel_not_found' };
const byTime = { latest: 'invalid_ts_latest', oldest: 'invalid_ts_oldest' };

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

export const conversationReadMethods: Method[] = [
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
    name: 'conversations.history',
    tier: 't3',
    scopes: familyScopes('history'),
    refusals: [
      'channel_not_found',
      'not_in_channel',
      'invalid_cursor',
      'invalid_limit',
      'invalid_ts_latest',
      'invalid_ts_oldest',
    ],
    args: z.strictObject(historyArguments),
    missing: byChannel,
    malformed: byTime,
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
    refusals: [
      'channel_not_found',
      'not_in_channel',
      'thread_not_found',
      'invalid_cursor',
      'invalid_limit',
      'invalid_ts_latest',
      'invalid_ts_oldest',
    ],
    args: z.strictObject({ ...historyArguments, ts: text }),
    missing: { ...byChannel, ts: 'thread_not_found' },
    malformed: byTime,
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

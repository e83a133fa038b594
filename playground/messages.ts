import type { PlayClock } from './clock.js';
import type { PlayMessage } from './protocol.js';
import type { MessageRecord } from './state/records.js';
import type { PlayState } from './state/state.js';

/** Messages in order, with threads. Timestamps are unique in the workspace and grow. */
export interface MessageStore {
  nextTs(): string;
  add(message: MessageRecord): void;
  get(channel: string, ts: string): MessageRecord | undefined;
  put(message: MessageRecord): void;
  remove(channel: string, ts: string): void;
  /** Timestamps of a channel, oldest first; ephemeral ones and replies included. Not to be changed. */
  order(channel: string): readonly string[];
  /** Replies of a thread, oldest first. */
  replies(channel: string, threadTs: string): MessageRecord[];
  /** Index of the first timestamp greater than `ts`. */
  indexAfter(channel: string, ts: string): number;
}

export function makeMessageStore(state: PlayState, clock: PlayClock): MessageStore {
  const orders = new Map<string, string[]>();
  const threads = new Map<string, string[]>();
  let lastMicros = 0;

  const orderOf = (channel: string): string[] => listIn(orders, channel);
  const key = (channel: string, ts: string): string => `${channel}:${ts}`;
  function index(message: MessageRecord): void {
    const order = orderOf(message.channel);
    const at = upperBound(order, message.ts);
    order.splice(at, 0, message.ts);
    if (
      message.thread_ts !== undefined &&
      message.thread_ts !== message.ts &&
      message.ephemeral_to === undefined
    ) {
      listIn(threads, key(message.channel, message.thread_ts)).push(message.ts);
    }
    lastMicros = Math.max(lastMicros, microsOf(message.ts));
  }
  for (const message of state.messages.values().sort((a, b) => (a.ts < b.ts ? -1 : 1))) index(message);

  return {
    nextTs: () => {
      lastMicros = Math.max(lastMicros + 1, clock.now().getTime() * 1000);
      const seconds = Math.floor(lastMicros / 1_000_000);
      return `${seconds}.${String(lastMicros % 1_000_000).padStart(6, '0')}`;
    },
    add: (message) => {
      state.messages.put(key(message.channel, message.ts), message);
      index(message);
    },
    get: (channel, ts) => state.messages.get(key(channel, ts)),
    put: (message) => state.messages.put(key(message.channel, message.ts), message),
    remove: (channel, ts) => {
      const message = state.messages.get(key(channel, ts));
      if (message === undefined) return;
      state.messages.delete(key(channel, ts));
      dropFrom(orderOf(channel), ts);
      if (message.thread_ts !== undefined) dropFrom(listIn(threads, key(channel, message.thread_ts)), ts);
    },
    order: orderOf,
    replies: (channel, threadTs) =>
      listIn(threads, key(channel, threadTs)).flatMap((ts) => state.messages.get(key(channel, ts)) ?? []),
    indexAfter: (channel, ts) => upperBound(orderOf(channel), ts),
  };
}

function listIn(map: Map<string, string[]>, key: string): string[] {
  const list = map.get(key) ?? [];
  map.set(key, list);
  return list;
}
function dropFrom(list: string[], item: string): void {
  const at = list.indexOf(item);
  if (at >= 0) list.splice(at, 1);
}
function microsOf(ts: string): number {
  const [seconds = '0', micros = '0'] = ts.split('.');
  return Number(seconds) * 1_000_000 + Number(micros);
}
/** Timestamps have ten digits before the point until the year 2286, so text order is time order. */
function upperBound(order: readonly string[], ts: string): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((order[middle] ?? '') <= ts) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A message as the control API shows it. */
export function toPlayMessage(state: PlayState, messages: MessageStore, record: MessageRecord): PlayMessage {
  const { files, stream_started_ms: _started, from_response_url: _via, reactions, ...rest } = record;
  const replies = messages.replies(record.channel, record.ts);
  return {
    ...rest,
    reactions: reactions.map(({ name, users }) => ({ name, users, count: users.length })),
    files: files.flatMap((id) => {
      const file = state.files.get(id);
      if (file === undefined) return [];
      const { name, title, mimetype, size, alt_txt } = file;
      return [{ id, name, title, mimetype, size, alt_txt, play_url: `/_play/file?id=${id}` }];
    }),
    pinned: state.pins.get(`${record.channel}:${record.ts}`) !== undefined,
    ...(replies.length === 0
      ? {}
      : {
          reply_count: replies.length,
          reply_users: [...new Set(replies.map((reply) => reply.user))],
          latest_reply: replies.at(-1)?.ts ?? record.ts,
        }),
  };
}

/** A message as the Web API and events carry it. `metadata` only where it was asked for. */
export function toSlackMessage(
  world: {
    state: PlayState;
    messages: MessageStore;
    team: { id: string };
    app: { id: string; name: string; bot_id: string };
  },
  record: MessageRecord,
  withMetadata = false,
): { [key: string]: unknown } {
  const { state, messages, team, app } = world;
  const replies = messages.replies(record.channel, record.ts);
  const isBot = record.bot_id !== undefined;
  const authorTeam = state.people.get(record.user)?.team_id ?? team.id;
  return {
    type: 'message',
    ...(record.subtype === undefined ? {} : { subtype: record.subtype }),
    user: record.user,
    text: record.text,
    ts: record.ts,
    team: authorTeam,
    ...(authorTeam === team.id ? {} : { user_team: authorTeam, source_team: authorTeam }),
    ...(isBot
      ? {
          bot_id: record.bot_id,
          app_id: app.id,
          bot_profile: { id: app.bot_id, app_id: app.id, name: app.name, deleted: false, team_id: team.id },
        }
      : {}),
    ...(record.username === undefined ? {} : { username: record.username }),
    ...(record.blocks.length > 0 ? { blocks: record.blocks } : {}),
    ...(record.attachments.length > 0 ? { attachments: record.attachments } : {}),
    ...(record.edited === undefined ? {} : { edited: record.edited }),
    ...(record.thread_ts === undefined ? {} : { thread_ts: record.thread_ts }),
    ...(record.thread_ts !== undefined && record.thread_ts !== record.ts
      ? { parent_user_id: messages.get(record.channel, record.thread_ts)?.user ?? record.user }
      : {}),
    ...(replies.length === 0
      ? {}
      : {
          thread_ts: record.ts,
          reply_count: replies.length,
          reply_users: [...new Set(replies.map((reply) => reply.user))],
          reply_users_count: new Set(replies.map((reply) => reply.user)).size,
          latest_reply: replies.at(-1)?.ts,
          is_locked: false,
          subscribed: false,
        }),
    ...(record.reactions.length === 0
      ? {}
      : { reactions: record.reactions.map(({ name, users }) => ({ name, users, count: users.length })) }),
    ...(record.files.length === 0
      ? {}
      : { files: record.files.flatMap((id) => state.files.get(id)?.id ?? []).map((id) => ({ id })) }),
    ...(withMetadata && record.metadata !== undefined ? { metadata: record.metadata } : {}),
    ...(state.pins.get(`${record.channel}:${record.ts}`) === undefined
      ? {}
      : { pinned_to: [record.channel] }),
  };
}

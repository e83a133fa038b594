import { makeApi } from '../api/call.js';
import { makeRegistry } from '../api/registry.js';
import type { JsonObject } from '../protocol.js';
import { type Playground, startPlayground } from '../server.js';
import { popViews, viewsOf } from '../view-stack.js';
import { testManifest, testOptions } from './company.js';

/**
 * One good call of every Web API method, and for each refusal that a method declares the smallest change of the good call that
 * brings it about. The tests run all of them, so a method or refusal without an entry here fails.
 */
export interface Caller {
  playground: Playground;
  call(method: string, args: JsonObject, token?: string): Promise<JsonObject>;
  /** The same without the way over the network and without limits of rate, for trying many. */
  callInside(method: string, args: JsonObject): Promise<JsonObject>;
  /** Posts as the app into #data-questions; the ts. */
  post(args?: JsonObject): Promise<string>;
  personPost(channel: string, text?: string): Promise<string>;
  newChannel(change?: { archived?: boolean; creator?: string }): string;
  trigger(fromView?: boolean): string;
  openView(change?: JsonObject): Promise<string>;
  stream(): Promise<string>;
  upload(withBytes?: boolean): Promise<string>;
}

export const open = 'C0DATAQUESTIONS';
export const outside = 'C0NOBOTS';
export const general = 'C0GENERAL';
const never = '1700000000.000001';
let names = 0;
const unique = (prefix: string): string => {
  names += 1;
  return `${prefix}-${names}`;
};

export const section = { type: 'section', text: { type: 'mrkdwn', text: 'hello' } };
export const modal = {
  type: 'modal',
  callback_id: 'm',
  title: { type: 'plain_text', text: 'M' },
  blocks: [section],
};

export async function startCaller(): Promise<Caller> {
  // No event goes out: nobody listens, and each would come again with every minute that the clock moves.
  const playground = await startPlayground(testOptions({ manifest: testManifest({ events: [] }) }));
  const { world } = playground;
  const unlimited = { call: () => 0, post: () => 0 };
  const inside = makeApi(world, makeRegistry(null), unlimited);
  const caller: Caller = {
    playground,
    call: async (method, args, token = playground.botToken) => {
      // Rates have tests of their own: here each call comes a minute after the other.
      await world.clock.advance(60_000);
      const response = await fetch(`${playground.apiUrl}${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${token}` },
        body: JSON.stringify(args),
      });
      return (await response.json()) as JsonObject;
    },
    callInside: async (method, args) => {
      const call = {
        method,
        authorization: `Bearer ${playground.botToken}`,
        contentType: 'application/json',
      };
      return (await inside.call({ ...call, body: JSON.stringify(args) })).body;
    },
    post: async (args = {}) =>
      String((await caller.call('chat.postMessage', { channel: open, text: 'hi', ...args })).ts),
    personPost: async (channel, text = 'from a person') => {
      const { storeMessage } = await import('../posting.js');
      const record = world.state.channels.get(channel);
      if (record === undefined) throw new Error(`no ${channel}`);
      return storeMessage(world, { channel: record, user: 'U0TOM', text }).ts;
    },
    newChannel: (change = {}) => {
      const id = world.state.nextId('C');
      world.state.channels.put(id, {
        id,
        name: unique('made'),
        kind: 'public',
        topic: '',
        purpose: '',
        archived: change.archived === true,
        general: false,
        members: [playground.botUserId],
        created: 1,
        creator: change.creator ?? playground.botUserId,
      });
      return id;
    },
    trigger: (fromView = false) => world.triggers.make({ user: 'U0MAYA', fromView }),
    openView: async (change = {}) => {
      popViews(world, 'U0MAYA', 3);
      const opened = await caller.call('views.open', {
        trigger_id: caller.trigger(),
        view: { ...modal, ...change },
      });
      if (opened.ok !== true) throw new Error(JSON.stringify(opened));
      return viewsOf(world, 'U0MAYA').at(-1)?.id ?? '';
    },
    stream: async () => {
      const head = await caller.post();
      const started = await caller.call('chat.startStream', {
        channel: open,
        thread_ts: head,
        recipient_user_id: 'U0MAYA',
        recipient_team_id: playground.teamId,
      });
      return String(started.ts);
    },
    upload: async (withBytes = true) => {
      const { upload_url, file_id } = await caller.call('files.getUploadURLExternal', {
        filename: 'a.txt',
        length: 3,
      });
      if (withBytes) await fetch(String(upload_url), { method: 'POST', body: 'abc' });
      return String(file_id);
    },
  };
  return caller;
}

type Args = JsonObject | Promise<JsonObject>;
export type Change = (c: Caller, good: JsonObject) => Args;
export interface MethodCase {
  good(c: Caller): Args;
  refusals?: { [error: string]: Change };
}

/** Changes of arguments alone: they can be tried on any method. */
export const plainChanges = new Set<Change>();
function plainChange(change: Change): Change {
  plainChanges.add(change);
  return change;
}
const set = (change: JsonObject): Change => plainChange((_c, good) => ({ ...good, ...change }));
const without = (key: string): Change =>
  plainChange((_c, good) => {
    const { [key]: _gone, ...rest } = good;
    return rest;
  });
const bad = { type: 'nope' };
const archived: Change = (c, good) => ({ ...good, channel: c.newChannel({ archived: true }) });
/** Direct messages with the app. */
const direct: Change = async (c, good) => {
  const opened = (await c.call('conversations.open', { users: 'U0MAYA' })).channel as JsonObject;
  return { ...good, channel: opened.id };
};
const nowPlus = (c: Caller, seconds: number): number =>
  Math.floor(c.playground.world.clock.now().getTime() / 1000) + 60 + seconds;
const longMarkdown = set({ markdown_text: 'x'.repeat(12_001) });
const badChunk = set({ chunks: [{ type: 'blocks', blocks: [bad] }] });
const huge = {
  type: 'modal',
  title: { type: 'plain_text', text: 'M' },
  blocks: Array.from({ length: 100 }, () => ({
    type: 'section',
    text: { type: 'plain_text', text: 'x'.repeat(2900) },
  })),
};

/** Refusals that mean the same everywhere; a method's own entry wins. */
export const commonRefusals: { [error: string]: Change } = {
  channel_not_found: plainChange((_c, good) => ({
    ...good,
    [good.channel_id === undefined ? 'channel' : 'channel_id']: 'C0NOPE',
  })),
  not_in_channel: plainChange((_c, good) => ({
    ...good,
    [good.channel_id === undefined ? 'channel' : 'channel_id']: outside,
  })),
  is_archived: plainChange(archived),
  bad_timestamp: set({ timestamp: 'yesterday' }),
  no_item_specified: without('timestamp'),
  invalid_ts_latest: set({ latest: 'now' }),
  invalid_ts_oldest: set({ oldest: 'then' }),
  user_disabled: set({ channel: 'U0LEA' }),
  no_text: set({ text: ' ' }),
  msg_too_long: set({ text: 'x'.repeat(40_001) }),
  markdown_text_conflict: set({ markdown_text: 'more' }),
  invalid_metadata_format: set({ metadata: 'text' }),
  invalid_metadata_schema: set({ metadata: { event_type: 'x' } }),
  metadata_too_large: set({ metadata: { event_type: 'x', event_payload: { a: 'x'.repeat(9000) } } }),
  too_many_attachments: set({ attachments: Array.from({ length: 101 }, () => ({ text: 'a' })) }),
  cannot_reply_to_message: async (c, good) => ({
    ...good,
    thread_ts: await c.post({ thread_ts: await c.post() }),
  }),
  invalid_name_required: set({ name: '' }),
  invalid_name_punctuation: set({ name: '--' }),
  message_not_found: (_c, good) => ({
    ...good,
    ...(good.ts !== undefined
      ? { ts: never }
      : good.message_ts !== undefined
        ? { message_ts: never }
        : { timestamp: never }),
  }),
  thread_not_found: set({ thread_ts: never }),
  invalid_thread_ts: set({ thread_ts: never }),
  invalid_cursor: set({ cursor: 'garbage' }),
  invalid_limit: set({ limit: 5000 }),
  invalid_blocks: set({ blocks: [bad] }),
  invalid_chunks: set({ chunks: [bad] }),
  invalid_name: set({ name: 'not an emoji' }),
  invalid_types: set({ types: 'everything' }),
  user_not_found: (_c, good) => ({
    ...good,
    ...(good.users !== undefined
      ? { users: 'U0NOBODY' }
      : good.user_id !== undefined
        ? { user_id: 'U0NOBODY' }
        : { user: 'U0NOBODY' }),
  }),
  no_such_subteam: set({ usergroup: 'S0NOPE' }),
  file_not_found: set({ file: 'F0NOPE' }),
  not_found: set({ bookmark_id: 'Bk0NOPE' }),
  invalid_arguments: set({ nonsense: 1 }),
  view_too_large: (_c, good) => ({ ...good, view: huge }),
  expired_trigger_id: set({ trigger_id: '1.1.abcdef' }),
  invalid_trigger_id: set({ trigger_id: 'nonsense' }),
  exchanged_trigger_id: async (c, good) => {
    await c.call('views.open', { trigger_id: good.trigger_id, view: modal });
    return good;
  },
  method_not_supported_for_channel_type: direct,
  invalid_name_specials: set({ name: 'Not Good!' }),
  invalid_name_maxlength: set({ name: 'x'.repeat(81) }),
  name_taken: set({ name: 'general' }),
  too_long: (_c, good) => ({
    ...good,
    ...(good.topic === undefined ? { purpose: 'x'.repeat(251) } : { topic: 'x'.repeat(251) }),
  }),
};

const message = (): JsonObject => ({ channel: open, text: 'hello' });
const inChannel = (): JsonObject => ({ channel: open });
const own = (c: Caller): JsonObject => ({ channel: c.newChannel() });

export const methodCases: { [method: string]: MethodCase } = {
  'chat.postMessage': {
    good: message,
    refusals: {
      ratelimited: async (c, good) => {
        await c.call('chat.postMessage', good);
        // The clock moved a minute before this call and will again, so the bucket is emptied here, at once.
        c.playground.world.faults.add({ target: 'slack', kind: 'rate_limited', count: 1 });
        return good;
      },
    },
  },
  'chat.postEphemeral': {
    good: () => ({ ...message(), user: 'U0MAYA' }),
    refusals: { user_not_in_channel: set({ user: 'U0LEA' }) },
  },
  'chat.update': {
    good: async (c) => ({ channel: open, ts: await c.post(), text: 'new' }),
    refusals: {
      cant_update_message: async (c, good) => ({ ...good, ts: await c.personPost(open) }),
      is_archived: async (c) => {
        const channel = c.newChannel();
        const { ts } = await c.call('chat.postMessage', { channel, text: 'hi' });
        await c.call('conversations.archive', { channel });
        return { channel, ts, text: 'new' };
      },
      msg_too_long: set({ text: 'x'.repeat(4001) }),
      streaming_state_conflict: async (c, good) => ({ ...good, ts: await c.stream() }),
      no_text: set({ text: '' }),
    },
  },
  'chat.delete': {
    good: async (c) => ({ channel: open, ts: await c.post() }),
    refusals: { cant_delete_message: async (c, good) => ({ ...good, ts: await c.personPost(open) }) },
  },
  'chat.getPermalink': { good: async (c) => ({ channel: open, message_ts: await c.post() }) },
  'chat.meMessage': {
    good: message,
    refusals: {
      no_text: without('text'),
      is_archived: (c, good) => ({ ...good, channel: c.newChannel({ archived: true }) }),
    },
  },
  'chat.unfurl': {
    good: async (c) => ({
      channel: open,
      ts: await c.personPost(open, '<https://catalog.example.com/mrr>'),
      unfurls: { 'https://catalog.example.com/mrr': { blocks: [section] } },
    }),
    refusals: {
      cannot_unfurl_url: set({ unfurls: { 'https://elsewhere.example.com/': { blocks: [section] } } }),
      cannot_find_message: set({ ts: never }),
      missing_unfurls: without('unfurls'),
      invalid_blocks: set({ unfurls: { 'https://catalog.example.com/mrr': { blocks: [bad] } } }),
    },
  },
  'chat.scheduleMessage': {
    good: (c) => ({ ...message(), post_at: nowPlus(c, 600) }),
    refusals: {
      time_in_past: (c, good) => ({ ...good, post_at: nowPlus(c, 30) }),
      time_too_far: (c, good) => ({ ...good, post_at: nowPlus(c, 121 * 86_400) }),
      invalid_time: without('post_at'),
    },
  },
  'chat.deleteScheduledMessage': {
    good: async (c) => ({
      channel: open,
      scheduled_message_id: (
        await c.call('chat.scheduleMessage', { ...message(), post_at: nowPlus(c, 9000) })
      ).scheduled_message_id,
    }),
    refusals: { invalid_scheduled_message_id: set({ scheduled_message_id: 'Q0NOPE' }) },
  },
  'chat.scheduledMessages.list': {
    good: () => ({}),
    refusals: { invalid_channel: set({ channel: 'C0NOPE' }) },
  },
  'chat.startStream': {
    good: async (c) => ({
      channel: open,
      thread_ts: await c.post(),
      recipient_user_id: 'U0MAYA',
      recipient_team_id: c.playground.teamId,
    }),
    refusals: {
      missing_recipient_user_id: without('recipient_user_id'),
      missing_recipient_team_id: without('recipient_team_id'),
      msg_too_long: longMarkdown,
      invalid_blocks: badChunk,
    },
  },
  'chat.appendStream': {
    good: async (c) => ({ channel: open, ts: await c.stream(), markdown_text: 'more' }),
    refusals: {
      message_not_in_streaming_state: async (c, good) => ({ ...good, ts: await c.post() }),
      message_not_owned_by_app: async (c, good) => ({ ...good, ts: await c.personPost(open) }),
      no_text: without('markdown_text'),
      msg_too_long: longMarkdown,
      invalid_blocks: badChunk,
      stopped_by_user: async (c, good) => {
        const stream = c.playground.world.messages.get(open, String(good.ts));
        const { act } = await import('../play/act.js');
        await act(c.playground.world, { as: 'maya', do: 'stop', channel: open, thread: stream?.thread_ts });
        return good;
      },
    },
  },
  'chat.stopStream': {
    good: async (c) => ({ channel: open, ts: await c.stream() }),
    refusals: {
      message_not_in_streaming_state: async (c, good) => ({ ...good, ts: await c.post() }),
      message_not_owned_by_app: async (c, good) => ({ ...good, ts: await c.personPost(open) }),
    },
  },
  'conversations.create': {
    good: () => ({ name: unique('inc') }),
  },
  'conversations.info': { good: inChannel },
  'conversations.list': { good: () => ({ types: 'public_channel', limit: 2 }) },
  'conversations.members': { good: inChannel },
  'conversations.join': {
    good: own,
    refusals: { method_not_supported_for_channel_type: set({ channel: 'C0WARROOM' }) },
  },
  'conversations.leave': {
    good: own,
    refusals: {
      cant_leave_general: set({ channel: general }),
      last_member: (c, good) => {
        const channel = c.playground.world.state.channels.get(String(good.channel));
        if (channel !== undefined) channel.kind = 'private';
        return good;
      },
    },
  },
  'conversations.invite': {
    good: (c) => ({ channel: c.newChannel(), users: 'U0MAYA,U0TOM' }),
    refusals: {
      no_user: set({ users: '' }),
      already_in_channel: (_c, good) => ({ ...good, channel: open }),
      cant_invite_self: (c, good) => ({ ...good, users: c.playground.botUserId }),
      cant_invite: set({ users: 'U0LEA' }),
      too_many_users: set({ users: Array.from({ length: 101 }, () => 'U0MAYA').join(',') }),
    },
  },
  'conversations.kick': {
    good: async (c) => {
      const channel = c.newChannel();
      await c.call('conversations.invite', { channel, users: 'U0MAYA' });
      return { channel, user: 'U0MAYA' };
    },
    refusals: {
      cant_kick_self: (c, good) => ({ ...good, user: c.playground.botUserId }),
      cant_kick_from_general: set({ channel: general }),
    },
  },
  'conversations.archive': {
    good: own,
    refusals: { already_archived: archived, cant_archive_general: set({ channel: general }) },
  },
  'conversations.unarchive': {
    good: (c) => ({ channel: c.newChannel({ archived: true }) }),
    refusals: { not_archived: (c) => ({ channel: c.newChannel() }) },
  },
  'conversations.rename': {
    good: (c) => ({ channel: c.newChannel(), name: unique('renamed') }),
    refusals: { not_authorized: set({ channel: open }) },
  },
  'conversations.setTopic': { good: (c) => ({ ...own(c), topic: 'T' }) },
  'conversations.setPurpose': { good: (c) => ({ ...own(c), purpose: 'P' }) },
  'conversations.open': {
    good: () => ({ users: 'U0MAYA' }),
    refusals: {
      users_list_not_supplied: set({ users: '' }),
      too_many_users: set({ users: Array.from({ length: 9 }, (_, i) => `U${i}`).join(',') }),
      channel_not_found: () => ({ channel: 'D0NOPE' }),
      user_disabled: set({ users: 'U0LEA' }),
    },
  },
  'conversations.close': {
    good: (c) => direct(c, {}),
    refusals: { method_not_supported_for_channel_type: set({ channel: open }) },
  },
  'conversations.mark': {
    good: () => ({ channel: open, ts: never }),
    refusals: { invalid_timestamp: set({ ts: 'yesterday' }) },
  },
  'conversations.history': { good: inChannel },
  'conversations.replies': {
    good: async (c) => ({ channel: open, ts: await c.post() }),
    refusals: { thread_not_found: set({ ts: never }) },
  },
  'users.conversations': { good: () => ({ user: 'U0MAYA' }) },
  'views.open': {
    good: (c) => ({ trigger_id: c.trigger(), view: modal }),
    refusals: {
      duplicate_external_id: async (c, good) => {
        await c.openView({ external_id: 'one' });
        return { ...good, view: { ...modal, external_id: 'one' } };
      },
    },
  },
  'views.push': {
    good: async (c) => {
      await c.openView();
      return { trigger_id: c.trigger(true), view: modal };
    },
    refusals: {
      push_limit_reached: async (c, good) => {
        for (let i = 0; i < 2; i += 1)
          await c.call('views.push', { trigger_id: c.trigger(true), view: modal });
        return good;
      },
    },
  },
  'views.update': {
    good: async (c) => ({ view_id: await c.openView(), view: modal }),
    refusals: {
      not_found: set({ view_id: 'V0NOPE' }),
      hash_conflict: set({ hash: 'old' }),
      duplicate_external_id: async (c, good) => {
        await c.call('views.publish', {
          user_id: 'U0TOM',
          view: { type: 'home', blocks: [section], external_id: 'two' },
        });
        return { ...good, view: { ...modal, external_id: 'two' } };
      },
    },
  },
  'views.publish': {
    good: () => ({ user_id: 'U0MAYA', view: { type: 'home', blocks: [section] } }),
    refusals: {
      hash_conflict: set({ hash: 'old' }),
      view_too_large: (_c, good) => ({ ...good, view: { type: 'home', blocks: huge.blocks } }),
      // Its own playground in the test: Home is switched off there.
      not_enabled: (_c, good) => good,
    },
  },
  'users.info': { good: () => ({ user: 'U0MAYA' }) },
  'users.list': { good: () => ({ limit: 2 }) },
  'users.lookupByEmail': {
    good: () => ({ email: 'MAYA@acme.example' }),
    refusals: { users_not_found: set({ email: 'nobody@acme.example' }) },
  },
  'users.getPresence': { good: () => ({ user: 'U0MAYA' }) },
  'users.profile.get': { good: () => ({ user: 'U0MAYA' }) },
  'usergroups.list': { good: () => ({ include_users: true }) },
  'usergroups.create': {
    good: () => ({ name: unique('Group') }),
    refusals: {
      name_already_exists: set({ name: 'data-platform' }),
      handle_already_exists: set({ handle: 'data-platform' }),
    },
  },
  'usergroups.update': {
    good: async (c) => ({
      usergroup: ((await c.call('usergroups.create', { name: unique('Group') })).usergroup as JsonObject).id,
      description: 'd',
    }),
    refusals: {
      name_already_exists: set({ name: 'data-platform' }),
      handle_already_exists: set({ handle: 'data-platform' }),
    },
  },
  'usergroups.enable': { good: () => ({ usergroup: 'S0DATAPLATFORM' }) },
  'usergroups.disable': { good: () => ({ usergroup: 'S0DATAPLATFORM' }) },
  'usergroups.users.list': { good: () => ({ usergroup: 'S0DATAPLATFORM' }) },
  'usergroups.users.update': {
    good: () => ({ usergroup: 'S0DATAPLATFORM', users: 'U0TOM,U0MAYA' }),
    refusals: { invalid_users: set({ users: 'U0NOBODY' }), no_users_provided: set({ users: '' }) },
  },
  'team.info': { good: () => ({}) },
  'bots.info': { good: () => ({}), refusals: { bot_not_found: set({ bot: 'B0NOPE' }) } },
  'auth.test': { good: () => ({}) },
  'api.test': { good: () => ({ anything: 'goes' }) },
  'pins.add': {
    good: async (c) => ({ channel: open, timestamp: await c.post() }),
    refusals: {
      already_pinned: async (c, good) => {
        await c.call('pins.add', good);
        return good;
      },
      too_many_pins: async (c, good) => {
        for (let i = 0; i < 100; i += 1)
          c.playground.world.state.pins.put(`${open}:${i}`, {
            channel: open,
            ts: String(i),
            user: 'U0TOM',
            created: 1,
          });
        return good;
      },
    },
  },
  'pins.remove': {
    good: async (c) => {
      for (const pin of c.playground.world.state.pins.values())
        c.playground.world.state.pins.delete(`${pin.channel}:${pin.ts}`);
      const timestamp = await c.post();
      await c.call('pins.add', { channel: open, timestamp });
      return { channel: open, timestamp };
    },
    refusals: {
      no_pin: async (c, good) => ({ ...good, timestamp: await c.post() }),
    },
  },
  'pins.list': { good: inChannel },
  'bookmarks.add': {
    good: () => ({ channel_id: open, title: 'Runbook', type: 'link', link: 'https://example.com/' }),
    refusals: {
      invalid_bookmark_type: set({ type: 'folder' }),
      invalid_link: set({ link: 'javascript:alert(1)' }),
      too_many_bookmarks: (c, good) => {
        const channel_id = c.newChannel();
        for (let i = 0; i < 100; i += 1) {
          c.playground.world.state.bookmarks.put(`Bk${channel_id}${i}`, {
            id: `Bk${channel_id}${i}`,
            channel_id,
            title: 't',
            link: 'l',
            emoji: '',
            type: 'link',
            created: 1,
            updated: 1,
            rank: '0',
          });
        }
        return { ...good, channel_id };
      },
    },
  },
  'bookmarks.edit': { good: (c) => bookmarked(c), refusals: { invalid_link: set({ link: 'nope' }) } },
  'bookmarks.remove': { good: (c) => bookmarked(c) },
  'bookmarks.list': { good: () => ({ channel_id: open }) },
  'reactions.add': {
    good: async (c) => ({ channel: open, timestamp: await c.post(), name: 'eyes' }),
    refusals: {
      already_reacted: async (c, good) => {
        await c.call('reactions.add', good);
        return good;
      },
      too_many_reactions: async (c, good) => {
        const record = c.playground.world.messages.get(open, String(good.timestamp));
        if (record !== undefined) record.reactions = reactionsOf(c.playground.botUserId, 23);
        return good;
      },
      too_many_emoji: async (c, good) => {
        const record = c.playground.world.messages.get(open, String(good.timestamp));
        if (record !== undefined) record.reactions = reactionsOf('U0TOM', 50);
        return good;
      },
    },
  },
  'reactions.remove': {
    good: async (c) => {
      const args = { channel: open, timestamp: await c.post(), name: 'eyes' };
      await c.call('reactions.add', args);
      return args;
    },
    refusals: { no_reaction: set({ name: 'tada' }) },
  },
  'reactions.get': { good: async (c) => ({ channel: open, timestamp: await c.post() }) },
  'files.getUploadURLExternal': {
    good: () => ({ filename: 'a.txt', length: 3 }),
    refusals: { file_upload_size_restricted: set({ length: 10_000_001 }) },
  },
  'files.completeUploadExternal': {
    good: async (c) => ({ files: [{ id: await c.upload() }], channel_id: open }),
    refusals: {
      file_not_found: set({ files: [{ id: 'F0NOPE' }] }),
      file_update_failed: async (c, good) => ({ ...good, files: [{ id: await c.upload(false) }] }),
    },
  },
  'files.info': { good: (c) => uploaded(c) },
  'files.list': {
    good: () => ({}),
    refusals: {
      user_not_found: set({ user: 'U0NOBODY' }),
      unknown_type: set({ types: 'poems' }),
      invalid_limit: set({ count: 5000 }),
    },
  },
  'files.delete': {
    good: (c) => uploaded(c),
    refusals: {
      cant_delete_file: async (c) => {
        const args = await uploaded(c);
        const file = c.playground.world.state.files.get(String(args.file));
        if (file !== undefined) file.user = 'U0TOM';
        return args;
      },
    },
  },
  'assistant.threads.setStatus': {
    good: async (c) => ({ channel_id: open, thread_ts: await c.post(), status: 'is thinking…' }),
  },
  'assistant.threads.setTitle': {
    good: async (c) => ({ channel_id: open, thread_ts: await c.post(), title: 'T' }),
  },
  'assistant.threads.setSuggestedPrompts': {
    good: () => ({ channel_id: open, prompts: [{ title: 'a', message: 'b' }] }),
    refusals: {
      too_many_prompts: set({ prompts: Array.from({ length: 5 }, () => ({ title: 'a', message: 'b' })) }),
    },
  },
  'agents.sessions.setStatus': {
    good: async (c) => ({ channel_id: open, thread_ts: await c.post(), status: 'processing', title: 'T' }),
    refusals: { invalid_status: set({ status: 'busy' }) },
  },
  'agents.sessions.rename': {
    good: async (c) => ({ channel_id: open, thread_ts: await c.post(), title: 'T' }),
  },
  'blocks.validate': { good: () => ({ blocks: [section] }) },
};

const reactionsOf = (user: string, count: number): { name: string; users: string[] }[] =>
  Array.from({ length: count }, (_, i) => ({ name: `r${i}`, users: [user] }));

async function bookmarked(c: Caller): Promise<JsonObject> {
  const channel = c.newChannel();
  const added = await c.call('bookmarks.add', {
    channel_id: channel,
    title: 't',
    type: 'link',
    link: 'https://example.com/',
  });
  return { channel_id: channel, bookmark_id: (added.bookmark as JsonObject).id };
}
async function uploaded(c: Caller): Promise<JsonObject> {
  const id = await c.upload();
  await c.call('files.completeUploadExternal', { files: [{ id }], channel_id: open });
  return { file: id };
}

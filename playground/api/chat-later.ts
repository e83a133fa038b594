import { z } from 'zod';
import { findPings } from '../mrkdwn.js';
import { changeMessage, postMessage } from '../posting.js';
import type { JsonObject } from '../protocol.js';
import type { MessageRecord, ScheduledRecord } from '../state/records.js';
import { nowSeconds, type World } from '../world.js';
import { knownChannel, knownMessage, page, postableChannel } from './access.js';
import { clearStatus } from './agents.js';
import { int, metadata, objects, text, timestamp } from './arguments.js';
import { postArguments, postFromApp, threadHead, threadRefusals } from './chat.js';
import { checkContent, contentRefusals, markdownTextMax, metadataRefusals } from './content.js';
import { defineMethod } from './define-method.js';
import type { Method } from './method.js';
import { refuse, SlackRefusal } from './refusal.js';

/** Messages that come later (scheduled) or bit by bit (streamed). */

const chatWrite = ['chat:write'];
const scheduleMinSeconds = 120;
const scheduleMaxSeconds = 120 * 86_400;

/** Waits for the time of a stored scheduled message; also called for each at a restart. */
export function awaitScheduled(world: World, record: ScheduledRecord): void {
  world.timers.at(record.post_at * 1000, () => {
    if (world.state.scheduled.get(record.id) === undefined) return;
    world.state.scheduled.delete(record.id);
    const channel = world.state.channels.get(record.channel);
    const args = z.object(postArguments).safeParse(record.args);
    if (channel === undefined || channel.archived || !args.success) return;
    postFromApp(world, args.data, channel).catch((error: unknown) => {
      world.log.warn({ error: String(error) }, 'a scheduled message could not be posted');
    });
  });
}

const streamLifeMs = 5 * 60_000;
const chunkTypes = ['markdown_text', 'plan_update', 'task_update', 'blocks'];
const taskStates = ['pending', 'in_progress', 'complete', 'error'];

/** Chunks in the shape of the SDK's types: markdown_text, plan_update, task_update, blocks. */
function checkChunks(world: World, chunks: JsonObject[]): void {
  for (const chunk of chunks) {
    const { type } = chunk;
    if (typeof type !== 'string' || !chunkTypes.includes(type))
      refuse('invalid_chunks', '[ERROR] unknown chunk type');
    if (type === 'markdown_text' && typeof chunk.text !== 'string')
      refuse('invalid_chunks', '[ERROR] text is missing');
    if (type === 'plan_update' && typeof chunk.title !== 'string')
      refuse('invalid_chunks', '[ERROR] title is missing');
    if (type === 'task_update') {
      const ok =
        typeof chunk.id === 'string' &&
        typeof chunk.title === 'string' &&
        taskStates.includes(String(chunk.status));
      if (!ok) refuse('invalid_chunks', '[ERROR] a task has id, title and status');
    }
    if (type === 'blocks')
      checkContent(world, { blocks: z.array(z.record(z.string(), z.unknown())).parse(chunk.blocks) });
  }
}

function appendTo(message: MessageRecord, markdown: string | undefined, chunks: JsonObject[]): void {
  const all = markdown === undefined ? chunks : [{ type: 'markdown_text', text: markdown }, ...chunks];
  for (const chunk of all) {
    if (chunk.type === 'markdown_text') message.text += String(chunk.text);
    else {
      message.chunks ??= [];
      const same = message.chunks.findIndex(
        (c) => c.type === chunk.type && c.id !== undefined && c.id === chunk.id,
      );
      const plan =
        chunk.type === 'plan_update' ? message.chunks.findIndex((c) => c.type === 'plan_update') : -1;
      const at = Math.max(same, plan);
      if (at >= 0) message.chunks[at] = { ...message.chunks[at], ...chunk };
      else message.chunks.push(chunk);
    }
  }
  message.pings = findPings(message.text, message.blocks);
}

/** Marks a stream that a person stopped: appending is refused, `chat.stopStream` still ends it properly. */
export function stoppedKey(channel: string, ts: string): string {
  return `stopped:${channel}:${ts}`;
}

function streamedMessage(world: World, channelId: string, ts: string, ending = false): MessageRecord {
  const channel = knownChannel(world, channelId);
  const message = knownMessage(world, channel.id, ts);
  if (message.bot_id !== world.app.bot_id) refuse('message_not_owned_by_app');
  if (message.streaming !== true) {
    const stopped = world.state.sessions.get(stoppedKey(channel.id, ts)) !== undefined;
    if (!stopped) refuse('message_not_in_streaming_state');
    if (!ending) refuse('stopped_by_user');
    world.state.sessions.delete(stoppedKey(channel.id, ts));
    return message;
  }
  if (world.clock.now().getTime() - (message.stream_started_ms ?? 0) > streamLifeMs) {
    delete message.streaming;
    void changeMessage(world, message, null);
    refuse('message_not_in_streaming_state');
  }
  return message;
}

export const laterMethods: Method[] = [
  defineMethod({
    name: 'chat.scheduleMessage',
    tier: 't3',
    scopes: chatWrite,
    refusals: [
      'time_in_past',
      'time_too_far',
      'invalid_time',
      'channel_not_found',
      'not_in_channel',
      'is_archived',
      'no_text',
      'invalid_blocks',
      ...contentRefusals,
      ...metadataRefusals,
      ...threadRefusals,
    ],
    args: z
      .strictObject({ ...postArguments, post_at: int })
      .omit({ username: true, icon_emoji: true, icon_url: true, mrkdwn: true }),
    missing: { channel: 'channel_not_found', post_at: 'invalid_time' },
    run: (world, args) => {
      const channel = postableChannel(world, args.channel);
      const content = checkContent(world, args);
      if (args.thread_ts !== undefined) threadHead(world, channel, args.thread_ts);
      const now = nowSeconds(world);
      if (args.post_at < now + scheduleMinSeconds) refuse('time_in_past');
      if (args.post_at > now + scheduleMaxSeconds) refuse('time_too_far');
      const { post_at, ...rest } = args;
      const record: ScheduledRecord = {
        id: world.state.nextId('Q'),
        channel: channel.id,
        post_at,
        created: now,
        args: { ...rest },
        text: content.text,
      };
      world.state.scheduled.put(record.id, record);
      awaitScheduled(world, record);
      return {
        channel: channel.id,
        scheduled_message_id: record.id,
        post_at,
        message: {
          type: 'delayed_message',
          text: content.text,
          user: world.app.bot_user_id,
          bot_id: world.app.bot_id,
          team: world.team.id,
        },
      };
    },
  }),
  defineMethod({
    name: 'chat.deleteScheduledMessage',
    tier: 't3',
    scopes: chatWrite,
    refusals: ['invalid_scheduled_message_id', 'channel_not_found'],
    args: z.strictObject({ channel: text, scheduled_message_id: text }),
    missing: { channel: 'channel_not_found' },
    run: (world, args) => {
      const channel = knownChannel(world, args.channel);
      const record = world.state.scheduled.get(args.scheduled_message_id);
      if (record?.channel !== channel.id) refuse('invalid_scheduled_message_id');
      world.state.scheduled.delete(record.id);
      return {};
    },
  }),
  defineMethod({
    name: 'chat.scheduledMessages.list',
    tier: 't3',
    refusals: ['invalid_channel', 'invalid_cursor', 'invalid_limit'],
    args: z.strictObject({
      channel: text.optional(),
      latest: text.optional(),
      oldest: text.optional(),
      limit: int.optional(),
      cursor: text.optional(),
    }),
    run: (world, args) => {
      const { channel, oldest, latest } = args;
      if (channel !== undefined && world.state.channels.get(channel) === undefined) refuse('invalid_channel');
      const records = world.state.scheduled
        .values()
        .filter((r) => channel === undefined || r.channel === channel)
        .filter(
          (r) =>
            (oldest === undefined || r.post_at >= Number(oldest)) &&
            (latest === undefined || r.post_at <= Number(latest)),
        )
        .sort((a, b) => a.post_at - b.post_at);
      const { items, next } = page(records, args.limit, args.cursor);
      return {
        scheduled_messages: items.map((r) => ({
          id: r.id,
          channel_id: r.channel,
          post_at: r.post_at,
          date_created: r.created,
          text: r.text,
        })),
        response_metadata: { next_cursor: next },
      };
    },
  }),
  defineMethod({
    name: 'chat.startStream',
    tier: 't2',
    scopes: chatWrite,
    refusals: [
      'missing_recipient_user_id',
      'missing_recipient_team_id',
      'channel_not_found',
      'not_in_channel',
      'is_archived',
      ...threadRefusals,
      'invalid_chunks',
      'invalid_blocks',
      'msg_too_long',
    ],
    args: z.strictObject({
      channel: text,
      thread_ts: text,
      markdown_text: text.optional(),
      chunks: objects.optional(),
      recipient_user_id: text.optional(),
      recipient_team_id: text.optional(),
      task_display_mode: z.enum(['plan', 'timeline']).optional(),
      icon_emoji: text.optional(),
      icon_url: text.optional(),
      username: text.optional(),
    }),
    missing: { channel: 'channel_not_found' },
    run: async (world, args) => {
      const channel = postableChannel(world, args.channel);
      const head = threadHead(world, channel, args.thread_ts);
      if (channel.kind !== 'im' && args.recipient_user_id === undefined) refuse('missing_recipient_user_id');
      if (channel.kind !== 'im' && args.recipient_team_id === undefined) refuse('missing_recipient_team_id');
      if ((args.markdown_text?.length ?? 0) > markdownTextMax) refuse('msg_too_long');
      if (args.username !== undefined && !world.scopes.has('chat:write.customize')) {
        throw new SlackRefusal('missing_scope', {
          needed: 'chat:write.customize',
          provided: [...world.scopes].join(','),
        });
      }
      checkChunks(world, args.chunks ?? []);
      const { message } = await postMessage(world, {
        channel,
        user: world.app.bot_user_id,
        text: '',
        bot: true,
        thread_ts: head,
        streaming: true,
      });
      appendTo(message, args.markdown_text, args.chunks ?? []);
      await changeMessage(world, message, null);
      return { channel: channel.id, ts: message.ts };
    },
  }),
  defineMethod({
    name: 'chat.appendStream',
    tier: 't4',
    scopes: chatWrite,
    refusals: [
      'message_not_in_streaming_state',
      'message_not_owned_by_app',
      'message_not_found',
      'channel_not_found',
      'stopped_by_user',
      'no_text',
      'invalid_chunks',
      'invalid_blocks',
      'msg_too_long',
    ],
    args: z.strictObject({
      channel: text,
      ts: timestamp,
      markdown_text: text.optional(),
      chunks: objects.optional(),
    }),
    missing: { channel: 'channel_not_found' },
    run: async (world, args) => {
      const message = streamedMessage(world, args.channel, args.ts);
      if (args.markdown_text === undefined && args.chunks === undefined) refuse('no_text');
      if ((args.markdown_text?.length ?? 0) > markdownTextMax) refuse('msg_too_long');
      checkChunks(world, args.chunks ?? []);
      appendTo(message, args.markdown_text, args.chunks ?? []);
      await changeMessage(world, message, null);
      return { channel: message.channel, ts: message.ts };
    },
  }),
  defineMethod({
    name: 'chat.stopStream',
    tier: 't2',
    scopes: chatWrite,
    refusals: [
      'message_not_in_streaming_state',
      'message_not_owned_by_app',
      'message_not_found',
      'channel_not_found',
      'invalid_chunks',
      'invalid_blocks',
      ...metadataRefusals,
    ],
    args: z.strictObject({
      channel: text,
      ts: timestamp,
      markdown_text: text.optional(),
      chunks: objects.optional(),
      blocks: objects.optional(),
      metadata: metadata.optional(),
      session_status: z.enum(['active', 'suspended', 'closed']).optional(),
    }),
    missing: { channel: 'channel_not_found' },
    run: async (world, args) => {
      const message = streamedMessage(world, args.channel, args.ts, true);
      checkChunks(world, args.chunks ?? []);
      const content = checkContent(world, { blocks: args.blocks, metadata: args.metadata }, true);
      appendTo(message, args.markdown_text, args.chunks ?? []);
      message.blocks = content.blocks;
      if (content.metadata !== undefined) message.metadata = content.metadata;
      delete message.streaming;
      const channel = knownChannel(world, args.channel);
      if (args.session_status !== undefined) clearStatus(world, channel, message.thread_ts ?? message.ts);
      await changeMessage(world, message, null);
      return {
        channel: message.channel,
        ts: message.ts,
        message: {
          text: message.text,
          user: message.user,
          bot_id: message.bot_id,
          ts: message.ts,
          type: 'message',
        },
      };
    },
  }),
];

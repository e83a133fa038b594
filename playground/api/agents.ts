import { z } from 'zod';
import { channelAudience } from '../directory.js';
import type { ChannelRecord, SessionRecord } from '../state/records.js';
import type { World } from '../world.js';
import { joinedChannel } from './access.js';
import { list, objects, text } from './arguments.js';
import { defineMethod } from './define-method.js';
import type { Method } from './method.js';
import { refuse } from './refusal.js';

/** The agent surface: status lines, suggested prompts, session titles; `assistant.*` lives on as their older names. */

const assistantWrite = ['assistant:write'];
const promptsMax = 4;
const titleMax = 200;
const statuses = ['processing', 'active', 'suspended', 'closed'];

function session(world: World, channel: ChannelRecord, threadTs: string): SessionRecord {
  const key = `${channel.id}:${threadTs}`;
  return (
    world.state.sessions.get(key) ?? {
      channel: channel.id,
      thread_ts: threadTs,
      status: '',
      loading_messages: [],
      title: '',
    }
  );
}
function keep(world: World, channel: ChannelRecord, record: SessionRecord): void {
  world.state.sessions.put(`${record.channel}:${record.thread_ts}`, record);
  world.live.emit(
    {
      type: 'status',
      channel: record.channel,
      thread_ts: record.thread_ts,
      status: record.status,
      loading_messages: record.loading_messages,
    },
    channelAudience(world, channel),
  );
}

/** A status line goes away when the app posts into the thread. */
export function clearStatus(world: World, channel: ChannelRecord, threadTs: string): void {
  const known = world.state.sessions.get(`${channel.id}:${threadTs}`);
  if (known !== undefined && known.status !== '')
    keep(world, channel, { ...known, status: '', loading_messages: [] });
}

function checkTitle(title: string): string {
  if (title.length < 1 || title.length > titleMax)
    refuse('invalid_arguments', `[ERROR] title must be 1 to ${titleMax} characters`);
  return title;
}
function thread(world: World, channel: ChannelRecord, threadTs: string): string {
  const head = world.messages.get(channel.id, threadTs);
  return head === undefined ? refuse('invalid_thread_ts') : head.ts;
}

const byChannel = { channel_id: 'channel_not_found' };
const titled = z.strictObject({ channel_id: text, thread_ts: text, title: text });

function rename(world: World, args: z.output<typeof titled>): object {
  const channel = joinedChannel(world, args.channel_id);
  const record = session(world, channel, thread(world, channel, args.thread_ts));
  keep(world, channel, { ...record, title: checkTitle(args.title) });
  return {};
}

export const agentMethods: Method[] = [
  defineMethod({
    name: 'assistant.threads.setStatus',
    tier: 'special',
    scopes: ['assistant:write', 'chat:write'],
    refusals: ['channel_not_found', 'not_in_channel', 'invalid_thread_ts'],
    args: z.strictObject({
      channel_id: text,
      thread_ts: text,
      status: text,
      loading_messages: list.optional(),
      icon_emoji: text.optional(),
      icon_url: text.optional(),
      username: text.optional(),
    }),
    missing: byChannel,
    run: (world, args) => {
      const channel = joinedChannel(world, args.channel_id);
      if ((args.loading_messages?.length ?? 0) > 10)
        refuse('invalid_arguments', '[ERROR] at most 10 loading_messages');
      const record = session(world, channel, thread(world, channel, args.thread_ts));
      keep(world, channel, { ...record, status: args.status, loading_messages: args.loading_messages ?? [] });
      return {};
    },
  }),
  defineMethod({
    name: 'assistant.threads.setTitle',
    tier: 't3',
    scopes: assistantWrite,
    refusals: ['channel_not_found', 'not_in_channel', 'invalid_thread_ts'],
    args: titled,
    missing: byChannel,
    run: (world, args) => ({ ...rename(world, args) }),
  }),
  defineMethod({
    name: 'assistant.threads.setSuggestedPrompts',
    tier: 't3',
    scopes: assistantWrite,
    refusals: ['channel_not_found', 'not_in_channel', 'too_many_prompts'],
    args: z.strictObject({
      channel_id: text,
      prompts: objects,
      thread_ts: text.optional(),
      title: text.optional(),
    }),
    missing: byChannel,
    run: (world, args) => {
      const channel = joinedChannel(world, args.channel_id);
      if (args.prompts.length === 0) refuse('invalid_arguments', '[ERROR] prompts is empty');
      if (args.prompts.length > promptsMax) refuse('too_many_prompts');
      const prompts = args.prompts.map(({ title, message }) => {
        if (typeof title !== 'string' || typeof message !== 'string')
          return refuse('invalid_arguments', '[ERROR] a prompt has title and message');
        return { title, message };
      });
      world.state.prompts.put(channel.id, prompts);
      world.live.emit({ type: 'prompts', channel: channel.id, prompts }, channelAudience(world, channel));
      return {};
    },
  }),
  defineMethod({
    name: 'agents.sessions.setStatus',
    tier: 't3',
    scopes: assistantWrite,
    refusals: ['channel_not_found', 'not_in_channel', 'invalid_thread_ts', 'invalid_status'],
    args: z.strictObject({
      channel_id: text,
      status: text,
      thread_ts: text.optional(),
      title: text.optional(),
      initiator_user_id: text.optional(),
      icon_emoji: text.optional(),
      icon_url: text.optional(),
      username: text.optional(),
    }),
    missing: byChannel,
    run: (world, args) => {
      const channel = joinedChannel(world, args.channel_id);
      if (!statuses.includes(args.status)) refuse('invalid_status');
      if (args.thread_ts === undefined) refuse('invalid_thread_ts');
      const record = session(world, channel, thread(world, channel, args.thread_ts));
      const title = args.title === undefined ? record.title : checkTitle(args.title);
      keep(world, channel, {
        ...record,
        status: args.status === 'processing' ? 'is working on it…' : '',
        loading_messages: [],
        title,
      });
      return {};
    },
  }),
  defineMethod({
    name: 'agents.sessions.rename',
    tier: 't3',
    scopes: assistantWrite,
    refusals: ['channel_not_found', 'not_in_channel', 'invalid_thread_ts'],
    args: titled,
    missing: byChannel,
    run: (world, args) => ({ ...rename(world, args) }),
  }),
];

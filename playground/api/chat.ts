import { z } from 'zod';
import { toSlackMessage } from '../messages.js';
import { permalinkTo } from '../permalink.js';
import { changeMessage, deleteMessage, postMessage, storeMessage } from '../posting.js';
import type { ChannelRecord, MessageRecord } from '../state/records.js';
import type { World } from '../world.js';
import { isMember, joinedChannel, knownChannel, knownMessage, postableChannel } from './access.js';
import { clearStatus } from './agents.js';
import { bool, list, metadata, object, objects, text, timestamp } from './arguments.js';
import { checkContent, contentRefusals, metadataRefusals } from './content.js';
import { defineMethod } from './define-method.js';
import type { Method, MethodResult } from './method.js';
import { refuse, SlackRefusal } from './refusal.js';

/** `chat.postMessage` and what changes or removes a message. Scheduled and streamed ones are beside this file. */

export const postArguments = {
  channel: text,
  text: text.optional(),
  blocks: objects.optional(),
  attachments: objects.optional(),
  markdown_text: text.optional(),
  thread_ts: text.optional(),
  reply_broadcast: bool.optional(),
  metadata: metadata.optional(),
  username: text.optional(),
  icon_emoji: text.optional(),
  icon_url: text.optional(),
  as_user: bool.optional(),
  link_names: bool.optional(),
  parse: z.enum(['full', 'none']).optional(),
  mrkdwn: bool.optional(),
  unfurl_links: bool.optional(),
  unfurl_media: bool.optional(),
};
type PostArguments = z.output<z.ZodObject<typeof postArguments>>;

/** Words of `threadHead` and `postableChannel` for whoever posts. */
export const threadRefusals = ['thread_not_found', 'cannot_reply_to_message', 'user_disabled'];

/** A head to reply to: there, and no reply itself. */
export function threadHead(world: World, channel: ChannelRecord, threadTs: string): string {
  const head = world.messages.get(channel.id, threadTs);
  if (head === undefined || head.ephemeral_to !== undefined) refuse('thread_not_found');
  if (head.thread_ts !== undefined && head.thread_ts !== head.ts) refuse('cannot_reply_to_message');
  return threadTs;
}

export async function postFromApp(
  world: World,
  args: PostArguments,
  channel: ChannelRecord,
): Promise<MessageRecord> {
  const authored = args.username ?? args.icon_emoji ?? args.icon_url;
  if (authored !== undefined && !world.scopes.has('chat:write.customize')) {
    throw new SlackRefusal('missing_scope', {
      needed: 'chat:write.customize',
      provided: [...world.scopes].join(','),
    });
  }
  const content = checkContent(world, args);
  const threadTs = args.thread_ts === undefined ? undefined : threadHead(world, channel, args.thread_ts);
  const { message } = await postMessage(world, {
    channel,
    user: world.app.bot_user_id,
    ...content,
    bot: true,
    thread_ts: threadTs,
    broadcast: args.reply_broadcast,
    username: args.username,
    icon: args.icon_emoji ?? args.icon_url,
  });
  if (threadTs !== undefined) clearStatus(world, channel, threadTs);
  return message;
}

const posted = (world: World, message: MessageRecord): MethodResult => ({
  channel: message.channel,
  ts: message.ts,
  message: toSlackMessage(world, message, true),
});

const chatWrite = ['chat:write'];
const missingText = { channel: 'channel_not_found' };

function ownMessage(world: World, channel: string, ts: string, foreignWord: string): MessageRecord {
  const message = knownMessage(world, channel, ts);
  if (message.bot_id !== world.app.bot_id) refuse(foreignWord);
  return message;
}

/** Slack derives `chat.update` text limits more tightly than those of posting. */
const updateTextMax = 4000;

export const chatMethods: Method[] = [
  defineMethod({
    name: 'chat.postMessage',
    tier: 'special',
    scopes: chatWrite,
    refusals: [
      'channel_not_found',
      'not_in_channel',
      'is_archived',
      'no_text',
      'invalid_blocks',
      ...contentRefusals,
      ...metadataRefusals,
      ...threadRefusals,
      'ratelimited',
    ],
    args: z.strictObject(postArguments),
    missing: missingText,
    run: async (world, args) =>
      posted(world, await postFromApp(world, args, postableChannel(world, args.channel))),
  }),
  defineMethod({
    name: 'chat.postEphemeral',
    tier: 't4',
    scopes: chatWrite,
    refusals: [
      'user_not_in_channel',
      'channel_not_found',
      'not_in_channel',
      'is_archived',
      'no_text',
      'invalid_blocks',
      ...contentRefusals,
      ...threadRefusals,
    ],
    args: z
      .strictObject({ ...postArguments, user: text })
      .omit({ reply_broadcast: true, metadata: true, unfurl_links: true, unfurl_media: true, mrkdwn: true }),
    missing: missingText,
    run: (world, args) => {
      const channel = postableChannel(world, args.channel);
      const content = checkContent(world, args);
      if (!channel.members.includes(args.user)) refuse('user_not_in_channel');
      const thread = args.thread_ts === undefined ? undefined : threadHead(world, channel, args.thread_ts);
      // Taken, and shown to nobody: "Ephemeral messages in threads are only shown if there is already an active thread."
      if (thread !== undefined && world.messages.replies(channel.id, thread).length === 0)
        return { message_ts: world.messages.nextTs() };
      const message = storeMessage(world, {
        channel,
        user: world.app.bot_user_id,
        ...content,
        bot: true,
        ephemeral_to: args.user,
        thread_ts: thread,
      });
      return { message_ts: message.ts };
    },
  }),
  defineMethod({
    name: 'chat.update',
    tier: 't3',
    scopes: chatWrite,
    refusals: [
      'message_not_found',
      'cant_update_message',
      'channel_not_found',
      'is_archived',
      'streaming_state_conflict',
      'invalid_blocks',
      'no_text',
      ...contentRefusals,
      ...metadataRefusals,
    ],
    args: z.strictObject({
      channel: text,
      ts: timestamp,
      text: text.optional(),
      blocks: objects.optional(),
      attachments: objects.optional(),
      markdown_text: text.optional(),
      metadata: metadata.optional(),
      as_user: bool.optional(),
      link_names: bool.optional(),
      parse: z.enum(['full', 'none', 'client']).optional(),
      file_ids: list.optional(),
      reply_broadcast: bool.optional(),
    }),
    missing: missingText,
    run: async (world, args) => {
      const channel = knownChannel(world, args.channel);
      const message = ownMessage(world, channel.id, args.ts, 'cant_update_message');
      if (channel.archived) refuse('is_archived');
      if (message.streaming === true) refuse('streaming_state_conflict');
      const content = checkContent(world, args, false, args.blocks === undefined ? updateTextMax : undefined);
      const previous = structuredClone(message);
      message.text = content.text;
      // Text without blocks takes the blocks away (docs.slack.dev/reference/methods/chat.update).
      message.blocks = content.blocks;
      if (args.attachments !== undefined) message.attachments = content.attachments;
      if (content.metadata !== undefined) message.metadata = content.metadata;
      if (args.blocks === undefined)
        message.edited = { user: world.app.bot_user_id, ts: world.messages.nextTs() };
      void changeMessage(world, message, previous);
      return {
        channel: channel.id,
        ts: message.ts,
        text: message.text,
        message: toSlackMessage(world, message, true),
      };
    },
  }),
  defineMethod({
    name: 'chat.delete',
    tier: 't3',
    scopes: chatWrite,
    refusals: ['message_not_found', 'cant_delete_message', 'channel_not_found'],
    args: z.strictObject({ channel: text, ts: timestamp, as_user: bool.optional() }),
    missing: missingText,
    run: (world, args) => {
      const channel = knownChannel(world, args.channel);
      void deleteMessage(world, ownMessage(world, channel.id, args.ts, 'cant_delete_message'));
      return { channel: channel.id, ts: args.ts };
    },
  }),
  defineMethod({
    name: 'chat.getPermalink',
    tier: 'special',
    refusals: ['channel_not_found', 'message_not_found'],
    args: z.strictObject({ channel: text, message_ts: timestamp }),
    missing: missingText,
    run: (world, args) => {
      const channel = knownChannel(world, args.channel);
      const message = knownMessage(world, channel.id, args.message_ts);
      return { channel: channel.id, permalink: permalinkTo(world, message) };
    },
  }),
  defineMethod({
    name: 'chat.meMessage',
    tier: 't3',
    scopes: chatWrite,
    refusals: ['channel_not_found', 'not_in_channel', 'is_archived', 'no_text', 'msg_too_long'],
    args: z.strictObject({ channel: text, text }),
    missing: { ...missingText, text: 'no_text' },
    run: async (world, args) => {
      const channel = joinedChannel(world, args.channel);
      if (channel.archived) refuse('is_archived');
      const content = checkContent(world, { text: args.text });
      const { message } = await postMessage(world, {
        channel,
        user: world.app.bot_user_id,
        ...content,
        bot: true,
        subtype: 'me_message',
      });
      return { channel: channel.id, ts: message.ts };
    },
  }),
  defineMethod({
    name: 'chat.unfurl',
    tier: 't3',
    scopes: ['links:write'],
    refusals: [
      'cannot_unfurl_url',
      'cannot_find_message',
      'missing_unfurls',
      'channel_not_found',
      'invalid_blocks',
    ],
    args: z.strictObject({
      channel: text.optional(),
      ts: text.optional(),
      source: text.optional(),
      unfurl_id: text.optional(),
      unfurls: object.pipe(z.record(z.string(), z.record(z.string(), z.unknown()))).optional(),
      user_auth_message: text.optional(),
      user_auth_required: bool.optional(),
      user_auth_url: text.optional(),
      user_auth_blocks: objects.optional(),
    }),
    run: (world, args) => {
      if (args.unfurls === undefined) refuse('missing_unfurls');
      const [channelId = '', ts = ''] = unfurlTarget(args);
      const channel = knownChannel(world, channelId);
      const message = world.messages.get(channel.id, ts);
      if (message === undefined || !isMember(world, channel)) refuse('cannot_find_message');
      for (const [url, unfurl] of Object.entries(args.unfurls)) {
        if (!message.text.replaceAll('&amp;', '&').includes(url)) refuse('cannot_unfurl_url');
        if (Array.isArray(unfurl.blocks)) checkContent(world, { blocks: unfurl.blocks });
      }
      message.unfurls = { ...message.unfurls, ...args.unfurls };
      void changeMessage(world, message, null);
      return {};
    },
  }),
];

function unfurlTarget(args: {
  channel?: string | undefined;
  ts?: string | undefined;
  unfurl_id?: string | undefined;
}): string[] {
  if (args.unfurl_id === undefined) return [args.channel ?? '', args.ts ?? ''];
  const dot = args.unfurl_id.indexOf('.');
  return [args.unfurl_id.slice(0, dot), args.unfurl_id.slice(dot + 1)];
}

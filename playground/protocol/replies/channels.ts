import { z } from 'zod';
import { playMessage } from './messages.js';

/** Channels as one person sees them, and what is unread in them. One schema each, of which the type is made. */

export const playChannel = z.strictObject({
  id: z.string(),
  /** Without `#`; for a direct message the other person's handle. */
  name: z.string(),
  kind: z.enum(['public', 'private', 'im', 'mpim']),
  topic: z.string(),
  purpose: z.string(),
  archived: z.boolean(),
  general: z.boolean(),
  members: z.array(z.string()),
  /** Seconds since the epoch. */
  created: z.number(),
  creator: z.string(),
  /** `ts` of the newest message, absent for an empty channel. */
  latest: z.string().exactOptional(),
});
export type PlayChannel = z.infer<typeof playChannel>;

export const unread = z.strictObject({
  /** Messages after `last_read` that are not the person's own, thread replies left out. */
  count: z.number(),
  /** Of these: those that ping the person (`<@U>`, a user group of theirs, `<!channel>`), every one in a DM. */
  mentions: z.number(),
  last_read: z.string(),
});
export type Unread = z.infer<typeof unread>;

/** `GET /_play/channels?person=`: with `person`, those that the person may see, each with that person's unread state. */
export const channelsReply = z.strictObject({
  channels: z.array(
    playChannel.extend({
      unread: unread.exactOptional(),
    }),
  ),
});
export type ChannelsReply = z.infer<typeof channelsReply>;

/** `GET /_play/channel?channel=&person=`: one channel with what hangs on it. */
export const channelReply = z.strictObject({
  channel: playChannel,
  pins: z.array(
    z.strictObject({
      message: playMessage,
      pinned_by: z.string(),
      at: z.number(),
    }),
  ),
  bookmarks: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      link: z.string(),
      emoji: z.string(),
    }),
  ),
  /** "Steward is thinking...": per thread, absent when nothing is set. */
  statuses: z.array(
    z.strictObject({
      thread_ts: z.string(),
      status: z.string(),
      loading_messages: z.array(z.string()),
    }),
  ),
  prompts: z.array(
    z.strictObject({
      title: z.string(),
      message: z.string(),
    }),
  ),
  scheduled: z.array(
    z.strictObject({
      id: z.string(),
      post_at: z.number(),
      text: z.string(),
    }),
  ),
});
export type ChannelReply = z.infer<typeof channelReply>;

/** `GET /_play/unread?person=` and the reply of `read`. Thread heads the person takes part in are listed by `threads`. */
export const unreadReply = z.strictObject({
  unread: z.record(z.string(), unread),
});
export type UnreadReply = z.infer<typeof unreadReply>;

/** `POST /_play/channel` */
export const channelChangedReply = z.strictObject({
  ok: z.literal(true),
  channel: playChannel.exactOptional(),
});

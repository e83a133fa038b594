import { z } from 'zod';
import { jsonObject } from './json-object.js';

/** Messages with their reactions, files and whom they ping. One schema each, of which the type is made. */

export const playReaction = z.strictObject({
  name: z.string(),
  count: z.number(),
  users: z.array(z.string()),
});
export type PlayReaction = z.infer<typeof playReaction>;

export const playFile = z.strictObject({
  id: z.string(),
  name: z.string(),
  title: z.string(),
  mimetype: z.string(),
  size: z.number(),
  alt_txt: z.string(),
  /** Path on this server, to be completed with `&token=`: `/_play/file?id=F...`. */
  play_url: z.string(),
});
export type PlayFile = z.infer<typeof playFile>;

/** Who a message really notifies: live mrkdwn syntax is parsed as Slack does, wherever the text came from. */
export const playPings = z.strictObject({
  users: z.array(z.string()),
  usergroups: z.array(z.string()),
  /** `<!channel>`, `<!here>`, `<!everyone>`. */
  broadcast: z.array(z.enum(['channel', 'here', 'everyone'])),
});
export type PlayPings = z.infer<typeof playPings>;

export const playMessage = z.strictObject({
  channel: z.string(),
  ts: z.string(),
  thread_ts: z.string().exactOptional(),
  user: z.string(),
  /** Raw, in Slack's escaped form (`&amp; &lt; &gt;`, `<@U..>`): to be shown as text, never as HTML. */
  text: z.string(),
  blocks: z.array(jsonObject),
  attachments: z.array(jsonObject),
  /** Set: only this person sees it, and it is in no history. */
  ephemeral_to: z.string().exactOptional(),
  bot_id: z.string().exactOptional(),
  /** Name or icon chosen for one message (`chat:write.customize`). */
  username: z.string().exactOptional(),
  icon: z.string().exactOptional(),
  subtype: z.string().exactOptional(),
  edited: z
    .strictObject({
      user: z.string(),
      ts: z.string(),
    })
    .exactOptional(),
  reactions: z.array(playReaction),
  files: z.array(playFile),
  metadata: z
    .strictObject({
      event_type: z.string(),
      event_payload: jsonObject,
    })
    .exactOptional(),
  pings: playPings,
  pinned: z.boolean(),
  /** On the head of a thread. */
  reply_count: z.number().exactOptional(),
  reply_users: z.array(z.string()).exactOptional(),
  latest_reply: z.string().exactOptional(),
  /** A thread reply that also shows in the channel. */
  broadcast: z.boolean().exactOptional(),
  /** Being streamed: the text still grows (`message_changed` events follow). */
  streaming: z.boolean().exactOptional(),
  /** What a stream's task cards and plan said, in order of their ids. */
  chunks: z.array(jsonObject).exactOptional(),
  /** Unfurls by URL. */
  unfurls: jsonObject.exactOptional(),
});
export type PlayMessage = z.infer<typeof playMessage>;

/**
 * `GET /_play/messages?channel=&person=&thread=&roots=1&before=&after=&limit=`: oldest first, the newest `limit`
 * (200, at most 1000) of what matches; `before` / `after` (a ts) page.
 *  - `channel` alone: all of it, thread replies and everyone's ephemeral messages too.
 *  - `channel` and `person`: as that person sees it (refused with 403 where they may not look).
 *  - `person` alone: what is addressed to them: their direct messages with the app and their ephemeral messages anywhere.
 *  - `thread`: head and replies of one thread. `roots=1`: without replies (broadcast ones stay).
 */
export const messagesReply = z.strictObject({
  messages: z.array(playMessage),
  has_more: z.boolean(),
});
export type MessagesReply = z.infer<typeof messagesReply>;

export const uploadReply = z.strictObject({
  file: playFile,
});
export type UploadReply = z.infer<typeof uploadReply>;

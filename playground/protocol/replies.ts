import { z } from 'zod';

/** What the control API answers, and what its live stream shows: one schema each, of which the type is made. */

const jsonObject = z.record(z.string(), z.unknown());
export type JsonObject = z.infer<typeof jsonObject>;

export const playPerson = z.strictObject({
  id: z.string(),
  /** Handle as used after `@`, e.g. `maya`. */
  name: z.string(),
  real_name: z.string(),
  email: z.string(),
  title: z.string(),
  teams: z.array(z.string()),
  roles: z.array(z.string()),
  /** IANA zone; dates are shown in it. */
  tz: z.string(),
  is_bot: z.boolean(),
  /** Guests see only the channels they are in. */
  is_guest: z.boolean(),
  deleted: z.boolean(),
  status_text: z.string(),
  status_emoji: z.string(),
});
export type PlayPerson = z.infer<typeof playPerson>;

export const peopleReply = z.strictObject({
  /** People one can act as; the app's own bot user is in `info.app`. */
  people: z.array(playPerson),
});
export type PeopleReply = z.infer<typeof peopleReply>;

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

export const playView = z.strictObject({
  id: z.string(),
  type: z.enum(['modal', 'home']),
  callback_id: z.string(),
  external_id: z.string(),
  hash: z.string(),
  title: jsonObject.exactOptional(),
  submit: jsonObject.exactOptional(),
  close: jsonObject.exactOptional(),
  blocks: z.array(jsonObject),
  private_metadata: z.string(),
  state: z.strictObject({
    values: jsonObject,
  }),
  root_view_id: z.string(),
  previous_view_id: z.string().nullable(),
  notify_on_close: z.boolean(),
  clear_on_close: z.boolean(),
  /** By block_id, from the last refused submission; cleared by the next. */
  errors: z.record(z.string(), z.string()).exactOptional(),
});
export type PlayView = z.infer<typeof playView>;

/** `GET /_play/views?person=`: the modal stack, top last. One stack per person: two browsers see the same. */
export const viewsReply = z.strictObject({
  views: z.array(playView),
});
export type ViewsReply = z.infer<typeof viewsReply>;

/** `GET /_play/home?person=`: what was last published for that person, `null` before the first `home`. */
export const homeReply = z.strictObject({
  view: playView.nullable(),
});
export type HomeReply = z.infer<typeof homeReply>;

export const storyStep = z.strictObject({
  step: z.string(),
  title: z.string(),
  description: z.string(),
  done: z.boolean(),
});
export type StoryStep = z.infer<typeof storyStep>;

export const clockReply = z.strictObject({
  /** ISO 8601, UTC: the playground's moved clock. */
  now: z.string(),
  offsetMs: z.number(),
});
export type ClockReply = z.infer<typeof clockReply>;

/** `GET /_play/info` */
export const infoReply = z.strictObject({
  team: z.strictObject({
    id: z.string(),
    name: z.string(),
    domain: z.string(),
  }),
  app: z.strictObject({
    id: z.string(),
    name: z.string(),
    bot_user_id: z.string(),
    bot_id: z.string(),
  }),
  /** For slash completion. */
  commands: z.array(
    z.strictObject({
      command: z.string(),
      description: z.string(),
      usage_hint: z.string(),
    }),
  ),
  shortcuts: z.array(
    z.strictObject({
      name: z.string(),
      type: z.enum(['global', 'message']),
      callback_id: z.string(),
      description: z.string(),
    }),
  ),
  /** Manifest's `agent_view.suggested_prompts`. */
  prompts: z.array(
    z.strictObject({
      title: z.string(),
      message: z.string(),
    }),
  ),
  usergroups: z.array(
    z.strictObject({
      id: z.string(),
      handle: z.string(),
      name: z.string(),
      users: z.array(z.string()),
    }),
  ),
  transport: z.enum(['http', 'socket']),
  clock: clockReply,
  story: z.array(storyStep),
  /** What a newcomer may click first. */
  questions: z.array(
    z.strictObject({
      title: z.string(),
      as: z.string(),
      do: z.enum(['command', 'mention', 'message']),
      channel: z.string(),
      text: z.string(),
    }),
  ),
  /** Person acted as when the page opens. */
  start_as: z.string(),
});
export type InfoReply = z.infer<typeof infoReply>;

/** `ok: false` carries a sentence in `error`: what Slack's client would have refused or shown (time-out, no such button). */
export const actReply = z.strictObject({
  ok: z.boolean(),
  /** Milliseconds until the app acked; 0 when nothing had to be delivered. */
  ackMs: z.number(),
  /** What the app answered inside the ack, as it is shown. */
  reply: playMessage.exactOptional(),
  /** What the person themself posted. */
  posted: z
    .strictObject({
      channel: z.string(),
      ts: z.string(),
    })
    .exactOptional(),
  /** Top of the modal stack when the act ends (Home view for `home`). */
  view: playView.exactOptional(),
  /** Per block_id, for a refused submission. */
  errors: z.record(z.string(), z.string()).exactOptional(),
  error: z.string().exactOptional(),
  /** Slack's or the stand-in's word for it: `timeout`, `not_in_channel`, `no_such_action`, ... */
  code: z.string().exactOptional(),
});
export type ActReply = z.infer<typeof actReply>;

export const playOption = z.strictObject({
  text: jsonObject,
  value: z.string(),
  description: jsonObject.exactOptional(),
});
export type PlayOption = z.infer<typeof playOption>;

export const optionsReply = z.strictObject({
  ok: z.boolean(),
  options: z.array(playOption),
  option_groups: z.array(
    z.strictObject({
      label: jsonObject,
      options: z.array(playOption),
    }),
  ),
  ackMs: z.number(),
  error: z.string().exactOptional(),
});
export type OptionsReply = z.infer<typeof optionsReply>;

export const personReply = z.strictObject({
  ok: z.boolean(),
  person: playPerson,
});
export type PersonReply = z.infer<typeof personReply>;

/** `GET /_play/unread?person=` and the reply of `read`. Thread heads the person takes part in are listed by `threads`. */
export const unreadReply = z.strictObject({
  unread: z.record(z.string(), unread),
});
export type UnreadReply = z.infer<typeof unreadReply>;

export const uploadReply = z.strictObject({
  file: playFile,
});
export type UploadReply = z.infer<typeof uploadReply>;

export const faultReply = z.strictObject({
  ok: z.boolean(),
  active: z.array(
    z.strictObject({
      target: z.string(),
      kind: z.string(),
      method: z.string().exactOptional(),
      left: z.number(),
    }),
  ),
  error: z.string().exactOptional(),
});
export type FaultReply = z.infer<typeof faultReply>;

export const warehouseReply = z.strictObject({
  ok: z.boolean(),
  columns: z.array(z.string()).exactOptional(),
  rows: z.array(z.array(z.unknown())).exactOptional(),
  rowCount: z.number().exactOptional(),
  ms: z.number().exactOptional(),
  /** The server's own words, e.g. `permission denied for table payouts`. */
  error: z.string().exactOptional(),
});
export type WarehouseReply = z.infer<typeof warehouseReply>;

export const storyReply = z.strictObject({
  ok: z.boolean(),
  steps: z.array(storyStep),
  /** What the step did, one sentence. */
  text: z.string().exactOptional(),
  error: z.string().exactOptional(),
});
export type StoryReply = z.infer<typeof storyReply>;

/** One line of *Behind this*. `call` and `delivery` come from the stand-in, the others from Steward. */
export const behindEntry = z.strictObject({
  /** Unique; grows within one kind. */
  id: z.string(),
  /** ISO 8601 on the playground's clock. */
  at: z.string(),
  kind: z.enum(['call', 'delivery', 'audit', 'job', 'sql', 'probe', 'note']),
  title: z.string(),
  ok: z.boolean(),
  ms: z.number().exactOptional(),
  /** Request, reply, row, statement: shown as JSON or text. Tokens are left out. */
  detail: jsonObject,
});
export type BehindEntry = z.infer<typeof behindEntry>;

/** `GET /_play/behind?after=<id>&kind=&limit=`: oldest first, the newest `limit` (100, at most 500). */
export const behindReply = z.strictObject({
  entries: z.array(behindEntry),
});
export type BehindReply = z.infer<typeof behindReply>;

/** `GET /_play/stats`: deliveries and calls so far, refusals by error word, ack times: for tests from outside. */
export const statsReply = z.strictObject({
  deliveries: z.strictObject({
    total: z.number(),
    failed: z.number(),
    retried: z.number(),
    p50Ms: z.number(),
    p99Ms: z.number(),
  }),
  calls: z.strictObject({
    total: z.number(),
    byMethod: z.record(z.string(), z.number()),
    refused: z.record(z.string(), z.number()),
  }),
});
export type StatsReply = z.infer<typeof statsReply>;

/** Every refusal of the control API itself. */
export const playError = z.strictObject({
  ok: z.literal(false),
  error: z.string(),
  /** The same word for the same refusal. */
  code: z.string().exactOptional(),
  ackMs: z.number().exactOptional(),
});
export type PlayError = z.infer<typeof playError>;

/** `POST /_play/channel` */
export const channelChangedReply = z.strictObject({
  ok: z.literal(true),
  channel: playChannel.exactOptional(),
});

/** What each call answers when it does what it was asked to; a failure is `playError`. `file` answers bytes, `live` a stream. */
export const repliesByCall = {
  'GET info': infoReply,
  'GET people': peopleReply,
  'GET channels': channelsReply,
  'GET channel': channelReply,
  'GET messages': messagesReply,
  'GET views': viewsReply,
  'GET home': homeReply,
  'GET unread': unreadReply,
  'GET clock': clockReply,
  'GET fault': faultReply,
  'GET story': storyReply,
  'GET stats': statsReply,
  'GET behind': behindReply,
  'POST act': actReply,
  'POST options': optionsReply,
  'POST channel': channelChangedReply,
  'POST person': personReply,
  'POST read': unreadReply,
  'POST upload': uploadReply,
  'POST clock': clockReply,
  'POST fault': faultReply,
  'POST warehouse': warehouseReply,
  'POST story': storyReply,
} satisfies Record<string, z.ZodType>;
export type Call = keyof typeof repliesByCall;

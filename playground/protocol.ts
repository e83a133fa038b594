/**
 * The control API of the playground: every request and reply under `/_play/`, and the events of the live stream.
 * The page uses nothing else. Every call needs the token of the printed URL (`?token=` or `Authorization: Bearer`),
 * comes from loopback, and is refused for a foreign Host or Origin. A failure is `{ok: false, error}` with a
 * sentence, on 4xx or 5xx. `as`, `person` and `channel` take ids, names or e-mail addresses (`maya`,
 * `maya@example.com`, `U0MAYA`, `#data-questions`, `data-questions`, `C0...`; `dm` is the person's direct
 * message with the app).
 */
import { z } from 'zod';

/** An id, a name with or without `#`/`@`, or an e-mail address. */
const ref = z.string().min(1).max(200);

// ---------------------------------------------------------------------------------------------- what is shown

export type JsonObject = { [key: string]: unknown };

export interface PlayPerson {
  id: string;
  /** Handle as used after `@`, e.g. `maya`. */
  name: string;
  real_name: string;
  email: string;
  title: string;
  teams: string[];
  roles: string[];
  /** IANA zone; dates are shown in it. */
  tz: string;
  is_bot: boolean;
  /** Guests see only the channels they are in. */
  is_guest: boolean;
  deleted: boolean;
  status_text: string;
  status_emoji: string;
}
export interface PeopleReply {
  /** People one can act as; the app's own bot user is in `info.app`. */
  people: PlayPerson[];
}

export interface PlayChannel {
  id: string;
  /** Without `#`; for a direct message the other person's handle. */
  name: string;
  kind: 'public' | 'private' | 'im' | 'mpim';
  topic: string;
  purpose: string;
  archived: boolean;
  general: boolean;
  members: string[];
  /** Seconds since the epoch. */
  created: number;
  creator: string;
  /** `ts` of the newest message, absent for an empty channel. */
  latest?: string;
}
/** `GET /_play/channels?person=`: with `person`, those that the person may see, each with that person's unread state. */
export interface ChannelsReply {
  channels: (PlayChannel & { unread?: Unread })[];
}
export interface Unread {
  /** Messages after `last_read` that are not the person's own, thread replies left out. */
  count: number;
  /** Of these: those that ping the person (`<@U>`, a user group of theirs, `<!channel>`), every one in a DM. */
  mentions: number;
  last_read: string;
}

/** `GET /_play/channel?channel=&person=`: one channel with what hangs on it. */
export interface ChannelReply {
  channel: PlayChannel;
  pins: { message: PlayMessage; pinned_by: string; at: number }[];
  bookmarks: { id: string; title: string; link: string; emoji: string }[];
  /** "Steward is thinking...": per thread, absent when nothing is set. */
  statuses: { thread_ts: string; status: string; loading_messages: string[] }[];
  prompts: { title: string; message: string }[];
  scheduled: { id: string; post_at: number; text: string }[];
}

export interface PlayReaction {
  name: string;
  count: number;
  users: string[];
}
export interface PlayFile {
  id: string;
  name: string;
  title: string;
  mimetype: string;
  size: number;
  alt_txt: string;
  /** Path on this server, to be completed with `&token=`: `/_play/file?id=F...`. */
  play_url: string;
}
/** Who a message really notifies: live mrkdwn syntax is parsed as Slack does, wherever the text came from. */
export interface PlayPings {
  users: string[];
  usergroups: string[];
  /** `<!channel>`, `<!here>`, `<!everyone>`. */
  broadcast: ('channel' | 'here' | 'everyone')[];
}
export interface PlayMessage {
  channel: string;
  ts: string;
  thread_ts?: string;
  user: string;
  /** Raw, in Slack's escaped form (`&amp; &lt; &gt;`, `<@U..>`): to be shown as text, never as HTML. */
  text: string;
  blocks: JsonObject[];
  attachments: JsonObject[];
  /** Set: only this person sees it, and it is in no history. */
  ephemeral_to?: string;
  bot_id?: string;
  /** Name or icon chosen for one message (`chat:write.customize`). */
  username?: string;
  icon?: string;
  subtype?: string;
  edited?: { user: string; ts: string };
  reactions: PlayReaction[];
  files: PlayFile[];
  metadata?: { event_type: string; event_payload: JsonObject };
  pings: PlayPings;
  pinned: boolean;
  /** On the head of a thread. */
  reply_count?: number;
  reply_users?: string[];
  latest_reply?: string;
  /** A thread reply that also shows in the channel. */
  broadcast?: boolean;
  /** Being streamed: the text still grows (`message_changed` events follow). */
  streaming?: boolean;
  /** What a stream's task cards and plan said, in order of their ids. */
  chunks?: JsonObject[];
  /** Unfurls by URL. */
  unfurls?: JsonObject;
}
/**
 * `GET /_play/messages?channel=&person=&thread=&roots=1&before=&after=&limit=`: oldest first, the newest `limit`
 * (200, at most 1000) of what matches; `before` / `after` (a ts) page.
 *  - `channel` alone: all of it, thread replies and everyone's ephemeral messages too.
 *  - `channel` and `person`: as that person sees it (refused with 403 where they may not look).
 *  - `person` alone: what is addressed to them: their direct messages with the app and their ephemeral messages anywhere.
 *  - `thread`: head and replies of one thread. `roots=1`: without replies (broadcast ones stay).
 */
export interface MessagesReply {
  messages: PlayMessage[];
  has_more: boolean;
}

export interface PlayView {
  id: string;
  type: 'modal' | 'home';
  callback_id: string;
  external_id: string;
  hash: string;
  title?: JsonObject;
  submit?: JsonObject;
  close?: JsonObject;
  blocks: JsonObject[];
  private_metadata: string;
  state: { values: JsonObject };
  root_view_id: string;
  previous_view_id: string | null;
  notify_on_close: boolean;
  clear_on_close: boolean;
  /** By block_id, from the last refused submission; cleared by the next. */
  errors?: { [blockId: string]: string };
}
/** `GET /_play/views?person=`: the modal stack, top last. One stack per person: two browsers see the same. */
export interface ViewsReply {
  views: PlayView[];
}
/** `GET /_play/home?person=`: what was last published for that person, `null` before the first `home`. */
export interface HomeReply {
  view: PlayView | null;
}

/** `GET /_play/info` */
export interface InfoReply {
  team: { id: string; name: string; domain: string };
  app: { id: string; name: string; bot_user_id: string; bot_id: string };
  /** For slash completion. */
  commands: { command: string; description: string; usage_hint: string }[];
  shortcuts: { name: string; type: 'global' | 'message'; callback_id: string; description: string }[];
  /** Manifest's `agent_view.suggested_prompts`. */
  prompts: { title: string; message: string }[];
  usergroups: { id: string; handle: string; name: string; users: string[] }[];
  transport: 'http' | 'socket';
  clock: ClockReply;
  story: StoryStep[];
  /** What a newcomer may click first. */
  questions: {
    title: string;
    as: string;
    do: 'command' | 'mention' | 'message';
    channel: string;
    text: string;
  }[];
  /** Person acted as when the page opens. */
  start_as: string;
}
export interface StoryStep {
  step: string;
  title: string;
  description: string;
  done: boolean;
}

// ------------------------------------------------------------------------------------------------------- acting

const scalar = z.union([z.string(), z.number(), z.null()]);
/**
 * The value of one element: option value (select, radio, overflow), list of them (checkboxes, multi-selects),
 * `YYYY-MM-DD`, `HH:MM`, seconds since the epoch (datetimepicker), user or channel reference, text; `null` empties.
 * A rich_text_input takes text or a rich_text block (`{type: "rich_text", ...}`); feedback_buttons take the button's value.
 */
const elementValue = z.union([scalar, z.array(z.string()), z.looseObject({ type: z.literal('rich_text') })]);
/** By `action_id`, by the `block_id` of a block with one input, or by `block_id` then `action_id`. */
const elementValues = z.record(z.string(), z.union([elementValue, z.record(z.string(), elementValue)]));

/**
 * `POST /_play/act`
 *  - `command`: `text` is the whole line, `/metric mrr`. `channel` default: the DM. Never in a thread, as in Slack.
 *  - `mention`: `text` with or without `@steward`, posted in `channel` (and `thread`).
 *  - `message`: `text` in `channel`, `thread`; default the DM with the app. `files`: ids of earlier `upload`s.
 *  - `click`: `action_id` (or `block_id`; `value` tells apart buttons of one action_id; an overflow entry may be named by its value up to
 *    `|`) in `message` (a ts; default the newest message, in `channel` or anywhere, that has it) or, when
 *    the person has a modal open and no message is given, in the top modal, else in the Home view (`view: "home"` forces it).
 *    `value` for everything that is not a button. `values`: what stands in the other inputs.
 *  - `submit`: the top modal with `values`; the rest keeps what it shows. Required inputs are checked as Slack's client does.
 *  - `close`: the top modal by its X or Cancel (`all: true`: the whole stack).
 *  - `react`: `value` is the emoji's name on `message`; `remove: true` takes it away.
 *  - `shortcut`: `callback_id` (or `action_id`); a message shortcut needs `message` and `channel`.
 *  - `home`: opens the app's Home tab (`tab: "messages"`: its Messages tab).
 *  - beyond the fixed set: `join`, `leave` (`channel`), `invite` (`channel`, `value` a person), `edit`, `delete` (own `message`),
 *    `stop` (the stop button of a working agent, `channel` and `thread`), `open` (marks nothing, makes the DM with `value` and answers its channel), `status` (`value`: status text, `:emoji: text`).
 */
export const actRequest = z.strictObject({
  as: ref,
  do: z.enum([
    'command',
    'mention',
    'message',
    'click',
    'submit',
    'close',
    'react',
    'shortcut',
    'home',
    'join',
    'leave',
    'invite',
    'edit',
    'delete',
    'open',
    'status',
    'stop',
  ]),
  channel: ref.optional(),
  thread: z.string().optional(),
  text: z.string().max(40_000).optional(),
  message: z.string().optional(),
  block_id: z.string().optional(),
  action_id: z.string().optional(),
  callback_id: z.string().optional(),
  value: elementValue.optional(),
  values: elementValues.optional(),
  view: z.string().optional(),
  tab: z.enum(['home', 'messages']).optional(),
  remove: z.boolean().optional(),
  all: z.boolean().optional(),
  files: z.array(z.string()).optional(),
});
export type ActRequest = z.input<typeof actRequest>;
/** `ok: false` carries a sentence in `error`: what Slack's client would have refused or shown (time-out, no such button). */
export interface ActReply {
  ok: boolean;
  /** Milliseconds until the app acked; 0 when nothing had to be delivered. */
  ackMs: number;
  /** What the app answered inside the ack, as it is shown. */
  reply?: PlayMessage;
  /** What the person themself posted. */
  posted?: { channel: string; ts: string };
  /** Top of the modal stack when the act ends (Home view for `home`). */
  view?: PlayView;
  /** Per block_id, for a refused submission. */
  errors?: { [blockId: string]: string };
  error?: string;
  /** Slack's or the stand-in's word for it: `timeout`, `not_in_channel`, `no_such_action`, ... */
  code?: string;
}

/** `POST /_play/options`: a person types in an external select; the app is asked (`block_suggestion`). */
export const optionsRequest = z.strictObject({
  as: ref,
  action_id: z.string(),
  block_id: z.string().optional(),
  value: z.string().max(3000),
  channel: ref.optional(),
  message: z.string().optional(),
  view: z.string().optional(),
});
export type OptionsRequest = z.input<typeof optionsRequest>;
export interface PlayOption {
  text: JsonObject;
  value: string;
  description?: JsonObject;
}
export interface OptionsReply {
  ok: boolean;
  options: PlayOption[];
  option_groups: { label: JsonObject; options: PlayOption[] }[];
  ackMs: number;
  error?: string;
}

/**
 * `POST /_play/channel`: what people do with channels by hand. `create` takes `name` and `private`; the others `channel`. `delete` removes it
 * with its messages, under the app's feet too.
 */
export const channelRequest = z.strictObject({
  as: ref,
  do: z.enum(['create', 'archive', 'unarchive', 'rename', 'delete']),
  channel: ref.optional(),
  name: z.string().optional(),
  private: z.boolean().optional(),
});
export type ChannelRequest = z.input<typeof channelRequest>;

/** `POST /_play/person`: someone joins, leaves (`deleted`), becomes a guest. An unknown `name` is a newcomer. */
export const personRequest = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(80)
    .regex(/^[a-z0-9][a-z0-9._-]*$/, 'lower-case letters, digits, dots, hyphens'),
  real_name: z.string().max(80).optional(),
  email: z.string().max(200).optional(),
  title: z.string().max(200).optional(),
  deleted: z.boolean().optional(),
  is_guest: z.boolean().optional(),
});
export type PersonRequest = z.input<typeof personRequest>;
export interface PersonReply {
  ok: boolean;
  person: PlayPerson;
}

/** `POST /_play/read`: marks a channel read up to a ts (default: its newest). */
export const readRequest = z.strictObject({ as: ref, channel: ref, ts: z.string().optional() });
export type ReadRequest = z.input<typeof readRequest>;
/** `GET /_play/unread?person=` and the reply of `read`. Thread heads the person takes part in are listed by `threads`. */
export interface UnreadReply {
  unread: { [channelId: string]: Unread };
}

/** `POST /_play/upload`: a file of a person's, base64; share it by `act` `message` with `files`. `GET /_play/file?id=` gives bytes. */
export const uploadRequest = z.strictObject({
  as: ref,
  name: z.string().min(1).max(255),
  mimetype: z.string().max(100).optional(),
  base64: z.string().max(14_000_000),
});
export type UploadRequest = z.input<typeof uploadRequest>;
export interface UploadReply {
  file: PlayFile;
}

// ------------------------------------------------------------------------------------ the world behind the scene

/** `POST /_play/clock`: digits with `s`, `m`, `h`, `d` or `w`, also joined: `36h`, `1d12h`. Forward only. `GET` reads it. */
export const clockRequest = z.strictObject({ advance: z.string().regex(/^(\d+(\.\d+)?(ms|s|m|h|d|w))+$/) });
export type ClockRequest = z.input<typeof clockRequest>;
export interface ClockReply {
  /** ISO 8601, UTC: the playground's moved clock. */
  now: string;
  offsetMs: number;
}

/**
 * `POST /_play/fault`. Targets of the stand-in itself: `slack` (kinds: `rate_limited`, `http_500`, `timeout`, `lost_answer`, `reset`, or any
 * error word of Slack's such as `channel_not_found`; `method` narrows it) and `delivery` (kinds: `duplicate`, `drop_connection`,
 * `bad_signature`, `stale`, `future`, `late`: answered after Slack gave up). Others belong to the demo (`warehouse`, `queue`, ...).
 * `count` default 1; kind `clear` ends all of a target. `GET /_play/fault` lists.
 */
export const faultRequest = z.strictObject({
  target: z.string().min(1),
  kind: z.string().min(1),
  count: z.number().int().min(1).max(100_000).optional(),
  method: z.string().optional(),
});
export type FaultRequest = z.input<typeof faultRequest>;
export interface FaultReply {
  ok: boolean;
  active: { target: string; kind: string; method?: string; left: number }[];
  error?: string;
}

/** `POST /_play/warehouse`: one statement as that person's own login. */
export const warehouseRequest = z.strictObject({ as: ref, sql: z.string().min(1).max(20_000) });
export type WarehouseRequest = z.input<typeof warehouseRequest>;
export interface WarehouseReply {
  ok: boolean;
  columns?: string[];
  rows?: unknown[][];
  rowCount?: number;
  ms?: number;
  /** The server's own words, e.g. `permission denied for table payouts`. */
  error?: string;
}

/** `POST /_play/story`; `GET /_play/story` lists the steps. */
export const storyRequest = z.strictObject({ step: z.string().min(1).max(100) });
export type StoryRequest = z.input<typeof storyRequest>;
export interface StoryReply {
  ok: boolean;
  steps: StoryStep[];
  /** What the step did, one sentence. */
  text?: string;
  error?: string;
}

/** One line of *Behind this*. `call` and `delivery` come from the stand-in, the others from Steward. */
export interface BehindEntry {
  /** Unique; grows within one kind. */
  id: string;
  /** ISO 8601 on the playground's clock. */
  at: string;
  kind: 'call' | 'delivery' | 'audit' | 'job' | 'sql' | 'probe' | 'note';
  title: string;
  ok: boolean;
  ms?: number;
  /** Request, reply, row, statement: shown as JSON or text. Tokens are left out. */
  detail: JsonObject;
}
/** `GET /_play/behind?after=<id>&kind=&limit=`: oldest first, the newest `limit` (100, at most 500). */
export interface BehindReply {
  entries: BehindEntry[];
}

/** `GET /_play/stats`: deliveries and calls so far, refusals by error word, ack times: for tests from outside. */
export interface StatsReply {
  deliveries: { total: number; failed: number; retried: number; p50Ms: number; p99Ms: number };
  calls: { total: number; byMethod: { [method: string]: number }; refused: { [error: string]: number } };
}

// ------------------------------------------------------------------------------------------------- live stream

/**
 * `GET /_play/live?token=&person=`: an EventSource. Each event's name is `type`, its `data` is this object as JSON, its id grows. After a
 * break the browser sends Last-Event-ID and gets what it missed, or `reset`: read everything again. With `person`, only what
 * that person may see; changing the person means a new EventSource.
 */
export type LiveEvent =
  | { type: 'hello'; now: string; offsetMs: number }
  | { type: 'reset' }
  | { type: 'message'; message: PlayMessage }
  | { type: 'message_changed'; message: PlayMessage }
  | { type: 'message_deleted'; channel: string; ts: string; thread_ts?: string }
  | { type: 'channel'; channel: PlayChannel }
  | { type: 'person'; person: PlayPerson }
  | { type: 'unread'; person: string; channel: string; unread: Unread }
  | { type: 'views'; person: string; views: PlayView[] }
  | { type: 'home'; person: string; view: PlayView }
  | { type: 'status'; channel: string; thread_ts: string; status: string; loading_messages: string[] }
  | { type: 'prompts'; channel: string; prompts: { title: string; message: string }[] }
  | { type: 'clock'; now: string; offsetMs: number }
  | { type: 'story'; steps: StoryStep[] }
  | { type: 'behind'; entry: BehindEntry };

/** Every refusal of the control API itself. */
export interface PlayError {
  ok: false;
  error: string;
}

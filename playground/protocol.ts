/**
 * The control API of the playground: every request under `/_play/`, and the events of the live stream; what is answered is in
 * `protocol/replies.ts`.
 * The page uses nothing else. Every call needs the token of the printed URL (`?token=` or `Authorization: Bearer`),
 * comes from loopback, and is refused for a foreign Host or Origin. A failure is `{ok: false, error}` with a
 * sentence, on 4xx or 5xx. `as`, `person` and `channel` take ids, names or e-mail addresses (`maya`,
 * `maya@example.com`, `U0MAYA`, `#data-questions`, `data-questions`, `C0...`; `dm` is the person's direct
 * message with the app).
 */
import { z } from 'zod';
import type { BehindEntry } from './protocol/replies/behind.js';
import type { PlayChannel, Unread } from './protocol/replies/channels.js';
import type { PlayMessage } from './protocol/replies/messages.js';
import type { PlayPerson } from './protocol/replies/people.js';
import type { PlayView } from './protocol/replies/views.js';
import type { StoryStep } from './protocol/replies/world.js';

/** An id, a name with or without `#`/`@`, or an e-mail address. */
const ref = z.string().min(1).max(200);

export type { ActReply, OptionsReply, PlayOption } from './protocol/replies/acts.js';
export type { BehindEntry, BehindReply } from './protocol/replies/behind.js';
export type {
  ChannelReply,
  ChannelsReply,
  PlayChannel,
  Unread,
  UnreadReply,
} from './protocol/replies/channels.js';
export type { JsonObject } from './protocol/replies/json-object.js';
export type {
  MessagesReply,
  PlayFile,
  PlayMessage,
  PlayPings,
  PlayReaction,
  UploadReply,
} from './protocol/replies/messages.js';
export type { PeopleReply, PersonReply, PlayPerson } from './protocol/replies/people.js';
export type { HomeReply, PlayView, ViewsReply } from './protocol/replies/views.js';
export type {
  ClockReply,
  FaultReply,
  InfoReply,
  PlayError,
  StatsReply,
  StoryReply,
  StoryStep,
  WarehouseReply,
} from './protocol/replies/world.js';

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
 *    `stop` (the stop button of a working agent, `channel` and `thread`), `retitle` (another title, `text`, for the agent's session in `thread`),
 *    `look` (at `channel`, or `message` in it, with the app open beside: apps with agent_view are told), `open` (marks nothing, makes the DM with `value` and answers its channel), `status` (`value`: status text, `:emoji: text`).
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
    'retitle',
    'look',
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

/** `POST /_play/read`: marks a channel read up to a ts (default: its newest). */
export const readRequest = z.strictObject({ as: ref, channel: ref, ts: z.string().optional() });
export type ReadRequest = z.input<typeof readRequest>;

/** `POST /_play/upload`: a file of a person's, base64; share it by `act` `message` with `files`. `GET /_play/file?id=` gives bytes. */
export const uploadRequest = z.strictObject({
  as: ref,
  name: z.string().min(1).max(255),
  mimetype: z.string().max(100).optional(),
  base64: z.string().max(14_000_000),
});
export type UploadRequest = z.input<typeof uploadRequest>;

// ------------------------------------------------------------------------------------ the world behind the scene

/** `POST /_play/clock`: digits with `s`, `m`, `h`, `d` or `w`, also joined: `36h`, `1d12h`. Forward only. `GET` reads it. */
export const clockRequest = z.strictObject({ advance: z.string().regex(/^(\d+(\.\d+)?(ms|s|m|h|d|w))+$/) });
export type ClockRequest = z.input<typeof clockRequest>;

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

/** `POST /_play/warehouse`: one statement as that person's own login. */
export const warehouseRequest = z.strictObject({ as: ref, sql: z.string().min(1).max(20_000) });
export type WarehouseRequest = z.input<typeof warehouseRequest>;

/** `POST /_play/story`; `GET /_play/story` lists the steps. */
export const storyRequest = z.strictObject({ step: z.string().min(1).max(100) });
export type StoryRequest = z.input<typeof storyRequest>;

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

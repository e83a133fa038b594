import type { KnownBlock, ModalView } from '@slack/types';
import type { Actor } from '../audit/record.js';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';

/**
 * The contract between the Slack edge and everything registered on it. A command or handler parses, calls one domain
 * function and renders; identity, refusal of strangers, storing, acking, timeouts and sending are the edge's.
 */

/** `read`: computed before the ack, must not write. `act`: stored in the inbox, acked, worked, survives a crash. */
export type Mode = 'read' | 'act';

export interface ChannelRef {
  id: string;
  /** Direct message, private channel, public channel. */
  kind: 'im' | 'private' | 'public';
}

/** Who asks, from where. The same for slash command, mention, direct message, button, modal, shortcut and CLI. */
export interface Caller {
  person: Person;
  actor: Actor;
  surface: 'command' | 'mention' | 'message' | 'button' | 'modal' | 'shortcut' | 'home' | 'cli';
  channel: ChannelRef | null;
  /** Thread the words stand in, if any. */
  threadTs: string | null;
  /** The message the words (or the button) are in. */
  messageTs: string | null;
  /** Domain time when the delivery arrived. */
  now: Date;
  /** Stable across redelivery and restart: the idempotency key of whatever this delivery causes. */
  deliveryKey: string;
  /** Only in the agent view. */
  progress?: Progress;
}

/** Where an answer takes a moment: says what is being done, and hears that nobody wants it any more. */
export interface Progress {
  step: (title: string) => Promise<void>;
  stop: AbortSignal;
}

export interface Reply {
  /** Says it all: screen readers read only this. */
  text: string;
  blocks?: KnownBlock[];
  /** Where the text is told bit by bit and stands above them: what the blocks add to it. */
  streamBlocks?: KnownBlock[];
  /** `asker`: seen by the asker alone. `place`: in the thread of a mention; in slash commands still the asker alone. */
  visibility: 'asker' | 'place';
  /** Adds "Share here" to a private reply. */
  shareable?: boolean;
  /** Opens a form: with a trigger at once, else behind one button ("Open the form"). */
  modal?: ModalSpec;
}

/** A form by name and parameters, so that it can be opened now or behind a button that carries ids only. */
export interface ModalSpec {
  callbackId: string;
  params: Record<string, string>;
}

export interface Verb {
  /** `why`, `declare`, `request` … */
  name: string;
  /** `why <name> [since]` */
  usage: string;
  summary: string;
  mode: Mode;
  /** Whether the words after the verb are its argument; when this says no, the whole is a question. Default: any. */
  accepts?: (rest: string, services: Services) => boolean;
  /** Who is mentioned in its words is whom it is about, and is told by Slack's id; elsewhere a mention is read as the name. */
  aboutPeople?: true;
  run: (services: Services, caller: Caller, rest: string) => Promise<Reply>;
}

/** One per slash command, in commands/<name>.ts. */
export interface CommandModule {
  name: 'metric' | 'incident' | 'access' | 'backfill' | 'steward';
  summary: string;
  usageHint: string;
  /** Its words may name people: Slack hands over who was meant, not only what was typed. */
  namesPeople?: boolean;
  verbs: readonly Verb[];
  /** What the words mean when no verb fits. */
  otherwise?: Omit<Verb, 'name' | 'usage' | 'summary'> & {
    /** What help says of it, before the verbs. */
    help?: readonly { usage: string; summary: string }[];
  };
  /** Natural phrasings in mentions and messages that mean a verb of this command ("I need access to orders"). */
  phrases?: readonly { pattern: RegExp; verb: string }[];
}

/** One of Slack's ways to answer an interaction. Several may be given. */
export interface HandlerResult {
  modal?: { how: 'open' | 'push' | 'update'; view: ModalView };
  reply?: Reply;
  /** Replaces the ephemeral or response_url message the button was on. */
  replace?: { text: string; blocks: KnownBlock[] };
  /** Deletes the ephemeral message the button was on. */
  dismiss?: boolean;
}

export interface ButtonPress {
  caller: Caller;
  actionId: string;
  /** Button value, selected option or typed text. Ids only. */
  value: string;
  /** Inputs of the message or view, by block_id and action_id as Slack sends them. */
  state: ViewState;
  /** Set when the element is inside a view. */
  view: { id: string; hash: string; callbackId: string; privateMetadata: string } | null;
}

export type ViewState = Record<string, Record<string, ViewStateValue>>;
export interface ViewStateValue {
  type: string;
  value?: string | null;
  selected_option?: { value: string } | null;
  selected_options?: { value: string }[];
  selected_date?: string | null;
  selected_time?: string | null;
  selected_date_time?: number | null;
  selected_user?: string | null;
  selected_users?: string[];
  selected_conversation?: string | null;
  selected_channel?: string | null;
  rich_text_value?: unknown;
}

/** A button, select or overflow. In handlers/actions/<family>.ts. */
export interface ActionHandler {
  /** Exact, or a family ending in `:*` (`access:*` gets `access:approve`). Stable, listed in docs/contract. */
  actionId: string;
  mode: Mode;
  run: (services: Services, press: ButtonPress) => Promise<HandlerResult>;
}

export interface Submission {
  caller: Caller;
  callbackId: string;
  viewId: string;
  privateMetadata: string;
  state: ViewState;
}

/** A modal: how it is built, checked and submitted. In handlers/views/<name>.ts. */
export interface ViewHandler {
  callbackId: string;
  /** Builds the form. Read only. */
  build: (services: Services, caller: Caller, params: Record<string, string>) => Promise<ModalView>;
  /** Before the ack, read only: errors by block_id, or null. */
  validate: (services: Services, submission: Submission) => Promise<Record<string, string> | null>;
  /** After the ack, in a worker: one domain call. What it replies goes to the person. */
  submit: (services: Services, submission: Submission) => Promise<HandlerResult>;
}

export interface OptionItem {
  text: string;
  description?: string;
  value: string;
}

/** Options of an external select. In handlers/options/<name>.ts. Fast at 10,000 datasets. */
export interface OptionsHandler {
  actionId: string;
  run: (services: Services, caller: Caller, query: string) => Promise<OptionItem[]>;
}

/** A global or message shortcut. In handlers/shortcuts/<name>.ts. Opens a form. */
export interface ShortcutHandler {
  callbackId: string;
  type: 'global' | 'message';
  /** At most 24 characters, starts with a verb. */
  name: string;
  description: string;
  run: (
    services: Services,
    caller: Caller,
    message: { channelId: string; ts: string; text: string; userId: string | null; files: string[] } | null,
  ) => Promise<ModalSpec>;
}

/** Someone added or removed a reaction, or edited or deleted a message that matters. In handlers/events/<name>.ts. */
export interface EventHandler {
  /** Slack's event type: `reaction_added`, `member_joined_channel`, `link_shared`, `channel_archive` … */
  event: string;
  /** Bot scopes this needs, and what stops without them. */
  run: (
    services: Services,
    event: Record<string, unknown>,
    context: { now: Date; deliveryKey: string },
  ) => Promise<void>;
}

/** What a section of App Home shows for this person. In src/slack/home/<name>.ts. */
export interface HomeSection {
  name: string;
  /** Lower first. */
  order: number;
  render: (services: Services, person: Person, now: Date) => Promise<KnownBlock[]>;
}

import type { PlayClock } from './clock.js';
import type { PlayManifest } from './manifest.js';
import type { BehindEntry, InfoReply, StoryStep, WarehouseReply } from './protocol.js';
import type { PlayStorage } from './state/storage.js';

/** Narrow logger: what pino offers and what the playground uses. */
export interface PlayLog {
  debug(detail: object, message: string): void;
  info(detail: object, message: string): void;
  warn(detail: object, message: string): void;
}

/** A person of the company, as given. Ids and the rest are made from the name where absent. */
export interface PersonInput {
  id?: string;
  /** Handle: lower-case letters, digits, dots, hyphens. */
  name: string;
  realName?: string;
  email?: string;
  title?: string;
  teams?: string[];
  roles?: string[];
  /** IANA zone, default `Etc/UTC`. */
  tz?: string;
  guest?: boolean;
  bot?: boolean;
  deleted?: boolean;
  /** Member of another workspace (Slack Connect): that team's id. */
  foreignTeamId?: string;
  statusText?: string;
  statusEmoji?: string;
}
export interface ChannelInput {
  id?: string;
  name: string;
  private?: boolean;
  /** Handles or ids; `steward` or the bot's handle for the app. Absent: everyone who is no guest, and the app. */
  members?: string[];
  topic?: string;
  purpose?: string;
}
/** User groups: `@data-platform`. */
export interface UsergroupInput {
  id?: string;
  handle: string;
  name?: string;
  members: string[];
}

/** What a person said before the first start, `minutesAgo` then; it is delivered to nobody. */
export interface SpokenInput {
  person: string;
  channel: string;
  minutesAgo: number;
  /** As typed: handles, channels and links become live. */
  text: string;
  replies?: { person: string; minutesAgo: number; text: string }[];
  reactions?: { name: string; people: string[] }[];
}

/** Where an app listens. `http`: signed POSTs to `url`. `socket`: whoever opens a connection with the app token. */
export type DeliveryInput = { mode: 'http'; url: string; signingSecret: string } | { mode: 'socket' };

/** What lies outside a Slack: the demo gives these; without one, the call that needs it says so. */
export interface PlayHooks {
  story?: { steps(): Promise<StoryStep[]>; run(step: string): Promise<string> };
  warehouse?(query: {
    as: { id: string; name: string; email: string };
    sql: string;
  }): Promise<WarehouseReply>;
  /** Targets other than `slack` and `delivery`. Answers what is active. Throws with a sentence for an unknown one. */
  fault?(fault: {
    target: string;
    kind: string;
    count: number;
  }): Promise<{ target: string; kind: string; left: number }[]>;
  /** What of those is in force. */
  faults?(): Promise<{ target: string; kind: string; left: number }[]>;
  /** After the playground's clock moved. */
  clockAdvanced?(clock: { byMs: number; now: Date; offsetMs: number }): Promise<void>;
  /** Entries newer than `since` (ISO time), oldest first: audit rows, jobs, SQL, probes. */
  behind?(query: { since: string; limit: number }): Promise<BehindEntry[]>;
  questions?: InfoReply['questions'];
  startAs?: string;
}

export interface PlaygroundOptions {
  /** 0 takes a free one; default 0. */
  port?: number;
  /** Loopback only: `127.0.0.1` (default), `::1` or `localhost`. */
  host?: string;
  team: { id?: string; name: string; domain?: string };
  manifest: PlayManifest;
  people: PersonInput[];
  teams?: UsergroupInput[];
  channels: ChannelInput[];
  /** Conversation that is there when the playground is first started. */
  history?: readonly SpokenInput[];
  delivery: DeliveryInput;
  clock?: PlayClock;
  storage?: PlayStorage;
  hooks?: PlayHooks;
  /** Token of the page and the control API; default random. */
  token?: string;
  /** Tokens of the app; defaults random, kept in the storage. */
  botToken?: string;
  appToken?: string;
  /** Optional scopes of the manifest (`bot_optional`) are granted unless false. */
  grantOptionalScopes?: boolean;
  /** Folder with the built page; absent: the address says that there is none. */
  pageDir?: string;
  log?: PlayLog;
}

import type {
  BehindEntry,
  ClockReply,
  InfoReply,
  PlayChannel,
  PlayMessage,
  PlayPerson,
  PlayView,
  StoryStep,
  Unread,
} from '../../../protocol.js';

export type ShownChannel = PlayChannel & { unread?: Unread };

export interface MessageList {
  items: readonly PlayMessage[];
  hasMore: boolean;
  /** The first page is there. */
  loaded: boolean;
  loadingOlder: boolean;
  /** Shown still, but to be replaced by what the server now says. */
  stale?: boolean;
}

/** What the middle of the page shows. */
export interface Place {
  channel: string;
  /** Of the app's direct message only. */
  tab: 'messages' | 'home';
  thread: string | undefined;
}

export interface Toast {
  id: number;
  tone: 'error' | 'info';
  text: string;
}

export interface ThreadStatus {
  status: string;
  loadingMessages: string[];
}

export interface PageState {
  info: InfoReply;
  people: ReadonlyMap<string, PlayPerson>;
  /** In the server's order: whom one can act as. */
  cast: readonly PlayPerson[];
  me: string;
  channels: ReadonlyMap<string, ShownChannel>;
  channelsLoaded: boolean;
  place: Place | undefined;
  lists: ReadonlyMap<string, MessageList>;
  /** By `channel:thread_ts`. */
  threads: ReadonlyMap<string, MessageList>;
  views: readonly PlayView[];
  home: PlayView | null;
  /** By `channel:thread_ts`. */
  statuses: ReadonlyMap<string, ThreadStatus>;
  prompts: ReadonlyMap<string, readonly { title: string; message: string }[]>;
  bookmarks: ReadonlyMap<string, readonly { id: string; title: string; link: string; emoji: string }[]>;
  behind: readonly BehindEntry[];
  clock: ClockReply;
  /** When `clock` was read, by this browser's clock. */
  clockReadAtMs: number;
  story: readonly StoryStep[];
  connected: boolean;
  toasts: readonly Toast[];
  /** Something was done in this tab already: it belongs to no newcomer. */
  acted: boolean;
  /** The message a permalink led to: shown and marked. */
  sought: string | undefined;
  /** The last message that came live, for the screen reader. */
  announced: string;
  /** Up to where the channel in view had been read when it was opened. */
  readMark: string | undefined;
}

export const emptyList: MessageList = { items: [], hasMore: false, loaded: false, loadingOlder: false };

export function threadKey(channel: string, thread: string): string {
  return `${channel}:${thread}`;
}

/** A copy of a map with one entry set. */
export function withEntry<Value>(
  map: ReadonlyMap<string, Value>,
  key: string,
  value: Value,
): ReadonlyMap<string, Value> {
  return new Map(map).set(key, value);
}

/** The app's own direct message with the person. */
export function appChannel(state: Pick<PageState, 'channels' | 'info' | 'me'>): ShownChannel | undefined {
  const bot = state.info.app.bot_user_id;
  for (const channel of state.channels.values()) {
    if (channel.kind === 'im' && channel.members.includes(bot) && channel.members.includes(state.me))
      return channel;
  }
  return undefined;
}

/** The playground's clock, which runs on between readings. */
export function playNow(state: Pick<PageState, 'clock' | 'clockReadAtMs'>): Date {
  return new Date(Date.parse(state.clock.now) + (Date.now() - state.clockReadAtMs));
}

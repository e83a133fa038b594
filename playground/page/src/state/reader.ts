import type { PlayMessage } from '../../../protocol.js';
import type { Api } from './api.js';
import { compareTs, mergeMessages } from './messages.js';
import { emptyList, type MessageList, type PageState, threadKey, withEntry } from './page-state.js';

const pageSize = 100;
const threadPageSize = 1000;
const pagesBackMax = 20;

export interface ReaderContext {
  api: Api;
  get: () => PageState;
  set: (change: Partial<PageState>) => void;
}

/** Brings in what the page shows. Answers that come after one has become somebody else are dropped. */
export interface Reader {
  channels: () => Promise<void>;
  /** Channels, modals and Home of the person in use. */
  person: () => Promise<void>;
  /** What hangs on a channel: its bookmarks, prompts, and what the app says that it is doing. */
  detail: (channel: string) => Promise<void>;
  /** Newest messages of a channel, once. */
  newest: (channel: string) => Promise<void>;
  older: (channel: string) => Promise<void>;
  /** Reads back to a message, at most `pagesBackMax` pages. */
  until: (channel: string, ts: string) => Promise<void>;
  /** One thread, once. */
  thread: (channel: string, thread: string) => Promise<void>;
}

export function makeReader({ api, get, set }: ReaderContext): Reader {
  async function channels(): Promise<void> {
    const me = get().me;
    const reply = await api.channels(me);
    if (get().me !== me) return;
    set({ channels: new Map(reply.channels.map((channel) => [channel.id, channel])), channelsLoaded: true });
  }

  async function person(): Promise<void> {
    const me = get().me;
    const [{ views }, { view }] = await Promise.all([api.views(me), api.home(me), channels()]);
    if (get().me === me) set({ views, home: view });
  }

  async function detail(channel: string): Promise<void> {
    const me = get().me;
    const reply = await api.channel(channel, me);
    const state = get();
    if (state.me !== me) return;
    const statuses = new Map(state.statuses);
    for (const { thread_ts, status, loading_messages } of reply.statuses) {
      statuses.set(threadKey(channel, thread_ts), { status, loadingMessages: loading_messages });
    }
    set({
      statuses,
      prompts: withEntry(state.prompts, channel, reply.prompts),
      bookmarks: withEntry(state.bookmarks, channel, reply.bookmarks),
    });
  }

  async function newest(channel: string): Promise<void> {
    if (get().lists.get(channel)?.loaded === true) return;
    const me = get().me;
    const page = await api.messages({ channel, person: me, roots: '1', limit: String(pageSize) });
    const state = get();
    if (state.me !== me) return;
    const list = firstPage(state.lists.get(channel) ?? emptyList, page.messages, page.has_more);
    set({ lists: withEntry(state.lists, channel, list) });
  }

  /** One page at a time per channel: who asks meanwhile waits for the same one. */
  const underway = new Map<string, Promise<void>>();
  function older(channel: string): Promise<void> {
    const running = underway.get(channel) ?? readOlder(channel).finally(() => underway.delete(channel));
    underway.set(channel, running);
    return running;
  }

  async function readOlder(channel: string): Promise<void> {
    const list = get().lists.get(channel);
    const oldest = list?.items[0];
    if (list === undefined || oldest === undefined || !list.hasMore) return;
    const me = get().me;
    const put = (change: Partial<MessageList>): void => {
      const state = get();
      if (state.me !== me) return;
      set({ lists: withEntry(state.lists, channel, { ...(state.lists.get(channel) ?? list), ...change }) });
    };
    put({ loadingOlder: true });
    try {
      const query = { channel, person: me, roots: '1', before: oldest.ts, limit: String(pageSize) };
      const page = await api.messages(query);
      const known = get().lists.get(channel) ?? list;
      put({ items: mergeMessages(known.items, page.messages), hasMore: page.has_more });
    } finally {
      put({ loadingOlder: false });
    }
  }

  async function until(channel: string, ts: string): Promise<void> {
    await newest(channel);
    for (let pages = 0; pages < pagesBackMax; pages += 1) {
      const list = get().lists.get(channel);
      const first = list?.items[0]?.ts;
      if (list === undefined || !list.hasMore || first === undefined || compareTs(first, ts) <= 0) return;
      await older(channel);
    }
  }

  async function thread(channel: string, ts: string): Promise<void> {
    const key = threadKey(channel, ts);
    if (get().threads.get(key)?.loaded === true) return;
    const me = get().me;
    if (!get().threads.has(key)) set({ threads: withEntry(get().threads, key, emptyList) });
    const page = await api.messages({ channel, person: me, thread: ts, limit: String(threadPageSize) });
    const state = get();
    if (state.me !== me) return;
    const list = firstPage(state.threads.get(key) ?? emptyList, page.messages, page.has_more);
    set({ threads: withEntry(state.threads, key, list) });
  }

  return { channels, person, detail, newest, older, until, thread };
}

/** The first page of a list: under what came live meanwhile, or in the place of what went stale. */
function firstPage(known: MessageList, page: readonly PlayMessage[], hasMore: boolean): MessageList {
  const last = page.at(-1)?.ts;
  const later = known.items.filter((item) => last === undefined || compareTs(item.ts, last) > 0);
  const kept = known.stale === true ? later : known.items;
  return { items: mergeMessages(kept, page), hasMore, loaded: true, loadingOlder: false };
}

import type { ActReply, ActRequest, InfoReply, LiveEvent, PlayPerson } from '../../../protocol.js';
import { type Api, ApiError } from './api.js';
import { applyEvent, takeMessage } from './apply-event.js';
import { insertMessage, mergeMessages } from './messages.js';
import {
  appChannel,
  emptyList,
  type PageState,
  type Place,
  type Toast,
  threadKey,
  withEntry,
} from './page-state.js';
import { readAddress, writeAddress } from './place-hash.js';

const pageSize = 100;
const toastMs = 8_000;
const readDelayMs = 400;

export interface Session {
  api: Api;
  getState: () => PageState;
  subscribe: (listener: () => void) => () => void;
  become: (person: string) => Promise<void>;
  go: (place: { channel: string; tab?: 'messages' | 'home'; thread?: string | undefined }) => void;
  openApp: (tab: 'messages' | 'home') => Promise<void>;
  openPerson: (person: string) => Promise<void>;
  closeThread: () => void;
  loadOlder: (channel: string) => Promise<void>;
  /** Acts as the person in use. A refusal becomes a notice unless `quiet`. */
  act: (request: Omit<ActRequest, 'as'>, options?: { quiet?: boolean }) => Promise<ActReply>;
  ask: (question: InfoReply['questions'][number]) => Promise<void>;
  advance: (by: string) => Promise<void>;
  tell: (step: string) => Promise<void>;
  notify: (text: string, tone?: Toast['tone']) => void;
  dismiss: (id: number) => void;
  clearBehind: () => void;
}

/** Reads what the page needs to begin. Rejects with an `ApiError` where the server cannot be reached. */
export async function makeSession(api: Api): Promise<Session> {
  const [info, { people }, { entries }] = await Promise.all([api.info(), api.people(), api.behind()]);
  const byId = new Map(people.map((person) => [person.id, person]));
  const address = readAddress(window.location.hash);
  const start = findPerson(people, address.as) ?? findPerson(people, info.start_as) ?? people[0];
  if (start === undefined) throw new ApiError('The playground has no people to act as.');
  let state: PageState = {
    info,
    people: byId,
    cast: people.filter((person) => !person.is_bot && !person.deleted),
    me: start.id,
    channels: new Map(),
    channelsLoaded: false,
    place: undefined,
    lists: new Map(),
    threads: new Map(),
    views: [],
    home: null,
    statuses: new Map(),
    prompts: new Map(),
    bookmarks: new Map(),
    behind: entries,
    clock: info.clock,
    clockReadAtMs: Date.now(),
    story: info.story,
    connected: true,
    toasts: [],
    announced: '',
    readMark: undefined,
  };
  const listeners = new Set<() => void>();
  let stopLive: (() => void) | undefined;
  let toastCount = 0;
  let readTimer: ReturnType<typeof setTimeout> | undefined;

  const set = (change: Partial<PageState>): void => {
    if (Object.keys(change).length === 0) return;
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };
  const fail = (error: unknown): void =>
    notify(error instanceof Error ? error.message : String(error), 'error');
  /** For work that nobody waits for. */
  const run = (work: Promise<unknown>): void => void work.catch(fail);

  function notify(text: string, tone: Toast['tone'] = 'info'): void {
    toastCount += 1;
    const id = toastCount;
    set({ toasts: [...state.toasts.slice(-3), { id, tone, text }] });
    setTimeout(() => dismiss(id), toastMs);
  }
  function dismiss(id: number): void {
    set({ toasts: state.toasts.filter((toast) => toast.id !== id) });
  }

  async function readChannels(): Promise<void> {
    const me = state.me;
    const { channels } = await api.channels(me);
    if (state.me === me)
      set({ channels: new Map(channels.map((channel) => [channel.id, channel])), channelsLoaded: true });
  }
  async function readPerson(): Promise<void> {
    const me = state.me;
    const [{ views }, { view }] = await Promise.all([api.views(me), api.home(me), readChannels()]);
    if (state.me === me) set({ views, home: view });
  }

  function onEvent(event: LiveEvent): void {
    if (event.type === 'reset') {
      set({ lists: new Map(), threads: new Map() });
      run(readPerson().then(() => showPlace()));
      return;
    }
    set(applyEvent(state, event, Date.now()));
    if (event.type === 'message' && event.message.channel === state.place?.channel) markRead();
    if (event.type === 'channel' && event.channel.id === state.place?.channel)
      run(readDetail(event.channel.id));
    // A channel one has just been let into comes with its unread marks only by asking.
    if (event.type === 'message' && !state.channels.has(event.message.channel)) run(readChannels());
  }
  function listen(): void {
    stopLive?.();
    stopLive = api.live(state.me, {
      onEvent,
      onOpen: () => set({ connected: true }),
      onLost: () => set({ connected: false }),
    });
  }

  function markRead(): void {
    clearTimeout(readTimer);
    readTimer = setTimeout(() => {
      const { place, me } = state;
      if (place === undefined || document.visibilityState !== 'visible') return;
      const unread = state.channels.get(place.channel)?.unread;
      if (unread === undefined || unread.count > 0) run(api.read(me, place.channel));
    }, readDelayMs);
  }
  /** What hangs on a channel: its bookmarks, prompts, and what the app says that it is doing. */
  async function readDetail(channel: string): Promise<void> {
    const me = state.me;
    const detail = await api.channel(channel, me);
    if (state.me !== me) return;
    const statuses = new Map(state.statuses);
    for (const each of detail.statuses)
      statuses.set(threadKey(channel, each.thread_ts), {
        status: each.status,
        loadingMessages: each.loading_messages,
      });
    set({
      statuses,
      prompts: withEntry(state.prompts, channel, detail.prompts),
      bookmarks: withEntry(state.bookmarks, channel, detail.bookmarks),
    });
  }
  async function readChannelHead(channel: string): Promise<void> {
    if (state.lists.get(channel)?.loaded === true) return;
    const me = state.me;
    run(readDetail(channel));
    const page = await api.messages({ channel, person: me, roots: '1', limit: String(pageSize) });
    if (state.me !== me) return;
    const known = state.lists.get(channel) ?? emptyList;
    set({
      lists: withEntry(state.lists, channel, {
        items: mergeMessages(known.items, page.messages),
        hasMore: page.has_more,
        loaded: true,
        loadingOlder: false,
      }),
    });
  }
  async function readThread(channel: string, thread: string): Promise<void> {
    const key = threadKey(channel, thread);
    if (state.threads.get(key)?.loaded === true) return;
    const me = state.me;
    if (!state.threads.has(key)) set({ threads: withEntry(state.threads, key, emptyList) });
    const page = await api.messages({ channel, person: me, thread, limit: '1000' });
    if (state.me !== me) return;
    const known = state.threads.get(key) ?? emptyList;
    set({
      threads: withEntry(state.threads, key, {
        items: mergeMessages(known.items, page.messages),
        hasMore: page.has_more,
        loaded: true,
        loadingOlder: false,
      }),
    });
  }
  function showPlace(): void {
    const { place } = state;
    if (place === undefined) return;
    run(readChannelHead(place.channel));
    if (place.thread !== undefined) run(readThread(place.channel, place.thread));
    markRead();
  }
  function setPlace(place: Place, history: 'push' | 'replace'): void {
    const moved = state.place?.channel !== place.channel;
    set({
      place,
      ...(moved ? { readMark: state.channels.get(place.channel)?.unread?.last_read, announced: '' } : {}),
    });
    const hash = writeAddress({ as: state.me, place });
    if (hash !== window.location.hash)
      window.history[history === 'push' ? 'pushState' : 'replaceState'](null, '', hash);
    showPlace();
  }
  function firstPlace(wanted: Place | undefined): Place | undefined {
    if (wanted !== undefined && state.channels.has(wanted.channel)) return wanted;
    const question = state.info.questions[0]?.channel.replace(/^#/, '');
    const mine = [...state.channels.values()].filter((channel) => channel.members.includes(state.me));
    const channel =
      mine.find((each) => each.id === question || each.name === question) ??
      mine.find((each) => each.general) ??
      mine[0] ??
      appChannel(state);
    return channel === undefined ? undefined : { channel: channel.id, tab: 'messages', thread: undefined };
  }
  async function settle(wanted: Place | undefined, history: 'push' | 'replace'): Promise<void> {
    listen();
    await readPerson();
    const place = firstPlace(wanted);
    if (place === undefined) set({ place: undefined });
    else setPlace(place, history);
  }
  async function become(person: string, wanted: Place | undefined = state.place): Promise<void> {
    if (person === state.me) return;
    set({
      me: person,
      channels: new Map(),
      channelsLoaded: false,
      lists: new Map(),
      threads: new Map(),
      views: [],
      home: null,
      statuses: new Map(),
      announced: '',
    });
    // A thread may hold what only the other person saw: start from the channel.
    await settle(wanted === undefined ? undefined : { ...wanted, thread: undefined }, 'push');
  }

  async function act(request: Omit<ActRequest, 'as'>, options: { quiet?: boolean } = {}): Promise<ActReply> {
    try {
      const reply = await api.act({ as: state.me, ...request });
      if (reply.reply !== undefined) set(takeMessage(state, reply.reply, insertMessage));
      if (!reply.ok && options.quiet !== true) notify(reply.error ?? 'That did not work.', 'error');
      return reply;
    } catch (error) {
      fail(error);
      return { ok: false, ackMs: 0, error: error instanceof Error ? error.message : String(error) };
    }
  }
  function go(place: { channel: string; tab?: 'messages' | 'home'; thread?: string | undefined }): void {
    setPlace({ channel: place.channel, tab: place.tab ?? 'messages', thread: place.thread }, 'push');
  }
  async function openDirect(person: string): Promise<string | undefined> {
    const reply = await act({ do: 'open', value: person });
    const channel = reply.posted?.channel ?? reply.reply?.channel;
    await readChannels();
    return (
      channel ??
      [...state.channels.values()].find(
        (each) => each.kind === 'im' && each.members.includes(person) && each.members.includes(state.me),
      )?.id
    );
  }
  async function openApp(tab: 'messages' | 'home'): Promise<void> {
    const channel = appChannel(state)?.id ?? (await openDirect(state.info.app.bot_user_id));
    if (channel === undefined) return;
    go({ channel, tab });
    await act({ do: 'home', tab }, { quiet: true });
  }
  function findChannel(reference: string): string | undefined {
    if (reference === 'dm') return appChannel(state)?.id;
    const name = reference.replace(/^#/, '');
    return [...state.channels.values()].find(
      (channel) => channel.id === reference || (channel.name === name && channel.kind !== 'im'),
    )?.id;
  }
  async function ask(question: InfoReply['questions'][number]): Promise<void> {
    const person = findPerson([...state.people.values()], question.as);
    if (person !== undefined) await become(person.id);
    const channel = findChannel(question.channel);
    if (channel !== undefined) go({ channel });
    const reply = await act({ do: question.do, channel: question.channel, text: question.text });
    // A mention is answered in its thread.
    if (
      reply.ok &&
      reply.posted !== undefined &&
      question.do !== 'command' &&
      state.channels.get(reply.posted.channel)?.kind !== 'im'
    ) {
      go({ channel: reply.posted.channel, thread: reply.posted.ts });
    }
  }

  window.addEventListener('popstate', () => {
    const there = readAddress(window.location.hash);
    if (there.as !== undefined && there.as !== state.me && state.people.has(there.as))
      run(become(there.as, there.place));
    else if (there.place !== undefined && state.channels.has(there.place.channel))
      setPlace(there.place, 'replace');
  });
  document.addEventListener('visibilitychange', markRead);

  run(settle(address.place, 'replace'));
  return {
    api,
    getState: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    become: (person) => become(person).catch(fail),
    go,
    openApp: (tab) => openApp(tab).catch(fail),
    openPerson: async (person) => {
      if (person === state.info.app.bot_user_id) return openApp('messages').catch(fail);
      const channel = await openDirect(person).catch(fail);
      if (typeof channel === 'string') go({ channel });
    },
    closeThread: () => {
      if (state.place !== undefined) setPlace({ ...state.place, thread: undefined }, 'push');
    },
    loadOlder: async (channel) => {
      const list = state.lists.get(channel);
      const oldest = list?.items[0];
      if (list === undefined || oldest === undefined || !list.hasMore || list.loadingOlder) return;
      set({ lists: withEntry(state.lists, channel, { ...list, loadingOlder: true }) });
      try {
        const page = await api.messages({
          channel,
          person: state.me,
          roots: '1',
          before: oldest.ts,
          limit: String(pageSize),
        });
        const known = state.lists.get(channel) ?? emptyList;
        set({
          lists: withEntry(state.lists, channel, {
            ...known,
            items: mergeMessages(known.items, page.messages),
            hasMore: page.has_more,
            loadingOlder: false,
          }),
        });
      } catch (error) {
        set({ lists: withEntry(state.lists, channel, { ...list, loadingOlder: false }) });
        fail(error);
      }
    },
    act,
    ask: (question) => ask(question).catch(fail),
    advance: async (by) => {
      try {
        const clock = await api.advanceClock(by);
        set({ clock, clockReadAtMs: Date.now() });
      } catch (error) {
        fail(error);
      }
    },
    tell: async (step) => {
      try {
        const reply = await api.story(step);
        set({ story: reply.steps });
        notify(reply.text ?? reply.error ?? 'Done.', reply.ok ? 'info' : 'error');
      } catch (error) {
        fail(error);
      }
    },
    notify,
    dismiss,
    clearBehind: () => set({ behind: [] }),
  };
}

function findPerson(people: readonly PlayPerson[], reference: string | undefined): PlayPerson | undefined {
  if (reference === undefined) return undefined;
  const name = reference.replace(/^@/, '');
  return people.find(
    (person) => person.id === reference || person.name === name || person.email === reference,
  );
}

import type { ActReply, ActRequest, InfoReply, LiveEvent, PlayPerson } from '../../../protocol.js';
import type { MessageAddress } from '../text/permalink.js';
import { type Api, ApiError } from './api.js';
import { applyEvent, takeMessage } from './apply-event.js';
import { insertMessage } from './messages.js';
import {
  appChannel,
  type MessageList,
  type PageState,
  type Place,
  type Toast,
  threadKey,
} from './page-state.js';
import { readAddress, writeAddress } from './place-hash.js';
import { makeReader } from './reader.js';

const toastMs = 8_000;
const readDelayMs = 400;
const burstMs = 16;
const actedKey = 'steward-acted';

export interface Session {
  api: Api;
  getState: () => PageState;
  subscribe: (listener: () => void) => () => void;
  become: (person: string) => Promise<void>;
  go: (place: { channel: string; tab?: 'messages' | 'home'; thread?: string | undefined }) => void;
  openApp: (tab: 'messages' | 'home') => Promise<void>;
  openPerson: (person: string) => Promise<void>;
  /** Goes to where a permalink leads. */
  openMessage: (message: MessageAddress) => Promise<void>;
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
    acted: sessionStorage.getItem(actedKey) === '1',
    sought: undefined,
    announced: '',
    readMark: undefined,
  };
  const listeners = new Set<() => void>();
  let stopLive: (() => void) | undefined;
  let toastCount = 0;
  let asked: { channel: string; ts: string } | undefined;
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

  const read = makeReader({ api, get: () => state, set });

  let waiting: LiveEvent[] = [];
  /** Events that come in a burst are drawn once. */
  function onEvent(event: LiveEvent): void {
    waiting.push(event);
    if (waiting.length === 1) setTimeout(takeEvents, burstMs);
  }
  function takeEvents(): void {
    const events = waiting;
    waiting = [];
    let next = state;
    for (const event of events) next = { ...next, ...applyEvent(next, event, Date.now()) };
    if (events.some((event) => event.type === 'reset')) {
      readAgain();
      return;
    }
    set(next);
    followAnswer();
    const here = state.place?.channel;
    if (events.some((event) => event.type === 'message' && event.message.channel === here)) markRead();
    if (here !== undefined && events.some((event) => event.type === 'channel' && event.channel.id === here))
      run(read.detail(here));
    // A channel one has just been let into comes with its unread marks only by asking.
    if (events.some((event) => event.type === 'message' && !state.channels.has(event.message.channel)))
      run(read.channels());
  }
  /** The app answers in threads: the one under what was just asked opens by itself, unless another is being read. */
  function followAnswer(): void {
    const { place, info } = state;
    if (asked === undefined || place?.channel !== asked.channel || place.thread !== undefined) return;
    const head = state.lists.get(asked.channel)?.items.find((message) => message.ts === asked?.ts);
    if (head?.reply_users?.includes(info.app.bot_user_id) !== true) return;
    go({ channel: asked.channel, thread: asked.ts });
    asked = undefined;
  }
  /** After a break: what is in view stays until the server's word replaces it, the rest is read when it is looked at. */
  function readAgain(): void {
    const { place } = state;
    const keep = (
      key: string | undefined,
      lists: ReadonlyMap<string, MessageList>,
    ): ReadonlyMap<string, MessageList> => {
      const list = key === undefined ? undefined : lists.get(key);
      return key === undefined || list === undefined
        ? new Map()
        : new Map([[key, { ...list, loaded: false, stale: true }]]);
    };
    const thread = place?.thread === undefined ? undefined : threadKey(place.channel, place.thread);
    set({ lists: keep(place?.channel, state.lists), threads: keep(thread, state.threads) });
    run(read.person().then(() => showPlace()));
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
      if (unread === undefined || unread.count > 0 || unread.mentions > 0) run(api.read(me, place.channel));
    }, readDelayMs);
  }
  function showPlace(): void {
    const { place } = state;
    if (place === undefined) return;
    if (state.lists.get(place.channel)?.loaded !== true) run(read.detail(place.channel));
    run(read.newest(place.channel));
    if (place.thread !== undefined) run(read.thread(place.channel, place.thread));
    markRead();
  }
  function setPlace(place: Place, history: 'push' | 'replace'): void {
    const moved = state.place?.channel !== place.channel;
    set({
      place,
      sought: undefined,
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
    await read.person();
    const place = firstPlace(wanted);
    if (place === undefined) set({ place: undefined });
    else setPlace(place, history);
  }
  async function become(person: string, wanted: Place | undefined = state.place): Promise<void> {
    if (person === state.me) return;
    asked = undefined;
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
      if (request.do !== 'home' && request.do !== 'open' && !state.acted) {
        sessionStorage.setItem(actedKey, '1');
        set({ acted: true });
      }
      if (
        reply.posted !== undefined &&
        request.thread === undefined &&
        (request.do === 'message' || request.do === 'mention')
      ) {
        asked = reply.posted;
        followAnswer();
      }
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
    await read.channels();
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
  async function openMessage({ channel, ts, thread }: MessageAddress): Promise<void> {
    if (!state.channels.has(channel)) {
      notify('You cannot see the channel of that message.', 'error');
      return;
    }
    go({ channel, thread });
    if (thread === undefined) await read.until(channel, ts);
    set({ sought: ts });
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
    const there = state.place;
    const reply = await act({ do: question.do, channel: question.channel, text: question.text });
    // A mention is answered in its thread; whoever went elsewhere meanwhile is left there.
    if (
      reply.ok &&
      state.place === there &&
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
    openMessage: (message) => openMessage(message).catch(fail),
    closeThread: () => {
      if (state.place !== undefined) setPlace({ ...state.place, thread: undefined }, 'push');
    },
    loadOlder: (channel) => read.older(channel).catch(fail),
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

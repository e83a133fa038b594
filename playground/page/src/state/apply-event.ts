import type { LiveEvent, PlayMessage } from '../../../protocol.js';
import { mrkdwnToPlain } from '../text/mrkdwn.js';
import { inChannelView, insertMessage, removeMessage, replaceMessage } from './messages.js';
import { emptyList, type MessageList, type PageState, threadKey, withEntry } from './page-state.js';

const keptBehind = 500;

/** What a live event changes. `reset` is the caller's: it means reading again. */
export function applyEvent(state: PageState, event: LiveEvent, nowMs: number): Partial<PageState> {
  switch (event.type) {
    case 'hello':
    case 'clock':
      return { clock: { now: event.now, offsetMs: event.offsetMs }, clockReadAtMs: nowMs };
    case 'message':
      return { ...takeMessage(state, event.message, insertMessage), ...announce(state, event.message) };
    case 'message_changed':
      return takeMessage(state, event.message, replaceMessage);
    case 'message_deleted':
      return dropMessage(state, event.channel, event.ts);
    case 'channel': {
      // Whoever was taken out of a private channel sees it no more.
      if (event.channel.kind !== 'public' && !event.channel.members.includes(state.me)) {
        const channels = new Map(state.channels);
        channels.delete(event.channel.id);
        return { channels };
      }
      const unread = state.channels.get(event.channel.id)?.unread;
      const channel = { ...event.channel, ...(unread === undefined ? {} : { unread }) };
      return { channels: withEntry(state.channels, channel.id, channel) };
    }
    case 'person':
      return {
        people: withEntry(state.people, event.person.id, event.person),
        cast: state.cast.map((person) => (person.id === event.person.id ? event.person : person)),
      };
    case 'unread': {
      const channel = state.channels.get(event.channel);
      if (event.person !== state.me || channel === undefined) return {};
      return { channels: withEntry(state.channels, channel.id, { ...channel, unread: event.unread }) };
    }
    case 'views':
      return event.person === state.me ? { views: event.views } : {};
    case 'home':
      return event.person === state.me ? { home: event.view } : {};
    case 'status':
      return {
        statuses: withEntry(state.statuses, threadKey(event.channel, event.thread_ts), {
          status: event.status,
          loadingMessages: event.loading_messages,
        }),
      };
    case 'prompts':
      return { prompts: withEntry(state.prompts, event.channel, event.prompts) };
    case 'story':
      return { story: event.steps };
    case 'behind':
      return state.behind.some((entry) => entry.id === event.entry.id)
        ? {}
        : { behind: [...state.behind.slice(-(keptBehind - 1)), event.entry] };
    case 'reset':
      return {};
  }
}

type Put = (list: readonly PlayMessage[], message: PlayMessage) => readonly PlayMessage[];

/** Puts a message where it shows: its channel's list, its thread, or both. */
export function takeMessage(state: PageState, message: PlayMessage, put: Put): Partial<PageState> {
  if (message.ephemeral_to !== undefined && message.ephemeral_to !== state.me) return {};
  const changed: { lists?: PageState['lists']; threads?: PageState['threads'] } = {};
  if (inChannelView(message)) {
    const list = state.lists.get(message.channel) ?? emptyList;
    changed.lists = withEntry(state.lists, message.channel, { ...list, items: put(list.items, message) });
  }
  const thread = threadKey(message.channel, message.thread_ts ?? message.ts);
  const list = state.threads.get(thread);
  if (list !== undefined)
    changed.threads = withEntry(state.threads, thread, { ...list, items: put(list.items, message) });
  return changed;
}

function dropMessage(state: PageState, channel: string, ts: string): Partial<PageState> {
  const without = (list: MessageList): MessageList => ({ ...list, items: removeMessage(list.items, ts) });
  const list = state.lists.get(channel);
  const threads = new Map(state.threads);
  for (const [key, thread] of threads) if (key.startsWith(`${channel}:`)) threads.set(key, without(thread));
  return {
    threads,
    ...(list === undefined ? {} : { lists: withEntry(state.lists, channel, without(list)) }),
  };
}

/** Screen readers hear what others wrote in the place in view. */
function announce(state: PageState, message: PlayMessage): Partial<PageState> {
  const inView =
    message.channel === state.place?.channel &&
    (inChannelView(message) || message.thread_ts === state.place.thread);
  if (!inView || message.user === state.me) return {};
  const author =
    message.username ??
    state.people.get(message.user)?.real_name ??
    (message.bot_id === undefined ? 'Someone' : state.info.app.name);
  return { announced: `${author}: ${mrkdwnToPlain(message.text).slice(0, 300)}` };
}

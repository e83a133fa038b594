import { directChannel, findChannel, maySee, withLatest } from '../directory.js';
import { shown, unreadOf } from '../posting.js';
import type {
  ChannelReply,
  ChannelsReply,
  HomeReply,
  InfoReply,
  MessagesReply,
  PeopleReply,
  PlayPerson,
  Unread,
  ViewsReply,
} from '../protocol.js';
import type { ChannelRecord, MessageRecord, PersonRecord } from '../state/records.js';
import { shownView, viewsOf } from '../view-stack.js';
import type { World } from '../world.js';
import { personOf, visibleChannel } from './find.js';
import { PlayProblem } from './problem.js';

/** What can be looked at: people, channels, messages, views. */

export function shownPerson({ team_id: _team, ...person }: PersonRecord): PlayPerson {
  return person;
}

export function people(world: World): PeopleReply {
  return {
    people: world.state.people
      .values()
      .filter((p) => p.id !== world.app.bot_user_id)
      .map(shownPerson),
  };
}

export function channels(world: World, personRef: string | undefined): ChannelsReply {
  const person = personRef === undefined ? undefined : personOf(world, personRef);
  const seen = world.state.channels
    .values()
    .filter((c) => person === undefined || maySee(person, c, world.team.id))
    .filter(
      (c) => person === undefined || (c.kind !== 'im' && c.kind !== 'mpim') || c.members.includes(person.id),
    );
  return {
    channels: seen.map((channel) => ({
      ...withLatest(world, named(world, channel, person)),
      ...(person === undefined ? {} : { unread: unreadOf(world, channel, person.id) }),
    })),
  };
}

/** A direct message is called after the other person. */
function named(world: World, channel: ChannelRecord, person: PersonRecord | undefined): ChannelRecord {
  if (channel.kind !== 'im' || person === undefined) return channel;
  const other = channel.members.find((id) => id !== person.id) ?? person.id;
  return { ...channel, name: world.state.people.get(other)?.name ?? channel.name };
}

export function unread(world: World, personRef: string): { [channel: string]: Unread } {
  const person = personOf(world, personRef);
  const mine = world.state.channels.values().filter((c) => c.members.includes(person.id));
  return Object.fromEntries(mine.map((channel) => [channel.id, unreadOf(world, channel, person.id)]));
}

export function channelDetail(world: World, channelRef: string, personRef: string | undefined): ChannelReply {
  const channel = channelFor(world, channelRef, personRef);
  const pins = world.state.pins.values().filter((pin) => pin.channel === channel.id);
  return {
    channel: withLatest(world, channel),
    pins: pins.flatMap((pin) => {
      const message = world.messages.get(pin.channel, pin.ts);
      return message === undefined
        ? []
        : [{ message: shown(world, message), pinned_by: pin.user, at: pin.created }];
    }),
    bookmarks: world.state.bookmarks
      .values()
      .filter((b) => b.channel_id === channel.id)
      .map(({ id, title, link, emoji }) => ({ id, title, link, emoji })),
    statuses: world.state.sessions
      .values()
      .filter((s) => s.channel === channel.id && s.status !== '')
      .map(({ thread_ts, status, loading_messages }) => ({ thread_ts, status, loading_messages })),
    prompts: world.state.prompts.get(channel.id) ?? [],
    scheduled: world.state.scheduled
      .values()
      .filter((s) => s.channel === channel.id)
      .map(({ id, post_at, text }) => ({ id, post_at, text })),
  };
}

function channelFor(world: World, channelRef: string, personRef: string | undefined): ChannelRecord {
  if (personRef !== undefined) return visibleChannel(world, personOf(world, personRef), channelRef);
  const channel = findChannel(world, channelRef);
  if (channel === undefined)
    throw new PlayProblem(404, 'channel_not_found', `There is no channel "${channelRef}".`);
  return channel;
}

export interface MessagesQuery {
  channel?: string | undefined;
  person?: string | undefined;
  thread?: string | undefined;
  roots?: boolean;
  before?: string | undefined;
  after?: string | undefined;
  limit?: number | undefined;
}

const defaultLimit = 200;
const maxLimit = 1000;

export function messages(world: World, query: MessagesQuery): MessagesReply {
  const limit = query.limit ?? defaultLimit;
  if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit) {
    throw new PlayProblem(400, 'invalid_limit', `limit is a whole number from 1 to ${maxLimit}.`);
  }
  const person = query.person === undefined ? undefined : personOf(world, query.person);
  if (query.channel === undefined && person === undefined) {
    throw new PlayProblem(400, 'no_channel', 'Give channel, person or both.');
  }
  const wanted = (message: MessageRecord): boolean => {
    if (person !== undefined && message.ephemeral_to !== undefined && message.ephemeral_to !== person.id)
      return false;
    const isReply = message.thread_ts !== undefined && message.thread_ts !== message.ts;
    if (query.thread !== undefined) return message.ts === query.thread || message.thread_ts === query.thread;
    if (query.roots === true && isReply && message.broadcast !== true) return false;
    return true;
  };
  const found =
    query.channel === undefined && person !== undefined
      ? addressed(world, person, query, limit + 1)
      : inChannel(world, channelFor(world, query.channel ?? '', query.person), query, limit + 1, wanted);
  // Newest first so far; one more than asked for tells whether there is more.
  return {
    messages: found
      .slice(0, limit)
      .reverse()
      .map((m) => shown(world, m)),
    has_more: found.length > limit,
  };
}

/** Newest first. */
function inChannel(
  world: World,
  channel: ChannelRecord,
  query: MessagesQuery,
  limit: number,
  wanted: (m: MessageRecord) => boolean,
): MessageRecord[] {
  const order = world.messages.order(channel.id);
  const found: MessageRecord[] = [];
  for (let i = order.length - 1; i >= 0 && found.length < limit; i -= 1) {
    const ts = order[i] ?? '';
    if (query.before !== undefined && ts >= query.before) continue;
    if (query.after !== undefined && ts <= query.after) break;
    const message = world.messages.get(channel.id, ts);
    if (message !== undefined && wanted(message)) found.push(message);
  }
  return found;
}

/** Direct messages with the app and ephemeral messages anywhere, newest first. */
function addressed(world: World, person: PersonRecord, query: MessagesQuery, limit: number): MessageRecord[] {
  const direct = directChannel(world, [person.id, world.app.bot_user_id]);
  const all = world.state.channels
    .values()
    .flatMap((channel) =>
      inChannel(world, channel, query, limit, (m) =>
        channel.id === direct?.id
          ? m.ephemeral_to === undefined || m.ephemeral_to === person.id
          : m.ephemeral_to === person.id,
      ),
    );
  return all.sort((a, b) => (a.ts < b.ts ? 1 : -1)).slice(0, limit);
}

export function views(world: World, personRef: string): ViewsReply {
  return { views: viewsOf(world, personOf(world, personRef).id).map(shownView) };
}

export function home(world: World, personRef: string): HomeReply {
  const view = world.state.views.get(world.state.homes.get(personOf(world, personRef).id) ?? '');
  return { view: view === undefined ? null : shownView(view) };
}

export async function info(world: World, transport: 'http' | 'socket'): Promise<InfoReply> {
  const { features } = world.manifest;
  const now = world.clock.now();
  return {
    team: world.team,
    app: {
      id: world.app.id,
      name: world.app.name,
      bot_user_id: world.app.bot_user_id,
      bot_id: world.app.bot_id,
    },
    commands: (features?.slash_commands ?? []).map(({ command, description, usage_hint }) => ({
      command,
      description,
      usage_hint,
    })),
    shortcuts: (features?.shortcuts ?? []).map(({ name, type, callback_id, description }) => ({
      name,
      type,
      callback_id,
      description,
    })),
    prompts: features?.agent_view?.suggested_prompts ?? [],
    usergroups: world.state.usergroups
      .values()
      .filter((g) => g.date_delete === 0)
      .map(({ id, handle, name, users }) => ({ id, handle, name, users })),
    transport,
    clock: { now: now.toISOString(), offsetMs: world.clock.offsetMs() },
    story: (await world.hooks.story?.steps()) ?? [],
    questions: world.hooks.questions ?? [],
    start_as: world.hooks.startAs ?? world.state.people.values().find((p) => !p.is_bot)?.id ?? '',
  };
}

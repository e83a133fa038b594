import { familyOf } from '../directory.js';
import { channelOrDirect } from '../posting.js';
import type { ChannelRecord, MessageRecord, PersonRecord } from '../state/records.js';
import type { World } from '../world.js';
import { refuse } from './refusal.js';

/** Looking things up for a method, or refusing with Slack's word for it. */

/** A channel that exists for the app: private ones it is not in do not. Only ids, as Slack asks. */
export function knownChannel(world: World, id: string): ChannelRecord {
  const channel = world.state.channels.get(id);
  if (channel === undefined) refuse('channel_not_found');
  if (channel.kind !== 'public' && !channel.members.includes(world.app.bot_user_id))
    refuse('channel_not_found');
  return channel;
}

export function isMember(world: World, channel: ChannelRecord): boolean {
  return channel.members.includes(world.app.bot_user_id);
}

export function joinedChannel(world: World, id: string): ChannelRecord {
  const channel = knownChannel(world, id);
  if (!isMember(world, channel)) refuse('not_in_channel');
  return channel;
}

/** Where the app may post: joined, or public with `chat:write.public`; a user id opens the direct message. */
export function postableChannel(world: World, id: string): ChannelRecord {
  if (/^[UW][A-Z0-9]+$/.test(id) && world.state.people.get(id)?.deleted === true) refuse('user_disabled');
  const named = id.startsWith('#') || /^[a-z0-9]/.test(id) ? channelByName(world, id) : undefined;
  const channel = named ?? channelOrDirect(world, id);
  if (channel === undefined) refuse('channel_not_found');
  if (channel.archived) refuse('is_archived');
  if (isMember(world, channel)) return channel;
  if (channel.kind !== 'public') refuse('channel_not_found');
  if (!world.scopes.has('chat:write.public')) refuse('not_in_channel');
  return channel;
}

function channelByName(world: World, name: string): ChannelRecord | undefined {
  const wanted = name.replace(/^#/, '');
  return world.state.channels
    .values()
    .find((c) => c.name === wanted && (c.kind === 'public' || c.kind === 'private'));
}

export function knownMessage(world: World, channel: string, ts: string): MessageRecord {
  const message = world.messages.get(channel, ts);
  // To every method but the one that posted it, an ephemeral message does not exist.
  if (message === undefined || message.ephemeral_to !== undefined) refuse('message_not_found');
  return message;
}

export function knownPerson(world: World, id: string): PersonRecord {
  const person = world.state.people.get(id);
  if (person === undefined) refuse('user_not_found');
  return person;
}

/** `channels:history` or its like for private channels, direct and group messages, by the channel in the arguments. */
export function familyScopes(suffix: string): (world: World, args: { [key: string]: unknown }) => string[] {
  return (world, args) => {
    const channel = world.state.channels.get(String(args.channel ?? ''));
    return [`${channel === undefined ? 'channels' : familyOf(channel)}:${suffix}`];
  };
}

/** Scopes that manage a channel; public ones have narrower twins. */
export function manageScopes(narrow?: string): (world: World, args: { [key: string]: unknown }) => string[] {
  return (world, args) => {
    const channel = world.state.channels.get(String(args.channel ?? ''));
    if (channel?.kind === 'private')
      return ['groups:write', ...(narrow === undefined ? [] : [`groups:${narrow}`])];
    if (channel?.kind === 'im') return ['im:write'];
    if (channel?.kind === 'mpim') return ['mpim:write'];
    return ['channels:manage', ...(narrow === undefined ? [] : [`channels:${narrow}`])];
  };
}

/** Slack's opaque cursors. */
export function encodeCursor(offset: string): string {
  return Buffer.from(`next:${offset}`).toString('base64');
}
export function decodeCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined || cursor === '') return undefined;
  const text = Buffer.from(cursor, 'base64').toString('utf8');
  if (!text.startsWith('next:')) refuse('invalid_cursor');
  return text.slice('next:'.length);
}

/** One page of a list; limits outside 1..1000 are refused, as documented for each method. */
export function page<T>(
  items: T[],
  limit: number | undefined,
  cursor: string | undefined,
): { items: T[]; next: string } {
  const size = limit ?? 100;
  if (size < 1 || size > 1000) refuse('invalid_limit');
  const from = Number(decodeCursor(cursor) ?? 0);
  if (!Number.isInteger(from) || from < 0 || from > items.length) refuse('invalid_cursor');
  const next = from + size < items.length ? encodeCursor(String(from + size)) : '';
  return { items: items.slice(from, from + size), next };
}

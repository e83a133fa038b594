import type { Audience } from './live.js';
import type { ChannelRecord, PersonRecord } from './state/records.js';
import type { World } from './world.js';

/** Finding people and channels by whatever name somebody used, and who may see what. */

type Known = Pick<World, 'state' | 'app'>;

/** By id, handle (with or without `@`), e-mail address, first or real name (if only one has it). */
export function findPerson({ state }: Known, ref: string): PersonRecord | undefined {
  const direct = state.people.get(ref);
  if (direct !== undefined) return direct;
  const wanted = ref.replace(/^@/, '').toLowerCase();
  const all = state.people.values();
  const exact = all.find((p) => p.name === wanted || p.email.toLowerCase() === wanted);
  if (exact !== undefined) return exact;
  const close = all.filter((p) => {
    const real = p.real_name.toLowerCase();
    return real === wanted || real.split(' ')[0] === wanted;
  });
  return close.length === 1 ? close[0] : undefined;
}

/** By id or name with or without `#`; direct messages only by id or through {@link directChannel}. */
export function findChannel({ state }: Known, ref: string): ChannelRecord | undefined {
  const direct = state.channels.get(ref);
  if (direct !== undefined) return direct;
  const wanted = ref.replace(/^#/, '').toLowerCase();
  const named = state.channels
    .values()
    .filter((c) => c.name === wanted && (c.kind === 'public' || c.kind === 'private'));
  return named.find((c) => !c.archived) ?? named[0];
}

/** The direct message of these people, if there is one. */
export function directChannel({ state }: Known, users: readonly string[]): ChannelRecord | undefined {
  const members = [...new Set(users)].sort().join();
  return state.channels
    .values()
    .find((c) => (c.kind === 'im' || c.kind === 'mpim') && [...c.members].sort().join() === members);
}

/** The direct message of these people, made if need be. */
export function openDirect(world: World, users: readonly string[]): ChannelRecord {
  const existing = directChannel(world, users);
  if (existing !== undefined) return existing;
  const members = [...new Set(users)];
  const others = members.filter((id) => id !== world.app.bot_user_id);
  const channel: ChannelRecord = {
    id: world.state.nextId(members.length > 2 ? 'G' : 'D'),
    name:
      members.length > 2
        ? `mpdm-${members.map((id) => world.state.people.get(id)?.name ?? id).join('--')}-1`
        : (world.state.people.get(others[0] ?? '')?.name ?? others[0] ?? ''),
    kind: members.length > 2 ? 'mpim' : 'im',
    topic: '',
    purpose: '',
    archived: false,
    general: false,
    members,
    created: Math.floor(world.clock.now().getTime() / 1000),
    creator: members[0] ?? '',
  };
  world.state.channels.put(channel.id, channel);
  emitChannel(world, channel);
  return channel;
}

/** The direct message between a person and the app. */
export function appDirect(world: World, user: string): ChannelRecord {
  return openDirect(world, [world.app.bot_user_id, user]);
}

/** May the person read the channel? Guests and people of other workspaces only where they are members. */
export function maySee(person: PersonRecord, channel: ChannelRecord, teamId: string): boolean {
  if (channel.members.includes(person.id)) return true;
  return channel.kind === 'public' && !person.is_guest && person.team_id === teamId;
}

/** Listeners who may read the channel. */
export function channelAudience(world: Pick<World, 'state' | 'team'>, channel: ChannelRecord): Audience {
  return (id) => {
    if (id === undefined) return true;
    const person = world.state.people.get(id);
    return person !== undefined && maySee(person, channel, world.team.id);
  };
}
export function onlyTo(...users: string[]): Audience {
  return (id) => id === undefined || users.includes(id);
}

export function emitChannel(world: World, channel: ChannelRecord): void {
  world.live.emit({ type: 'channel', channel: withLatest(world, channel) }, channelAudience(world, channel));
}
export function withLatest(world: World, channel: ChannelRecord): ChannelRecord {
  const latest = world.messages.order(channel.id).at(-1);
  return latest === undefined ? channel : { ...channel, latest };
}

/** History and membership scopes come in four families by kind of channel. */
export function familyOf(channel: ChannelRecord): 'channels' | 'groups' | 'im' | 'mpim' {
  if (channel.kind === 'public') return 'channels';
  return channel.kind === 'private' ? 'groups' : channel.kind;
}
export function channelTypeOf(channel: ChannelRecord): 'channel' | 'group' | 'im' | 'mpim' {
  if (channel.kind === 'public') return 'channel';
  return channel.kind === 'private' ? 'group' : channel.kind;
}

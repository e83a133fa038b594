import type { z } from 'zod';
import { channelObject, checkChannelName } from '../api/channel-object.js';
import { userObject } from '../api/people.js';
import { SlackRefusal } from '../api/refusal.js';
import { emitChannel, withLatest } from '../directory.js';
import type { channelRequest, PersonReply, PlayChannel, personRequest } from '../protocol.js';
import { idFor } from '../seed.js';
import type { ChannelRecord, PersonRecord } from '../state/records.js';
import { nowSeconds, type World } from '../world.js';
import { personOf, visibleChannel, writableChannel } from './find.js';
import { PlayProblem } from './problem.js';
import { shownPerson } from './read.js';

/** What people do in Slack behind an app's back: channels renamed, archived, deleted, colleagues who come and go. */

type ChannelWish = z.output<typeof channelRequest>;

function freeName(world: World, name: string | undefined): string {
  try {
    checkChannelName(world, name ?? '');
  } catch (error) {
    if (error instanceof SlackRefusal)
      throw new PlayProblem(409, error.code, `"${name ?? ''}" cannot be a channel's name: ${error.code}.`);
    throw error;
  }
  return name ?? '';
}

async function tell(world: World, channel: ChannelRecord, what: string, user: string): Promise<void> {
  const family = channel.kind === 'private' ? 'group' : 'channel';
  const isMember = channel.members.includes(world.app.bot_user_id);
  if (channel.kind === 'private' && !isMember) return;
  const whole = what === 'created' || what === 'rename';
  await world.delivery.event(`${family}_${what}`, {
    type: `${family}_${what}`,
    channel: whole ? { ...channelObject(world, channel), creator: channel.creator } : channel.id,
    ...(whole ? {} : { user, actor_id: user }),
    event_ts: world.messages.nextTs(),
  });
}

export async function changeChannel(
  world: World,
  wish: ChannelWish,
): Promise<{ ok: true; channel: PlayChannel }> {
  const person = personOf(world, wish.as);
  if (wish.do === 'create') {
    const channel: ChannelRecord = {
      id: world.state.nextId('C'),
      name: freeName(world, wish.name),
      kind: wish.private === true ? 'private' : 'public',
      topic: '',
      purpose: '',
      archived: false,
      general: false,
      members: [person.id],
      created: nowSeconds(world),
      creator: person.id,
    };
    world.state.channels.put(channel.id, channel);
    emitChannel(world, channel);
    await tell(world, channel, 'created', person.id);
    return { ok: true, channel };
  }
  const channel =
    wish.do === 'unarchive'
      ? visibleChannel(world, person, wish.channel)
      : writableChannel(world, person, wish.channel);
  if (channel.kind === 'im' || channel.general)
    throw new PlayProblem(409, 'restricted_action', 'That channel stays as it is.');
  if (wish.do === 'rename') channel.name = freeName(world, wish.name);
  if (wish.do === 'archive' || wish.do === 'unarchive') channel.archived = wish.do === 'archive';
  if (wish.do === 'delete') removeChannel(world, channel);
  else {
    world.state.channels.put(channel.id, channel);
    emitChannel(world, channel);
  }
  await tell(world, channel, wish.do === 'delete' ? 'deleted' : wish.do, person.id);
  return { ok: true, channel: withLatest(world, channel) };
}

function removeChannel(world: World, channel: ChannelRecord): void {
  for (const ts of [...world.messages.order(channel.id)]) world.messages.remove(channel.id, ts);
  for (const pin of world.state.pins.values())
    if (pin.channel === channel.id) world.state.pins.delete(`${pin.channel}:${pin.ts}`);
  for (const mark of world.state.bookmarks.values())
    if (mark.channel_id === channel.id) world.state.bookmarks.delete(mark.id);
  world.state.channels.delete(channel.id);
  world.live.emit({ type: 'reset' });
}

export async function changePerson(world: World, wish: z.output<typeof personRequest>): Promise<PersonReply> {
  const known = world.state.people.values().find((p) => p.name === wish.name);
  if (known?.id === world.app.bot_user_id)
    throw new PlayProblem(409, 'restricted_action', 'The app itself stays as it is.');
  const before: PersonRecord = known ?? {
    id: idFor('U', wish.name),
    name: wish.name,
    real_name: wish.name,
    email: `${wish.name}@${world.team.domain}.example`,
    title: '',
    teams: [],
    roles: [],
    tz: 'Etc/UTC',
    is_bot: false,
    is_guest: false,
    deleted: false,
    status_text: '',
    status_emoji: '',
    team_id: world.team.id,
  };
  const person: PersonRecord = {
    ...before,
    real_name: wish.real_name ?? before.real_name,
    email: wish.email ?? before.email,
    title: wish.title ?? before.title,
    deleted: wish.deleted ?? before.deleted,
    is_guest: wish.is_guest ?? before.is_guest,
  };
  world.state.people.put(person.id, person);
  world.live.emit({ type: 'person', person: shownPerson(person) });
  const type = known === undefined ? 'team_join' : 'user_change';
  await world.delivery.event(type, {
    type,
    user: userObject(world, person),
    cache_ts: nowSeconds(world),
    event_ts: world.messages.nextTs(),
  });
  return { ok: true, person: shownPerson(person) };
}

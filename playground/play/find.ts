import { elementsOf, type FoundElement } from '../block-kit/walk.js';
import { appDirect, directChannel, findChannel, findPerson, maySee } from '../directory.js';
import { isObject } from '../mrkdwn.js';
import type { ChannelRecord, MessageRecord, PersonRecord } from '../state/records.js';
import { viewsOf } from '../view-stack.js';
import type { World } from '../world.js';
import type { Place } from './payloads.js';
import { PlayProblem } from './problem.js';

/** What a control call means by its references, or a sentence saying what there is instead. */

export function personOf(world: World, ref: string): PersonRecord {
  const person = findPerson(world, ref);
  if (person === undefined || person.id === world.app.bot_user_id) {
    throw new PlayProblem(
      404,
      'no_such_person',
      `There is no person "${ref}"; GET /_play/people lists them.`,
    );
  }
  return person;
}

/** A channel by name or id; `dm`, the app's name or nothing is the direct message with the app, a person's name that with them. */
export function channelOf(world: World, person: PersonRecord, ref: string | undefined): ChannelRecord {
  const bot = world.state.people.get(world.app.bot_user_id);
  if (
    ref === undefined ||
    ref === 'dm' ||
    ref === world.app.bot_user_id ||
    ref.replace(/^@/, '') === bot?.name
  ) {
    return appDirect(world, person.id);
  }
  const channel = findChannel(world, ref);
  if (channel !== undefined) return channel;
  const other = findPerson(world, ref);
  const direct = other === undefined ? undefined : directChannel(world, [person.id, other.id]);
  if (direct !== undefined) return direct;
  throw new PlayProblem(
    404,
    'channel_not_found',
    `There is no channel "${ref}"; GET /_play/channels lists them.`,
  );
}

/** The same, refused where the person may not look. */
export function visibleChannel(world: World, person: PersonRecord, ref: string | undefined): ChannelRecord {
  const channel = channelOf(world, person, ref);
  if (!maySee(person, channel, world.team.id)) {
    throw new PlayProblem(403, 'not_in_channel', `${person.real_name} cannot see this channel.`);
  }
  return channel;
}

/** Where the person can write: public channels are joined on the way, as Slack's client offers. */
export function writableChannel(world: World, person: PersonRecord, ref: string | undefined): ChannelRecord {
  const channel = visibleChannel(world, person, ref);
  if (channel.archived) throw new PlayProblem(409, 'is_archived', `#${channel.name} is archived.`);
  return channel;
}

export function visibleMessage(
  world: World,
  person: PersonRecord,
  channel: ChannelRecord,
  ts: string,
): MessageRecord {
  const message = world.messages.get(channel.id, ts);
  if (message === undefined || (message.ephemeral_to !== undefined && message.ephemeral_to !== person.id)) {
    throw new PlayProblem(
      404,
      'message_not_found',
      `There is no message ${ts} that ${person.real_name} sees in this channel.`,
    );
  }
  return message;
}

export interface Sought {
  action_id?: string | undefined;
  block_id?: string | undefined;
  channel?: string | undefined;
  message?: string | undefined;
  view?: string | undefined;
  /** Tells apart buttons of one action_id by their value. */
  value?: unknown;
}

function matching(place: Place, sought: Sought): FoundElement | undefined {
  const blocks = place.kind === 'view' ? place.view.blocks : place.message.blocks;
  const elements = elementsOf(blocks);
  const named = elements.filter(
    ({ block, element }) =>
      (sought.action_id === undefined || element.action_id === sought.action_id) &&
      (sought.block_id === undefined || block.block_id === sought.block_id),
  );
  return (
    named.find(({ element }) => sought.value !== undefined && element.value === sought.value) ?? named[0]
  );
}

/** The entry of an overflow menu may be named in place of the menu: by its value, or the part of it before `|`. */
function matchingEntry(place: Place, sought: Sought): { found: FoundElement; entry: string } | undefined {
  const blocks = place.kind === 'view' ? place.view.blocks : place.message.blocks;
  for (const found of elementsOf(blocks)) {
    if (found.element.type !== 'overflow' || !Array.isArray(found.element.options)) continue;
    for (const option of found.element.options.filter(isObject)) {
      const value = String(option.value);
      if (value === sought.action_id || value.split('|')[0] === sought.action_id)
        return { found, entry: value };
    }
  }
  return undefined;
}

const newestLookedAt = 500;

/** The newest message with that element that the person sees. */
function messagePlaces(world: World, person: PersonRecord, channel: ChannelRecord): Place[] {
  const places: Place[] = [];
  const order = world.messages.order(channel.id);
  for (const ts of order.slice(-newestLookedAt).reverse()) {
    const message = world.messages.get(channel.id, ts);
    if (message === undefined || message.blocks.length === 0) continue;
    if (message.ephemeral_to !== undefined && message.ephemeral_to !== person.id) continue;
    places.push({ kind: 'message', channel, message });
  }
  return places;
}

/** Places in the order in which a person would look: the message named, the modal on top, Home, the channel's messages. */
function placesOf(world: World, person: PersonRecord, sought: Sought): Place[] {
  if (sought.message !== undefined) {
    const channel = visibleChannel(world, person, sought.channel ?? channelOfMessage(world, sought.message));
    return [{ kind: 'message', channel, message: visibleMessage(world, person, channel, sought.message) }];
  }
  const home = world.state.views.get(world.state.homes.get(person.id) ?? '');
  const homePlace: Place[] = home === undefined ? [] : [{ kind: 'view', view: home }];
  if (sought.view === 'home') return homePlace;
  const named = sought.view === undefined ? undefined : world.state.views.get(sought.view);
  if (named !== undefined) {
    const isTop = viewsOf(world, person.id).at(-1)?.id === named.id || home?.id === named.id;
    if (named.user !== person.id || !isTop)
      throw new PlayProblem(409, 'view_not_on_top', 'That view is not open on top.');
    return [{ kind: 'view', view: named }];
  }
  const top = viewsOf(world, person.id).at(-1);
  const modal: Place[] = top === undefined ? [] : [{ kind: 'view', view: top }];
  if (sought.channel !== undefined)
    return [...modal, ...messagePlaces(world, person, visibleChannel(world, person, sought.channel))];
  return [...modal, ...anywhere(world, person), ...homePlace];
}

/** Without a channel: the newest message that the person sees, wherever it is. */
function anywhere(world: World, person: PersonRecord): Place[] {
  const tsOf = (place: Place): string => (place.kind === 'message' ? place.message.ts : '');
  return world.state.channels
    .values()
    .filter((channel) => channel.members.includes(person.id) || maySee(person, channel, world.team.id))
    .filter((channel) => channel.kind === 'public' || channel.members.includes(person.id))
    .flatMap((channel) => messagePlaces(world, person, channel))
    .sort((a, b) => (tsOf(a) < tsOf(b) ? 1 : -1));
}

function channelOfMessage(world: World, ts: string): string | undefined {
  return world.state.channels.values().find((channel) => world.messages.get(channel.id, ts) !== undefined)
    ?.id;
}

/** The element meant by a click, and where it is. */
export function elementFor(
  world: World,
  person: PersonRecord,
  sought: Sought,
): { place: Place; found: FoundElement; entry?: string } {
  if (sought.action_id === undefined && sought.block_id === undefined) {
    throw new PlayProblem(400, 'no_action', 'Name what to click by action_id (or block_id).');
  }
  const places = placesOf(world, person, sought);
  for (const place of places) {
    const found = matching(place, sought);
    if (found !== undefined) return { place, found };
  }
  for (const place of places) {
    const inMenu = matchingEntry(place, sought);
    if (inMenu !== undefined) return { place, ...inMenu };
  }
  const offered = places
    .slice(0, 5)
    .flatMap((place) =>
      elementsOf(place.kind === 'view' ? place.view.blocks : place.message.blocks).map(
        ({ element }) => element.action_id,
      ),
    );
  const list =
    offered.length === 0 ? 'nothing to click there' : `there are: ${[...new Set(offered)].join(', ')}`;
  throw new PlayProblem(
    404,
    'no_such_action',
    `No element "${sought.action_id ?? sought.block_id}"; ${list}.`,
  );
}

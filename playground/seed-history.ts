import { findChannel, findPerson } from './directory.js';
import { composeTyped, findPings } from './mrkdwn.js';
import type { SpokenInput } from './options.js';
import { typedNames } from './play/act.js';
import type { ChannelRecord, MessageRecord } from './state/records.js';
import type { World } from './world.js';

/** What was said longer ago than this has been read by everybody. */
const unreadMinutes = 4 * 60;
const seededKey = 'historySeeded';

/** Puts what people said before the first start into their channels: once, and without a delivery to the app. */
export function seedHistory(world: World, history: readonly SpokenInput[]): void {
  if (world.state.meta.get(seededKey) !== undefined) return;
  world.state.meta.put(seededKey, world.clock.now().toISOString());
  const lines = history.flatMap((spoken) => {
    const channel = findChannel(world, spoken.channel);
    return channel === undefined ? [] : [{ spoken, channel }];
  });
  for (const { spoken, channel } of lines) {
    const head = say(world, channel, spoken);
    if (head === undefined) continue;
    for (const reply of spoken.replies ?? []) say(world, channel, reply, head.ts);
  }
  for (const { channel } of lines) markRead(world, channel);
}

function say(
  world: World,
  channel: ChannelRecord,
  spoken: Omit<SpokenInput, 'channel' | 'replies'>,
  threadTs?: string,
): MessageRecord | undefined {
  const person = findPerson(world, spoken.person);
  if (person === undefined) return undefined;
  const text = composeTyped(spoken.text, typedNames(world));
  const message: MessageRecord = {
    channel: channel.id,
    ts: tsBefore(world, spoken.minutesAgo),
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
    user: person.id,
    text,
    blocks: [],
    attachments: [],
    files: [],
    reactions: (spoken.reactions ?? []).map(({ name, people }) => ({
      name,
      users: people.flatMap((ref) => findPerson(world, ref)?.id ?? []),
    })),
    pings: findPings(text, []),
  };
  world.messages.add(message);
  return message;
}

/** A timestamp in the past that no message of the workspace has. */
function tsBefore(world: World, minutesAgo: number): string {
  const seconds = Math.floor(world.clock.now().getTime() / 1000 - minutesAgo * 60);
  const taken = new Set(world.state.messages.values().map((message) => message.ts));
  let micros = 0;
  const ts = (): string => `${seconds}.${String(micros).padStart(6, '0')}`;
  while (taken.has(ts())) micros += 1;
  return ts();
}

function markRead(world: World, channel: ChannelRecord): void {
  const until = tsBefore(world, unreadMinutes);
  const order = world.messages.order(channel.id);
  const last = order.filter((ts) => ts <= until).at(-1);
  if (last === undefined) return;
  for (const member of channel.members) world.state.reads.put(`${member}:${channel.id}`, last);
}

import { checkBlocks } from './block-kit/validate.js';
import { findChannel, findPerson } from './directory.js';
import { composeTyped, findPings } from './mrkdwn.js';
import type { SpokenInput } from './options.js';
import { permalinkTo } from './permalink.js';
import { typedNames } from './play/act.js';
import type { JsonObject } from './protocol.js';
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
    ts: tsAt(world, minutesBefore(world, spoken.minutesAgo)),
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

function minutesBefore(world: World, minutesAgo: number): Date {
  return new Date(world.clock.now().getTime() - minutesAgo * 60_000);
}

/** A timestamp of that second which no message of the workspace has. */
function tsAt(world: World, at: Date): string {
  const seconds = Math.floor(at.getTime() / 1000);
  const taken = new Set(world.state.messages.values().map((message) => message.ts));
  let micros = 0;
  const ts = (): string => `${seconds}.${String(micros).padStart(6, '0')}`;
  while (taken.has(ts())) micros += 1;
  return ts();
}

/** What the app said in a channel before the first start. */
export interface SaidInput {
  channel: string;
  at: Date;
  text: string;
  blocks: JsonObject[];
  metadata: NonNullable<MessageRecord['metadata']>;
}

/**
 * Puts what the app said before the first start into its channel, with the time of then: delivered to nobody, and read by everybody. Throws where Slack
 * would have refused it, or where there is no such channel.
 */
export function saidBefore(
  world: World,
  said: SaidInput,
): { channel: string; ts: string; permalink: string } {
  const channel = findChannel(world, said.channel);
  if (channel === undefined) throw new Error(`there is no channel ${said.channel}`);
  const [problem] = checkBlocks(said.blocks, 'message');
  if (problem !== undefined) throw new Error(`${problem.pointer}: ${problem.message}`);
  const message: MessageRecord = {
    channel: channel.id,
    ts: tsAt(world, said.at),
    user: world.app.bot_user_id,
    bot_id: world.app.bot_id,
    text: said.text,
    blocks: said.blocks,
    attachments: [],
    files: [],
    reactions: [],
    metadata: said.metadata,
    pings: findPings(said.text, said.blocks),
  };
  world.messages.add(message);
  markRead(world, channel);
  return { channel: channel.id, ts: message.ts, permalink: permalinkTo(world, message) };
}

function markRead(world: World, channel: ChannelRecord): void {
  const until = tsAt(world, minutesBefore(world, unreadMinutes));
  const order = world.messages.order(channel.id);
  const last = order.filter((ts) => ts <= until).at(-1);
  if (last === undefined) return;
  for (const member of channel.members) world.state.reads.put(`${member}:${channel.id}`, last);
}

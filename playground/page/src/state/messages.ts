import type { PlayMessage } from '../../../protocol.js';

/** Messages in the order of their ts, without doubles. Lists are never changed in place. */
export function insertMessage(list: readonly PlayMessage[], message: PlayMessage): PlayMessage[] {
  const at = position(list, message.ts);
  const next = [...list];
  next.splice(at, list[at]?.ts === message.ts ? 1 : 0, message);
  return next;
}

/** Puts a changed message in the place of the old one; a list that does not hold it stays as it is. */
export function replaceMessage(list: readonly PlayMessage[], message: PlayMessage): readonly PlayMessage[] {
  const at = position(list, message.ts);
  return list[at]?.ts === message.ts ? insertMessage(list, message) : list;
}

export function removeMessage(list: readonly PlayMessage[], ts: string): readonly PlayMessage[] {
  const at = position(list, ts);
  return list[at]?.ts === ts ? [...list.slice(0, at), ...list.slice(at + 1)] : list;
}

/** One page joined to what is there; where both know a message, `known` (which may have come live since) wins. */
export function mergeMessages(known: readonly PlayMessage[], page: readonly PlayMessage[]): PlayMessage[] {
  const byTs = new Map(page.map((message) => [message.ts, message]));
  for (const message of known) byTs.set(message.ts, message);
  return [...byTs.values()].sort((left, right) => compareTs(left.ts, right.ts));
}

/** `1700000000.000100`: seconds and six digits. Same length in our time, so that comparing texts is comparing times. */
export function compareTs(left: string, right: string): number {
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}

function position(list: readonly PlayMessage[], ts: string): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareTs(list[middle]?.ts ?? '', ts) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Replies show in their thread only, unless they were sent to the channel too. */
export function inChannelView(message: PlayMessage): boolean {
  return message.thread_ts === undefined || message.thread_ts === message.ts || message.broadcast === true;
}

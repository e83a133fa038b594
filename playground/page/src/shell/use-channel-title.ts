import type { ShownChannel } from '../state/page-state.js';
import { usePage } from '../state/use-session.js';

/** `#name`, or for a direct message the others' names. */
export function useChannelTitle(channel: ShownChannel): string {
  return usePage((state) =>
    channelTitle(channel, state.me, (id) =>
      id === state.info.app.bot_user_id ? state.info.app.name : state.people.get(id)?.real_name,
    ),
  );
}

export function channelTitle(
  channel: ShownChannel,
  me: string,
  nameOf: (id: string) => string | undefined,
): string {
  if (channel.kind !== 'im' && channel.kind !== 'mpim') return `#${channel.name}`;
  const others = channel.members.filter((id) => id !== me);
  return others.map((id) => nameOf(id) ?? id).join(', ') || nameOf(me) || channel.name;
}

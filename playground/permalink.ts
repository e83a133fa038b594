import type { World } from './world.js';

/** Where a message is read, as `chat.getPermalink` gives it. */
export function permalinkTo(
  world: Pick<World, 'origin'>,
  message: { channel: string; ts: string; thread_ts?: string },
): string {
  const base = `${world.origin()}/archives/${message.channel}/p${message.ts.replace('.', '')}`;
  return message.thread_ts === undefined
    ? base
    : `${base}?cid=${message.channel}&thread_ts=${message.thread_ts}`;
}

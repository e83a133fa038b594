export interface MessageAddress {
  channel: string;
  ts: string;
  /** Set for a reply: the head of its thread. */
  thread: string | undefined;
}

/**
 * A message's permalink on this stand-in, as `chat.getPermalink` gives it: `/archives/C0.../p1700000000000100?thread_ts=...`. One that was kept
 * on an earlier start, when the page had another port, leads to the same message.
 */
export function readPermalink(href: string, origin: string): MessageAddress | undefined {
  let url: URL;
  let own: URL;
  try {
    url = new URL(href);
    own = new URL(origin);
  } catch {
    return undefined;
  }
  if (url.protocol !== own.protocol || url.hostname !== own.hostname) return undefined;
  const match = /^\/archives\/([A-Z0-9]+)\/p(\d{7,})$/.exec(url.pathname);
  const [, channel, digits] = match ?? [];
  if (channel === undefined || digits === undefined) return undefined;
  const ts = `${digits.slice(0, -6)}.${digits.slice(-6)}`;
  const thread = url.searchParams.get('thread_ts');
  return { channel, ts, thread: thread === null || thread === ts ? undefined : thread };
}

/** Slack's signatures are good for five minutes; a replayed read is useless after that. */
const windowMs = 6 * 60_000;
const maxKeys = 20_000;

/** Remembers keys for a while, in memory: true the first time, false when it was seen. Reads write nothing, so this is enough. */
export function makeReplayGuard(now: () => number = () => performance.now()): (key: string) => boolean {
  const seen = new Map<string, number>();
  return (key) => {
    const at = now();
    const before = seen.get(key);
    if (before !== undefined && at - before < windowMs) return false;
    // A Map keeps insertion order: the oldest are first.
    for (const [old, when] of seen) {
      if (seen.size < maxKeys && at - when < windowMs) break;
      seen.delete(old);
    }
    seen.set(key, at);
    return true;
  };
}
